import type { GapSink } from '../../model/gap.ts';
import { lacks } from '../reader.ts';

/** Says of each of these values that is null that the programs (`who`) did not tell it. */
export function untold(gaps: GapSink, prefix: string, values: Readonly<Record<string, unknown>>, who: string): void {
  const names = Object.keys(values).filter((name) => values[name] === null);
  lacks(
    gaps,
    names.map((name) => `${prefix}.${name}`),
    `${who} did not tell it.`,
  );
}
