import { HecateError } from '@hecate/host';
import { array, boolean, maxLength, minLength, optional, picklist, pipe, regex, strictObject, string } from 'valibot';
import { checkSettings } from '../settings.ts';
import { parseCondition } from './condition.ts';
import type { Condition } from './condition.ts';
import { parseSpan } from './quantity.ts';
import type { Source } from './source.ts';
import { parseTemplate } from './summary-template.ts';
import type { Template } from './summary-template.ts';
import { objectPattern, sourceOf } from './what.ts';
import { WINDOW_FUNCTIONS } from './window.ts';
import type { WindowFunction } from './window.ts';

/** A rule that was read and checked. */
export interface Rule {
  readonly name: string;
  readonly source: Source;
  readonly use: WindowFunction;
  /** Seconds that the function looks back. */
  readonly over: number;
  /** Seconds that a condition must hold before anything is raised. */
  readonly hold: number;
  readonly warning: Condition | null;
  readonly clearWarning: Condition | null;
  readonly critical: Condition | null;
  readonly clearCritical: Condition | null;
  readonly summary: Template;
  readonly advice: string | null;
  /** Nobody is told; it is listed all the same. */
  readonly quiet: boolean;
  /** Whether an object is left out. */
  readonly leavesOut: (object: string) => boolean;
}

const NAME_PATTERN = /^[A-Za-z][\w-]{0,59}$/;
const NAME = 'must be letters, digits, - and _, at most 60';
const text = (longest: number) =>
  pipe(string(), minLength(1, 'must not be empty'), maxLength(longest, `must be at most ${longest} letters`));

/** A rule as it stands in a file. */
const SCHEMA = strictObject({
  name: pipe(string(), regex(NAME_PATTERN, NAME)),
  what: text(300),
  function: optional(picklist(WINDOW_FUNCTIONS), 'last'),
  over: optional(string(), '0s'),
  for: optional(string(), '0s'),
  warning: optional(text(300)),
  clear_warning: optional(text(300)),
  critical: optional(text(300)),
  clear_critical: optional(text(300)),
  summary: optional(text(300)),
  advice: optional(text(500)),
  quiet: optional(boolean(), false),
  enabled: optional(boolean(), true),
  except: optional(array(string()), []),
});

/** A rule as a user, or our own table, writes it. */
export interface RuleTable {
  readonly name?: string;
  readonly what?: string;
  readonly function?: WindowFunction;
  readonly over?: string;
  readonly for?: string;
  readonly warning?: string;
  readonly clear_warning?: string;
  readonly critical?: string;
  readonly clear_critical?: string;
  readonly summary?: string;
  readonly advice?: string;
  readonly quiet?: boolean;
  readonly enabled?: boolean;
  readonly except?: readonly string[];
}

/** The most that a rule may look back, and wait: a week. */
const LONGEST = 7 * 86_400;

/** The end of a sentence about one key becomes the whole sentence. */
function about<Result>(place: string, key: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof HecateError)) throw error;
    throw new HecateError('INVALID', `${place}: ${key} ${error.message}.`, error.hint === undefined ? {} : { hint: error.hint });
  }
}

function spanOf(place: string, key: string, written: string): number {
  const seconds = parseSpan(written);
  if (seconds === null || seconds > LONGEST) {
    throw new HecateError(
      'INVALID',
      `${place}: ${key} must be a time such as "90s", "10m" or "2h", at most 7d, not ${JSON.stringify(written)}.`,
    );
  }
  return seconds;
}

/** A rule is found by its name, where it has one that can be one. */
function placeOf(table: unknown, place: string): string {
  const name = (table as RuleTable | null)?.name;
  return typeof name === 'string' && NAME_PATTERN.test(name) ? `${place}, rule ${JSON.stringify(name)}` : place;
}

/**
 * Checks a rule and reads what is written in it. Null: it is switched off. `place` says where it stands.
 * Throws INVALID with one sentence about the first thing that is wrong.
 */
export function compileRule(table: unknown, place: string): Rule | null {
  const raw = checkSettings(SCHEMA, table, placeOf(table, place));
  const here = `${place}, rule ${JSON.stringify(raw.name)}`;
  const source = about(here, 'what', () => sourceOf(raw.what));
  const comparable = { unit: source.unit, readings: source.readings };
  const condition = (key: 'warning' | 'clear_warning' | 'critical' | 'clear_critical'): Condition | null => {
    const written = raw[key];
    return written === undefined ? null : about(here, key, () => parseCondition(written, comparable));
  };
  const rule: Rule = {
    name: raw.name,
    source,
    use: raw.function,
    over: spanOf(here, 'over', raw.over),
    hold: spanOf(here, 'for', raw.for),
    warning: condition('warning'),
    clearWarning: condition('clear_warning'),
    critical: condition('critical'),
    clearCritical: condition('clear_critical'),
    summary: about(here, 'summary', () =>
      parseTemplate(raw.summary ?? (source.objects ? '{object}: ' : '') + `${source.what} is {value}.`, source.readings),
    ),
    advice: raw.advice ?? null,
    quiet: raw.quiet,
    leavesOut: exceptOf(raw.except),
  };
  if (!rule.warning && !rule.critical) throw new HecateError('INVALID', `${here}: it must have a warning, a critical, or both.`);
  if (rule.clearWarning && !rule.warning) throw new HecateError('INVALID', `${here}: it has clear_warning but no warning.`);
  if (rule.clearCritical && !rule.critical) throw new HecateError('INVALID', `${here}: it has clear_critical but no critical.`);
  if (rule.use !== 'last' && rule.over === 0) {
    throw new HecateError('INVALID', `${here}: over must say how long function "${rule.use}" looks back, such as "10m".`);
  }
  if (rule.use === 'last' && rule.over > 0) {
    throw new HecateError('INVALID', `${here}: over needs a function: ${WINDOW_FUNCTIONS.filter((name) => name !== 'last').join(', ')}.`);
  }
  return raw.enabled ? rule : null;
}

function exceptOf(patterns: readonly string[]): (object: string) => boolean {
  const matchers = patterns.map(objectPattern);
  return (object) => matchers.some((matches) => matches(object));
}
