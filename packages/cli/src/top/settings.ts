import { checkSettings } from '@hecate/observe';
import { array, boolean, maxValue, minValue, number, optional, picklist, pipe, record, regex, strictObject, string, union } from 'valibot';
import type { KeyChoices } from './app/keys.ts';
import { BOX_NAMES, ZOOM_STEPS } from './state.ts';
import type { BoxName } from './state.ts';
import type { GraphLetters } from './view.ts';

/** `[top]`: what `hecate top` begins with. Options of the command line come before it; the program never writes it. */
export interface TopSettings {
  /** Seconds between two looks, 0.1 to 60. Default 1. */
  readonly interval: number;
  /** The boxes that are shown. Default: all of them. */
  readonly boxes: readonly BoxName[];
  /** What processes are sorted by, as the command checks it. Default `cpu`. */
  readonly sort: string;
  /** Whether the order is turned round: the least first for figures. Default false. */
  readonly reverse: boolean;
  readonly tree: boolean;
  /** Whether threads of the kernel are in the list. Default false. */
  readonly kernelThreads: boolean;
  /** Whether 100 % is the whole machine, and not one core. Default false. */
  readonly cpuOfMachine: boolean;
  /** The filter of the list, as the command checks it. Default: none. */
  readonly filter: string;
  /** Seconds that graphs reach back, one of ZOOM_STEPS. Default 60. */
  readonly span: number;
  /** Name of a theme, as the command checks it; null: the one that goes with the terminal. */
  readonly theme: string | null;
  /** What graphs are drawn with; null, the default: the finest that the terminal can show. */
  readonly graphs: GraphLetters | null;
  /** Whether moving goes by the keys of vi. Default false. */
  readonly viKeys: boolean;
  /** Keys by the names of commands, as the command checks them. */
  readonly keys: KeyChoices;
}

const SECONDS = 'must be a number of seconds from 0.1 to 60';
const NAME = 'must be a name in quotes';
const KEYS = 'must be a key in quotes, such as "f5", or a list of keys';
const SPAN_NAMES = ['1m', '2m', '5m', '15m', '1h', '4h', '1d', '7d'] as const;

const name = pipe(string(NAME), regex(/^[\w-]{1,40}$/, NAME));

const SCHEMA = strictObject({
  interval: optional(pipe(number(SECONDS), minValue(0.1, SECONDS), maxValue(60, SECONDS)), 1),
  boxes: optional(array(picklist(BOX_NAMES, `must name boxes: ${BOX_NAMES.join(', ')}`), 'must be a list of boxes'), [...BOX_NAMES]),
  sort: optional(name, 'cpu'),
  reverse: optional(boolean(), false),
  tree: optional(boolean(), false),
  kernel_threads: optional(boolean(), false),
  cpu_of_machine: optional(boolean(), false),
  filter: optional(string(), ''),
  span: optional(picklist(SPAN_NAMES, `must be one of ${SPAN_NAMES.map((span) => `"${span}"`).join(', ')}`), '1m'),
  theme: optional(name),
  graphs: optional(picklist(['braille', 'block', 'ascii'], 'must be "braille", "block" or "ascii"')),
  vi_keys: optional(boolean(), false),
  keys: optional(record(string(), union([string(KEYS), array(string(KEYS), KEYS)], KEYS), 'must be a table of commands and keys'), {}),
});

/**
 * The section of `config.toml`. Throws INVALID. Names of themes, columns and commands, and the filter, are for `hecate top` to check: no
 * daemon stays down because of them, nor carries the tables for it.
 */
export function parseTopSettings(raw: unknown, place: string): TopSettings {
  const read = checkSettings(SCHEMA, raw ?? {}, place);
  const { interval, boxes, sort, reverse, tree, filter, keys } = read;
  return {
    ...{ interval, boxes, sort, reverse, tree, filter, keys },
    kernelThreads: read.kernel_threads,
    cpuOfMachine: read.cpu_of_machine,
    span: ZOOM_STEPS[SPAN_NAMES.indexOf(read.span)]!,
    theme: read.theme ?? null,
    graphs: read.graphs ?? null,
    viKeys: read.vi_keys,
  };
}
