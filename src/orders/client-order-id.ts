/**
 * Client order ids: 26 characters of Crockford's base 32, 48 bits of time and then 80 of chance, so that they sort by time and
 * never meet. The id is the only thing that tells a repeated order from a second one: it is made before anything is sent.
 */

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_CHARACTERS = 10;
const RANDOM_CHARACTERS = 16;

/** Fills the array with unpredictable bytes and returns it. */
export type RandomBytes = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array;

/** A new id. `nowMs` is milliseconds since 1970; `random` is the platform's strong source unless a test hands one in. */
export function newClientOrderId(
  nowMs: number,
  random: RandomBytes = (bytes) => globalThis.crypto.getRandomValues(bytes),
): string {
  let time = Math.max(0, Math.floor(nowMs));
  let text = '';
  for (let i = 0; i < TIME_CHARACTERS; i++) {
    text = ALPHABET.charAt(time % 32) + text;
    time = Math.floor(time / 32);
  }
  // One byte a character, of which five bits are used: 32 divides 256, so that no character is likelier than another.
  for (const byte of random(new Uint8Array(RANDOM_CHARACTERS))) text += ALPHABET.charAt(byte & 31);
  return text;
}
