import type { DraftKnob } from './plugin.ts';

/** A value and which way it may move what is there. */
export interface Assignment {
  readonly value: string;
  readonly bound: { readonly raise?: true; readonly lower?: true };
}

/** A value as most plugins read it: `>4096` only raises, `<4096` only lowers. */
export function parseAssignment(text: string): Assignment {
  const [, mark, value = ''] = /^([<>])(.+)$/s.exec(text) ?? [];
  if (mark === undefined) return { value: text, bound: {} };
  return { value: value.trim(), bound: mark === '>' ? { raise: true } : { lower: true } };
}

/** A value as a profile's file has it: a number where it is one. */
export function scalar(text: string): string | number {
  const number = /^-?(?:0|[1-9]\d*)$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) && !Object.is(number, -0) ? number : text;
}

/** Words between `|`, the best one first. */
export const preferences = (text: string): string[] => text.split('|').map((word) => word.trim());

/** The knob of one file of /sys, which may be raised or lowered only. */
export function fileKnob(path: string, text: string): DraftKnob {
  const { value, bound } = parseAssignment(text);
  return { knob: 'sysfs', path, value: scalar(value), ...bound };
}
