/** What can be seen of an element: whether its text is whole, in which order it reads, and whether it stands out. */
import { executeServerCommand } from '@web/test-runner-commands';
import { wcagContrast } from 'culori';

interface Features extends Readonly<Record<string, string | boolean>> {
  /** Whether the pointer is a finger. */
  readonly touch?: boolean;
}

/** Asks the page for media features until `plainMedia`; the running test is skipped where no engine can do that. */
export async function emulate(test: Mocha.Context, features: Features): Promise<void> {
  const { is } = await executeServerCommand<{ is: boolean }, Features>('media:emulate', features);
  if (!is) test.skip();
}

export const plainMedia = async (): Promise<void> => void (await executeServerCommand('media:emulate', {}));

/** Waits until what was written has been painted. */
const painted = (): Promise<void> =>
  new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));

/** The pixels of an element, line by line, each as whether it stands out 4.5:1 from the commonest colour, which is the ground. */
async function inkLines(element: Element): Promise<readonly (readonly boolean[])[]> {
  element.scrollIntoView({ block: 'center' });
  await painted();
  const { x, y, width, height } = element.getBoundingClientRect();
  const clip = { x: x + scrollX, y: y + scrollY, width, height };
  const { png } = await executeServerCommand<{ png: string }, DOMRectInit>('media:picture', clip);
  const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d')!;
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const colors: string[] = [];
  const counts = new Map<string, number>();
  for (let at = 0; at < data.length; at += 4) {
    const color = `rgb(${data[at]}, ${data[at + 1]}, ${data[at + 2]})`;
    colors.push(color);
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const [ground] = [...counts].sort(([, a], [, b]) => b - a)[0]!;
  const isInk = new Map([...counts.keys()].map((color) => [color, wcagContrast(color, ground) >= 4.5]));
  return Array.from({ length: bitmap.height }, (_, line) =>
    colors.slice(line * bitmap.width, (line + 1) * bitmap.width).map((color) => isInk.get(color)!),
  );
}

/** The share of an element's pixels that stand out from its ground. */
export async function inkOf(element: Element): Promise<number> {
  const pixels = (await inkLines(element)).flat();
  return pixels.filter(Boolean).length / pixels.length;
}

/** How often ink begins on one line of pixels, at most: twenty times in a short sentence, once in a bare plate. */
export async function strokesOf(element: Element): Promise<number> {
  const lines = await inkLines(element);
  return Math.max(...lines.map((line) => line.filter((ink, at) => ink && line[at - 1] !== true).length));
}

/** The contrast of an element's colour against the ground of another. */
export const contrastOf = (color: string, ground: string): number => wcagContrast(color, ground);

/** The colour that a CSS colour comes to, as `rgb(…)`. */
export function plainColor(color: string): string {
  const context = new OffscreenCanvas(1, 1).getContext('2d')!;
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
}

/** Every text in this tree with its boxes on the screen. */
function* textsIn(root: ParentNode): Generator<{ text: Text; boxes: readonly DOMRect[] }> {
  const walker = document.createTreeWalker(root as Node, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode() as Text | null; text; text = walker.nextNode() as Text | null) {
    const isUnseen = text.parentElement?.matches(':is(.visually-hidden, option, style), .visually-hidden *') ?? true;
    if (isUnseen || text.data.trim() === '') continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    yield { text, boxes: [...range.getClientRects()].filter(({ width }) => width > 0) };
  }
}

const SLACK = 1;

/**
 * Sentences on every text in the tree that is cut or that runs out of a box: past an edge of an element that hides what
 * is beyond it, or past the edges of `host`. What can be scrolled to by turning down is not cut, unless `isStrict`.
 */
export function cutTexts(host: Element, isStrict = false): readonly string[] {
  const root = host.shadowRoot!;
  const outer = host.getBoundingClientRect();
  const cut: string[] = [];
  for (const { text, boxes } of textsIn(root)) {
    const isCut = boxes.some((box) => {
      if (box.left < outer.left - SLACK || box.right > outer.right + SLACK) return true;
      for (let element = text.parentElement; element; element = element.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(element);
        const edges = element.getBoundingClientRect();
        if (overflowX !== 'visible' && (box.left < edges.left - SLACK || box.right > edges.right + SLACK)) return true;
        const hides = overflowY === 'hidden' || overflowY === 'clip' || (isStrict && overflowY === 'auto');
        // A list is there to be scrolled.
        if (!hides || element.matches('.orders, dialog')) continue;
        if (box.top < edges.top - SLACK || box.bottom > edges.bottom + SLACK) return true;
      }
      return false;
    });
    if (isCut) cut.push(text.data.trim());
  }
  return cut;
}

/** Where on the line a part of an element's text begins: its left edge and its top. */
export function placeOf(element: Element, part: string): { readonly left: number; readonly top: number } {
  for (const { text } of textsIn(element)) {
    const start = text.data.indexOf(part);
    if (start < 0) continue;
    const range = document.createRange();
    range.setStart(text, start);
    range.setEnd(text, start + part.length);
    return range.getBoundingClientRect();
  }
  throw new Error(`"${part}" is not in "${element.textContent?.trim()}"`);
}

/** Whether these parts of a text stand on the screen one after the other, from the left, line by line. */
export function readsInOrder(element: Element, ...parts: readonly string[]): boolean {
  const places = parts.map((part) => placeOf(element, part));
  return places.every((place, at) => {
    const before = places[at - 1];
    return (
      before === undefined || place.top > before.top + 4 || (place.left > before.left && place.top > before.top - 4)
    );
  });
}
