import { StringDecoder } from 'node:string_decoder';
import type { InputEvent } from './input-event.ts';
import { eventOfControl, keyOfCharacter, keyOfShift3 } from './key-sequence.ts';

/** Turns what a terminal sends into what a person did. */
export interface InputParser {
  /** The events that are complete with these bytes. How they are cut into pieces does not matter. */
  feed(bytes: Uint8Array): InputEvent[];
  /**
   * Milliseconds of silence after which {@link flush} is due: the beginning of something is there, and if nothing follows it was all.
   * Null: nothing is there.
   */
  patience(): number | null;
  /** Takes what is there as all: a lone Escape is a key. */
  flush(): InputEvent[];
}

const ESC = '\u001b';
const PASTE_BEGIN = '200~';
const PASTE_END = `${ESC}[201~`;

/** Long enough for a key of several bytes over a slow line, and short enough for who presses Escape. */
const KEY_PATIENCE = 40;
const PASTE_PATIENCE = 1000;

/** No key is as long: what is longer is garbage. */
const LONGEST_CONTROL = 64;
const LONGEST_STRING = 4096;

/** Characters of a paste that are kept. */
const LONGEST_PASTE = 65_536;

/** Strings that terminals answer questions with: we ask none, but others may have asked before us. */
const STRING_BEGIN = ']P_';

/** What was found at the beginning of a text: how much of it is used up, and the event, if it is one. Null: more is needed. */
type Step = { readonly length: number; readonly event: InputEvent | null } | null;

const key = (name: string | null): InputEvent | null => (name === null ? null : { kind: 'key', key: name });

/** Makes a parser at the beginning of a stream. */
export function createInputParser(): InputParser {
  const decoder = new StringDecoder('utf8');
  let text = '';
  /** What was pasted up to now; null outside of a paste. */
  let paste: string | null = null;

  const endPaste = (): InputEvent => {
    const pasted = (paste ?? '').replace(/\r\n?/g, '\n').replace(/[^\P{C}\n\t]/gu, '');
    paste = null;
    return { kind: 'paste', text: pasted.slice(0, LONGEST_PASTE) };
  };

  const parse = (): InputEvent[] => {
    const events: InputEvent[] = [];
    let at = 0;
    for (;;) {
      if (paste !== null) {
        const end = text.indexOf(PASTE_END, at);
        // The end may have come in part: as much as it is long stays.
        const until = end >= 0 ? end : Math.max(at, text.length - PASTE_END.length + 1);
        paste = (paste + text.slice(at, until)).slice(0, 2 * LONGEST_PASTE);
        at = until;
        if (end < 0) break;
        events.push(endPaste());
        at += PASTE_END.length;
      }
      if (at >= text.length) break;
      const step = next(text, at);
      if (step === null) break;
      if (step.event !== null) events.push(step.event);
      if (text.startsWith(`${ESC}[${PASTE_BEGIN}`, at)) paste = '';
      at += step.length;
    }
    text = text.slice(at);
    return events;
  };

  return {
    feed(bytes) {
      text += decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      return parse();
    },
    patience: () => (paste === null ? (text === '' ? null : KEY_PATIENCE) : PASTE_PATIENCE),
    flush() {
      const events: InputEvent[] = [];
      if (paste !== null) {
        paste += text;
        text = '';
        return [endPaste()];
      }
      if (text.startsWith(ESC)) events.push(...flushed(text));
      text = '';
      return events;
    },
  };
}

/** What begins at `at`, which is inside of the text. */
function next(text: string, at: number): Step {
  if (text[at] !== ESC) {
    const character = String.fromCodePoint(text.codePointAt(at)!);
    return { length: character.length, event: key(keyOfCharacter(character, false)) };
  }
  // rxvt sends Escape before a whole key for Alt.
  const alt = text[at + 1] === ESC;
  const second = at + (alt ? 2 : 1);
  const letter = text[second];
  if (letter === undefined) return null;
  if (letter === '[') return control(text, at, second + 1, alt);
  if (letter === 'O') return shift3(text, at, second + 1, alt);
  if (alt) return { length: 1, event: key('escape') };
  if (STRING_BEGIN.includes(letter)) return string(text, at, second + 1);
  const character = String.fromCodePoint(text.codePointAt(second)!);
  return { length: second - at + character.length, event: key(keyOfCharacter(character, true)) };
}

/** `CSI ... final`, whose parameters begin at `from`. */
function control(text: string, at: number, from: number, alt: boolean): Step {
  let end = from;
  if (text[end] === '[') end++; // The console of Linux: CSI [ A
  for (; end < text.length; end++) {
    const unit = text.charCodeAt(end);
    if (end - from > LONGEST_CONTROL) return { length: end - at, event: null };
    if (unit >= 0x20 && unit < 0x40 && unit !== 0x24) continue;
    // Something else begins, and this was garbage.
    if (unit < 0x24 || unit > 0x7e) return { length: end - at, event: null };
    // The mouse of before 1006, which nobody asked for: three more, that are not keys.
    if (text[end] === 'M' && end === from) return end + 3 < text.length ? { length: end + 4 - at, event: null } : null;
    return { length: end + 1 - at, event: eventOfControl(text.slice(from, end + 1), alt) };
  }
  return null;
}

/** `SS3 letter`. */
function shift3(text: string, at: number, from: number, alt: boolean): Step {
  const letter = text[from];
  if (letter === undefined) return null;
  const name = keyOfShift3(letter, alt);
  // Alt and a capital O, and then something else.
  if (name === null) return { length: from - at, event: key('alt+O') };
  return { length: from + 1 - at, event: key(name) };
}

/** An answer of the terminal, to its end: BEL, or Escape and a backslash. */
function string(text: string, at: number, from: number): Step {
  for (let end = from; end < text.length; end++) {
    if (text[end] === '\u0007') return { length: end + 1 - at, event: null };
    if (text[end] === ESC) {
      if (end + 1 >= text.length) return null;
      return { length: text[end + 1] === '\\' ? end + 2 - at : end - at, event: null };
    }
    if (end - from >= LONGEST_STRING) return { length: end - at, event: null };
  }
  return null;
}

/** What an unfinished sequence was after all: Escape, Escape twice, Alt and a bracket; anything longer is garbage. */
function flushed(text: string): InputEvent[] {
  if (text === ESC) return [{ kind: 'key', key: 'escape' }];
  if (text === ESC + ESC)
    return [
      { kind: 'key', key: 'escape' },
      { kind: 'key', key: 'escape' },
    ];
  return text.length === 2 ? [{ kind: 'key', key: `alt+${text[1]!}` }] : [];
}
