import type { InputEvent, MouseEvent } from './input-event.ts';

/** Keys by the final letter of `CSI letter` and `SS3 letter`. */
const BY_LETTER: Readonly<Record<string, string>> = {
  ...{ A: 'up', B: 'down', C: 'right', D: 'left', H: 'home', F: 'end', P: 'f1', Q: 'f2', R: 'f3', S: 'f4' },
};

/** Keys of the keypad in application mode, `SS3 letter`. */
const KEYPAD: Readonly<Record<string, string>> = {
  ...{ M: 'enter', I: 'tab', X: '=', j: '*', k: '+', l: ',', m: '-', n: '.', o: '/' },
  ...Object.fromEntries([...'pqrstuvwxy'].map((letter, digit) => [letter, String(digit)])),
};

/** Keys by the number of `CSI number ~`. */
const BY_NUMBER: Readonly<Record<number, string>> = {
  ...{ 1: 'home', 2: 'insert', 3: 'delete', 4: 'end', 5: 'pageup', 6: 'pagedown', 7: 'home', 8: 'end' },
  ...{ 11: 'f1', 12: 'f2', 13: 'f3', 14: 'f4', 15: 'f5', 17: 'f6', 18: 'f7', 19: 'f8', 20: 'f9', 21: 'f10' },
  ...{ 23: 'f11', 24: 'f12', 25: 'f13', 26: 'f14', 28: 'f15', 29: 'f16', 31: 'f17', 32: 'f18', 33: 'f19', 34: 'f20' },
};

/** Keys that have no character of their own, by code point. */
const BY_CONTROL: Readonly<Record<number, string>> = {
  ...{ 0: 'ctrl+space', 8: 'backspace', 9: 'tab', 10: 'enter', 13: 'enter', 27: 'escape', 32: 'space', 127: 'backspace' },
};

const SHIFT = 1;
const ALT = 2;
const CTRL = 4;
const META = 8;

function withModifiers(key: string, bits: number): string {
  const alt = (bits & (ALT | META)) !== 0 && !key.startsWith('alt+');
  return `${bits & CTRL ? 'ctrl+' : ''}${alt ? 'alt+' : ''}${bits & SHIFT ? 'shift+' : ''}${key}`;
}

/** The name of the key that sends one character; null for what no key sends. `alt`: an Escape came just before. */
export function keyOfCharacter(character: string, alt: boolean): string | null {
  const codePoint = character.codePointAt(0)!;
  const prefix = alt ? 'alt+' : '';
  const named = BY_CONTROL[codePoint];
  if (named !== undefined) return named.startsWith('ctrl+') ? `ctrl+${prefix}${named.slice(5)}` : prefix + named;
  if (codePoint < 27) return `ctrl+${prefix}${String.fromCharCode(codePoint + 96)}`;
  if (codePoint < 32) return `ctrl+${prefix}${String.fromCharCode(codePoint + 64)}`;
  return /[\p{C}\p{Zl}\p{Zp}\ufffd]/u.test(character) ? null : prefix + character;
}

/** Bits of modifiers from the parameter that says them: one more than the bits. */
const bitsOf = (parameter: number | undefined): number =>
  parameter === undefined || Number.isNaN(parameter) ? 0 : Math.max(0, parameter - 1);

/** A character that was sent by its number, as `CSI u` and `CSI 27 ; modifiers ; number ~` do. */
function keyOfNumber(codePoint: number, bits: number): string | null {
  if (!(codePoint >= 0 && codePoint <= 0x10_ffff)) return null;
  const key = keyOfCharacter(String.fromCodePoint(codePoint), false);
  if (key === null || key.startsWith('ctrl+')) return key;
  return withModifiers(key, key.length === 1 ? bits & ~SHIFT : bits);
}

/**
 * What `CSI body` means, where `body` ends with the final character; null: nothing that we know. Besides xterm's, it knows what rxvt
 * and the console of Linux send.
 */
export function eventOfControl(body: string, alt: boolean): InputEvent | null {
  const final = body.at(-1)!;
  const rest = body.slice(0, -1);
  if (rest.startsWith('<')) return final === 'M' || final === 'm' ? mouseOf(rest.slice(1), final) : null;
  if (rest === '' && (final === 'I' || final === 'O')) return { kind: 'focus', has: final === 'I' };
  const key = keyOfControl(rest, final);
  return key === null ? null : { kind: 'key', key: alt ? insertAlt(key) : key };
}

const insertAlt = (key: string): string => (key.includes('alt+') ? key : key.replace(/^(?:ctrl\+)?/, '$&alt+'));

function keyOfControl(rest: string, final: string): string | null {
  if (rest.startsWith('[')) return /^[A-E]$/.test(final) ? `f${final.charCodeAt(0) - 64}` : null; // The console of Linux.
  if (!/^[\d;:]*$/.test(rest)) return null;
  const [first, second, third] = rest.split(';').map((part) => Number.parseInt(part, 10));
  if (rest === '' && final === 'Z') return 'shift+tab';
  if (final === '~') {
    if (first === 27) return keyOfNumber(third ?? Number.NaN, bitsOf(second));
    const key = BY_NUMBER[first ?? 0];
    return key === undefined ? null : withModifiers(key, bitsOf(second));
  }
  if (final === 'u') return keyOfNumber(first ?? Number.NaN, bitsOf(second));
  const letter = BY_LETTER[final];
  if (letter !== undefined) return withModifiers(letter, bitsOf(second));
  // rxvt: `$`, `^` and `@` instead of `~`, and small letters for arrows with shift.
  const key = BY_NUMBER[first ?? 0];
  const bits = ({ $: SHIFT, '^': CTRL, '@': CTRL | SHIFT } as Readonly<Record<string, number>>)[final];
  if (key !== undefined && bits !== undefined) return withModifiers(key, bits);
  return rest === '' && /^[a-d]$/.test(final) ? `shift+${BY_LETTER[final.toUpperCase()]!}` : null;
}

/** What `SS3 letter` means; null: nothing that we know. */
export function keyOfShift3(letter: string, alt: boolean): string | null {
  const key = BY_LETTER[letter] ?? KEYPAD[letter] ?? (/^[a-d]$/.test(letter) ? `ctrl+${BY_LETTER[letter.toUpperCase()]!}` : null);
  return key !== null && alt ? insertAlt(key) : key;
}

const WHEEL = ['wheel-up', 'wheel-down', 'wheel-left', 'wheel-right'] as const;
const BUTTONS = ['left', 'middle', 'right'] as const;

/** `button;x;y` as mode 1006 sends it. */
function mouseOf(parameters: string, final: string): MouseEvent | null {
  const match = /^(\d{1,3});(\d{1,5});(\d{1,5})$/.exec(parameters);
  if (match === null) return null;
  const [code, x, y] = match.slice(1).map(Number) as [number, number, number];
  if (x === 0 || y === 0) return null;
  const place = { x: x - 1, y: y - 1, shift: (code & 4) !== 0, alt: (code & 8) !== 0, ctrl: (code & 16) !== 0 };
  if (code >= 128) return null; // Further buttons, which go back and forth in browsers.
  if (code & 64) return final === 'm' ? null : { kind: 'mouse', action: WHEEL[code & 3]!, button: null, ...place };
  const button = BUTTONS[code & 3];
  if (button === undefined) return null; // Moved with no button held.
  return { kind: 'mouse', action: final === 'm' ? 'release' : code & 32 ? 'drag' : 'press', button, ...place };
}
