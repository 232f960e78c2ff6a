import type { Rates } from '@hecate/metrics';
import type { NameFilter } from './name-filter.ts';

/** Numbers that name a row of rates and say nothing of how it fares. */
const NAMING: ReadonlySet<string> = new Set(['cpu', 'node', 'index', 'package', 'core', 'pid']);

type Tree = Readonly<Record<string, unknown>>;

/** What tells a row from the others of its list: its texts and the numbers that name it, or else where it stands. */
function namesOf(row: unknown, index: number): string[] {
  if (typeof row !== 'object' || row === null) return [String(index)];
  const names = Object.entries(row).flatMap(([key, value]) =>
    typeof value === 'string' || (typeof value === 'number' && NAMING.has(key)) ? [String(value)] : [],
  );
  return names.length > 0 ? names : [String(index)];
}

/** A number and the way to it. */
interface RateValue {
  readonly path: readonly string[];
  readonly value: number;
}

function* numbersIn(value: unknown, path: readonly string[], isRow: boolean): Generator<RateValue> {
  if (typeof value === 'number') {
    if (Number.isFinite(value)) yield { path, value };
  } else if (Array.isArray(value)) {
    for (const [index, row] of value.entries()) yield* numbersIn(row, [...path, ...namesOf(row, index)], true);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value as Tree)) {
      const isName = isRow && NAMING.has(key) && typeof part === 'number';
      if (!isName) yield* numbersIn(part, [...path, key], false);
    }
  }
}

/** Every number of the rates, under the way to it: `['disk', 'devices', 'sda', 'readBytesPerSecond']`. Rates of single processes are none of it. */
export function* rateValues(rates: Rates, wanted: NameFilter): Generator<RateValue> {
  for (const [name, tree] of Object.entries(rates)) {
    if (name !== 'gaps' && name !== 'elapsed' && typeof tree === 'object' && wanted(`rates.${name}`)) yield* numbersIn(tree, [name], false);
  }
}
