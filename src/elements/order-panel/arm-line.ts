import { html, type TemplateResult } from 'lit';
import { formatDuration } from '../internal/format.js';
import type { DisarmReason } from './arming.js';

export interface ArmLineView {
  readonly isArmed: boolean;
  readonly why: DisarmReason | undefined;
  readonly idleMs: number;
  /** Whether it can be armed now. */
  readonly mayArm: boolean;
  readonly lang: string;
}

/** Whether one press sends, why no more, and the button for it, in a box of fixed height. Nothing in it counts down. */
export function armLine(
  view: ArmLineView,
  on: { readonly arm: () => void; readonly disarm: () => void },
): TemplateResult {
  const { isArmed, mayArm } = view;
  return html`<div class="consent ${isArmed ? 'armed' : ''}" part="arm">
    <span role="status">${armText(view)}</span>
    <button
      type="button"
      aria-disabled=${isArmed || mayArm ? 'false' : 'true'}
      @click=${isArmed ? on.disarm : on.arm}
    >${isArmed ? 'Disarm' : 'Arm'}</button>
  </div>`;
}

function armText({ isArmed, why, idleMs, lang }: ArmLineView): string {
  const idle = formatDuration(idleMs, lang);
  if (isArmed) return `Armed: one press sends. ${idle} unused disarms.`;
  switch (why) {
    case undefined:
      return 'Not armed: you confirm each order.';
    case 'idle':
      return `Disarmed: unused for ${idle}.`;
    case 'left':
      return 'Disarmed: the page was left.';
    case 'prices':
      return 'Disarmed: prices were not live.';
    case 'changed':
      return 'Disarmed: symbol or account changed.';
    case 'trouble':
      return 'Disarmed: an order went wrong.';
  }
}
