/**
 * Sees to it that nobody hears of an act that could be lost. The events of an act are collected, the act is kept as a
 * whole, and then its events are told in their order. Without a journal it is kept in memory, which is to say at once.
 *
 * An act that cannot be kept has changed the market in memory already, and no way leads back: from then on there are no
 * acts any more, and whoever runs the market starts it anew from what was kept.
 */
import type { AccountRecord, ActJournal, HouseRecord } from './act.js';
import type { ClientAccount } from './client-account.js';
import type { PrivateEvent } from './desk-types.js';

export class ActKeeper {
  readonly #journal: ActJournal | undefined;
  readonly #changed = new Set<ClientAccount>();
  readonly #untold: { readonly client: ClientAccount; readonly event: PrivateEvent }[] = [];
  #isHouseChanged = false;
  #isTelling = false;
  #isBroken = false;

  constructor(journal: ActJournal | undefined) {
    this.#journal = journal;
  }

  /** Whether an act may begin. One that only ends an order may have the last of the room. */
  isReady(isToEnd = false): boolean {
    return !this.#isBroken && this.#journal?.hasRoom(isToEnd) !== false;
  }

  /** Whether an act could not be kept, so that the market in memory is not the one that was kept. For good. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** The house itself has changed in the act under way, with or without an account. */
  houseChanged(): void {
    this.#isHouseChanged = true;
  }

  /** An account has changed in the act under way. */
  changed(client: ClientAccount): void {
    this.#changed.add(client);
  }

  /** An account has an event to tell once the act is kept. */
  collect(client: ClientAccount, event: PrivateEvent): void {
    this.#changed.add(client);
    this.#untold.push({ client, event });
  }

  /** Ends an act: keeps it, then tells it. False when it could not be kept; nobody hears of it. */
  end(house: (accounts: readonly AccountRecord[]) => HouseRecord): boolean {
    if (this.#isBroken) return false;
    // Taken with or without a journal: what nobody takes would gather for as long as the market runs.
    const accounts = [...this.#changed].map((client) => client.takeChanges());
    const isChanged = accounts.length > 0 || this.#isHouseChanged;
    this.#isHouseChanged = false;
    if (isChanged && this.#journal !== undefined) {
      // Until it is kept, nothing is: also not when keeping it throws.
      this.#isBroken = true;
      this.#isBroken = !this.#journal.keep({ house: house(accounts), accounts });
      if (this.#isBroken) return false;
    }
    this.#changed.clear();
    this.#tell();
    return true;
  }

  /** A listener may act in its turn: what it causes is told after what is being told. */
  #tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    try {
      for (let next = this.#untold.shift(); next !== undefined; next = this.#untold.shift()) {
        next.client.tell(next.event);
      }
    } finally {
      this.#isTelling = false;
    }
  }
}
