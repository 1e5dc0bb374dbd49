import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { interpolate, parse, wcagContrast, type Color } from 'culori';

const css = readFileSync(new URL('../../src/elements/internal/tokens.styles.ts', import.meta.url), 'utf8');

/** The default of a token in one theme, resolved by hand as the browser would. */
function token(name: string, theme: 'light' | 'dark'): Color {
  const [, rule = ''] = new RegExp(`--_${name}: var\\(--tl-${name}, (.+)\\);`).exec(css) ?? [];
  const [, light, dark] = /^light-dark\((oklch\([^)]*\)), (oklch\([^)]*\))\)$/.exec(rule) ?? [];
  const [, inherited] = /^var\(--_([a-z-]+)\)$/.exec(rule) ?? [];
  if (inherited) return token(inherited, theme);
  const color = parse((theme === 'light' ? light : dark) ?? '');
  assert.ok(color, `--_${name} is not understood: "${rule}"`);
  return color;
}

/** `percent` of one colour over another. */
const over = (top: Color, percent: number, bottom: Color): Color => interpolate([bottom, top], 'rgb')(percent / 100);
const share = (name: string): number => {
  const found = new RegExp(`--_${name}: var\\(--tl-${name}, color-mix\\(in oklab, var\\(--_[a-z]+\\) (\\d+)%`).exec(
    css,
  );
  return Number(found?.[1]);
};

const FLASH = 6;
const HOVER = 4;
const CURSOR = 10;
const DOUBT = 15;

describe('colours', () => {
  for (const theme of ['light', 'dark'] as const) {
    const of = (name: string): Color => token(name, theme);
    const surface = of('surface');
    const raised = of('raised');
    for (const side of ['bid', 'ask'] as const) {
      const bar = over(of(side), share(`bar-${side}`), surface);
      const grounds: Record<string, Color> = {
        surface,
        bar,
        'bar and tint': over(of('text'), FLASH, bar),
        'bar, tint and pointer': over(of('text'), HOVER, over(of('text'), FLASH, bar)),
        'bar and cursor': over(of('accent'), CURSOR, bar),
        'bar of an old book': over(of('muted'), 14, surface),
      };
      for (const [ground, color] of Object.entries(grounds)) {
        for (const text of [side, 'text', 'muted']) {
          it(`OB26 ${theme}: ${text} on ${side} ${ground} can be read`, () => {
            assert.ok(wcagContrast(of(text), color) >= 4.5, `${wcagContrast(of(text), color).toFixed(2)}:1`);
          });
        }
      }
      it(`OB26 ${theme}: a button's text on ${side} can be read`, () => {
        assert.ok(
          wcagContrast(of('on-side'), of(side)) >= 4.5,
          `${wcagContrast(of('on-side'), of(side)).toFixed(2)}:1`,
        );
      });
      it(`OB26 ${theme}: ${side} on a raised ground can be read`, () => {
        assert.ok(wcagContrast(of(side), raised) >= 4.5, `${wcagContrast(of(side), raised).toFixed(2)}:1`);
      });
    }
    it(`OP109 ${theme}: what marks a control stands out from both grounds that it is on`, () => {
      const [, percent] = /--_edge: color-mix\(in oklab, var\(--_text\) (\d+)%, var\(--_surface\)\);/.exec(css) ?? [];
      const edge = interpolate([surface, of('text')], 'oklab')(Number(percent) / 100);
      for (const ground of [surface, raised])
        assert.ok(wcagContrast(edge, ground) >= 3, `${wcagContrast(edge, ground).toFixed(2)}:1`);
    });
    it(`OB26 ${theme}: what is in doubt can be read`, () => {
      const ground = over(of('warn'), DOUBT, surface);
      for (const text of ['text', 'warn-text']) assert.ok(wcagContrast(of(text), ground) >= 4.5, text);
      assert.ok(wcagContrast(of('muted'), raised) >= 4.5, 'muted on raised');
    });
  }
});
