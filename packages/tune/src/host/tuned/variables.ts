import { FUNCTIONS } from './functions.ts';
import type { TunedMachine } from './machine.ts';

/** A text with variables and functions put in. */
export interface Expansion {
  readonly text: string;
  /** Why the text cannot be known here, a sentence; null when it is. */
  readonly unknown: string | null;
}

/** Longer than any value; variables that hold one another twice grow without end. */
const MOST_LETTERS = 4096;
const TOO_LONG = `It is longer than ${MOST_LETTERS} letters.`;

/** The variables of a profile. */
export interface Variables {
  /** Sets a variable to a text, which may speak of those that are set already. */
  define(name: string, value: string): Expansion;
  /** Puts variables and functions into a text. What has no value stays as it is written. Throws INVALID when the profile asserts what does not hold. */
  expand(text: string): Expansion;
}

/**
 * Replaces each `${…}` of a text from the inside out by what `replace` says of it; null: it stays. A backslash before it keeps it.
 */
function replaceInnermost(text: string, replace: (inside: string) => string | null): string {
  const open: { readonly at: number; readonly isKept: boolean }[] = [];
  let done = '';
  for (let at = 0; at < text.length; at += 1) {
    if (text.startsWith('${', at)) open.push({ at: done.length, isKept: done.endsWith('\\') });
    done += text[at]!;
    const start = text[at] === '}' ? open.pop() : undefined;
    if (start === undefined || start.isKept) continue;
    const value = replace(done.slice(start.at + 2, -1));
    if (value !== null) done = done.slice(0, start.at) + value;
  }
  return done;
}

/** Calls the functions in a text. */
function callFunctions(text: string, machine: TunedMachine): Expansion {
  let unknown: string | null = null;
  const called = replaceInnermost(text, (inside) => {
    const [mark, name = '', ...given] = inside.split(/(?<!\\):/).map((part) => part.replaceAll(String.raw`\:`, ':'));
    if (mark !== 'f' || unknown !== null) return null;
    if (name === 'exec') unknown = `It is the output of a program (${given.join(' ')}), and the programs of a profile are never run.`;
    const found = FUNCTIONS.get(name);
    if (found === undefined) unknown ??= `There is no function ${name}.`;
    else if (given.length < found.least || given.length > found.most)
      unknown = `The function ${name} is called with a wrong number of arguments.`;
    return unknown === null ? found!.call(given, machine) : null;
  });
  return unknown === null ? { text: called.replaceAll(/\\(\$\{f:.*\})/g, '$1'), unknown } : { text, unknown };
}

/** No variables yet. */
export function createVariables(machine: TunedMachine): Variables {
  const values = new Map<string, Expansion>();
  const expand = (text: string): Expansion => {
    if (text.length > MOST_LETTERS) return { text, unknown: TOO_LONG };
    let unknown: string | null = null;
    const put = text.replaceAll(/(?<!\\)\$\{(\w+)\}/g, (written, name: string) => {
      const value = values.get(name);
      unknown ??= value?.unknown ?? null;
      return value?.text ?? written;
    });
    if (unknown === null && put.length > MOST_LETTERS) unknown = TOO_LONG;
    if (unknown !== null) return { text, unknown };
    return callFunctions(put.replaceAll(/\\(\$\{\w+\})/g, '$1'), machine);
  };
  return {
    expand,
    define(name, value) {
      const expansion = expand(value);
      if (/^\w+$/.test(name)) values.set(name, expansion);
      return expansion;
    },
  };
}
