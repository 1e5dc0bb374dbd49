/** Keeps requests for snapshots within what the server allows, however many books are suspect at once. */
export class ResyncBudget {
  #second = 0;
  #count = 0;

  /**
   * Whether one more may go now; it is counted then. At most half of the messages that the server allows in a second,
   * 50 where it does not say: the rest is for orders and subscriptions.
   */
  take(now: number, messagesPerSecond = 50): boolean {
    const second = Math.floor(now / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#count = 0;
    }
    if (this.#count >= Math.max(1, Math.floor(messagesPerSecond / 2))) return false;
    this.#count += 1;
    return true;
  }
}
