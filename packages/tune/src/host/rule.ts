import { parseDuration, parseSize } from './value.ts';

/** What a value in a profile must be. */
export interface Rule {
  /** Follows "must be": `a list of CPUs`. */
  readonly must: string;
  holds(value: unknown): boolean;
}

/** An option of a knob. */
export interface Option extends Rule {
  readonly required: boolean;
}

/** The value must be there. */
export const needed = (rule: Rule): Option => ({ ...rule, required: true });

/** The value may be left out. */
export const optional = (rule: Rule): Option => ({ ...rule, required: false });

/** True or false. */
export const FLAG: Rule = { must: 'true or false', holds: (value) => typeof value === 'boolean' };

/** Bytes with their unit. */
export const SIZE: Rule = {
  must: 'a size such as "64MiB"',
  holds: (value) => typeof value === 'string' && parseSize(value) !== null,
};

/** A short time with its unit. */
export const DURATION: Rule = {
  must: 'a time such as "10us"',
  holds: (value) => typeof value === 'string' && parseDuration(value) !== null,
};

/** A whole number within bounds. */
export const whole = (least: number, most: number): Rule => ({
  must: `a whole number from ${least} to ${most}`,
  holds: (value) => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most,
});

/** A number within bounds. */
export const between = (least: number, most: number): Rule => ({
  must: `a number from ${least} to ${most}`,
  holds: (value) => typeof value === 'number' && value >= least && value <= most,
});

/** A text of one line that matches. */
export const text = (must: string, pattern: RegExp): Rule => ({
  must,
  holds: (value) => typeof value === 'string' && value.length <= 4096 && pattern.test(value),
});

/** One of some words. */
export const oneOf = (words: readonly string[]): Rule => ({
  must: `one of ${words.map((word) => JSON.stringify(word)).join(', ')}`,
  holds: (value) => words.includes(value as string),
});

/** Any of some rules. */
export const anyOf = (...rules: readonly Rule[]): Rule => ({
  must: rules.map(({ must }) => must).join(', or '),
  holds: (value) => rules.some((rule) => rule.holds(value)),
});

/** A list that is not empty and says nothing twice. */
export const listOf = (rule: Rule): Rule => ({
  must: `a list in which each is ${rule.must}`,
  holds: (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= 64 &&
    new Set(value).size === value.length &&
    value.every((one) => rule.holds(one)),
});

/** One, or a list of them. */
export const oneOrList = (rule: Rule): Rule => ({
  must: `${rule.must}, or a list of such`,
  holds: (value) => rule.holds(value) || listOf(rule).holds(value),
});

/** An absolute path without `..` and without wildcards. */
export const path = (must: string, below: readonly string[]): Rule => ({
  must,
  holds: (value) =>
    typeof value === 'string' &&
    value.length <= 4096 &&
    below.some((start) => value.startsWith(start) && value.length > start.length) &&
    !/[\p{Cc}*?[\]]/u.test(value) &&
    !value.split('/').some((part, index) => part === '..' || part === '.' || (part === '' && index > 0)),
});
