import { LitElement } from 'lit';

/** An element that takes part in a form like a control of the platform. Who extends it sets value and validity by `internals`. */
export abstract class FormControl extends LitElement {
  /** @internal */
  static readonly formAssociated = true;

  protected readonly internals = this.attachInternals();

  /** The form that it belongs to, or null. */
  get form(): HTMLFormElement | null {
    return this.internals.form;
  }

  /** The labels that name it. */
  get labels(): NodeList {
    return this.internals.labels;
  }

  /** What is wrong with it, by kind. */
  get validity(): ValidityState {
    return this.internals.validity;
  }

  /** What is wrong with it, in words; empty when nothing is. */
  get validationMessage(): string {
    return this.internals.validationMessage;
  }

  /** Whether a form asks it: not while it is disabled. */
  get willValidate(): boolean {
    return this.internals.willValidate;
  }

  /** Whether nothing is wrong with it. Fires `invalid` otherwise, and moves no focus. */
  checkValidity(): boolean {
    return this.internals.checkValidity();
  }

  /** The same, and shows the person what is wrong. */
  reportValidity(): boolean {
    return this.internals.reportValidity();
  }
}
