/** A place on a stream of which the newest wins: it may skip, but never goes back. */
export class Newest {
  #epoch = '';
  #sequence = -1;

  /** Takes a place if it is newer. Returns how many were skipped, or -1 when it is not newer. A new epoch skips nothing. */
  take(epoch: string, sequence: number): number {
    const isSameRun = this.#sequence >= 0 && epoch === this.#epoch;
    if (isSameRun && sequence <= this.#sequence) return -1;
    const skipped = isSameRun ? sequence - this.#sequence - 1 : 0;
    this.#epoch = epoch;
    this.#sequence = sequence;
    return skipped;
  }

  /** The newest place; undefined before the first. */
  get mark(): readonly [epoch: string, sequence: number] | undefined {
    return this.#sequence < 0 ? undefined : [this.#epoch, this.#sequence];
  }

  forget(): void {
    this.#sequence = -1;
  }
}
