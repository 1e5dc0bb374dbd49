/** A context request as the community protocol has it, written without any library: what a plain page would write. */
export class ContextEvent extends Event {
  constructor(
    readonly context: unknown,
    readonly callback: (value: unknown, unsubscribe?: () => void) => void,
    readonly subscribe = false,
  ) {
    super('context-request', { bubbles: true, composed: true });
  }

  get contextTarget(): EventTarget | null {
    return this.target;
  }
}
