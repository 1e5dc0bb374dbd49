/**
 * The step that numbers keep to, told from the numbers: a recording does not say its ticks and lots. The answer is the
 * widest step of the form 1, 2 or 5 times a power of ten that divides every number seen, so nothing shown is ever off it.
 */
import { formatDecimal, scaleOf, toUnits } from '../../src/book/decimal.js';

/** With fewer numbers than this a wide step is chance, and the last decimal written is taken instead. */
const ENOUGH = 16;

export class StepFinder {
  #scale = 0;
  /** Greatest common divisor of all numbers, in units of 10^-scale; 0 before the first that is not zero. */
  #divisor = 0;
  #count = 0;
  /** Set when a number does not fit a safe integer: then there is no saying. */
  #isLost = false;

  add(text: string): void {
    if (this.#isLost) return;
    let units = toUnits(text, this.#scale);
    if (Number.isNaN(units)) units = this.#rescale(text);
    if (Number.isNaN(units)) this.#isLost = true;
    else if (units !== 0) {
      this.#count++;
      if (units % this.#divisor !== 0) this.#divisor = greatestCommonDivisor(this.#divisor, Math.abs(units));
    }
  }

  /** Decimal text, or undefined when nothing can be said. */
  step(): string | undefined {
    if (this.#isLost || this.#divisor === 0) return undefined;
    const units = this.#count < ENOUGH ? 1 : widestRoundDivisor(this.#divisor);
    return formatDecimal({ units: BigInt(units), scale: this.#scale });
  }

  /** Takes on the decimals that a number needs. NaN when it cannot be held. */
  #rescale(text: string): number {
    const scale = scaleOf(text);
    if (scale <= this.#scale) return NaN;
    const divisor = this.#divisor * 10 ** (scale - this.#scale);
    if (!Number.isSafeInteger(divisor)) return NaN;
    this.#divisor = divisor;
    this.#scale = scale;
    return toUnits(text, scale);
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

function widestRoundDivisor(divisor: number): number {
  let power = 1;
  while (divisor % (power * 10) === 0) power *= 10;
  if (divisor % (power * 5) === 0) return power * 5;
  return divisor % (power * 2) === 0 ? power * 2 : power;
}
