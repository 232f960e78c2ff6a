import type { Host } from '@hecate/host';
import type { GapSink } from '../../model/gap.ts';
import { parseAttributeNumber, readOptional } from '../attribute.ts';

/** Lines of a name and a whole number: `write_errs 0`. Other lines (`invalid`) are left out. */
export function parsePairs(content: string): Map<string, number> {
  const pairs = new Map<string, number>();
  for (const line of content.split('\n')) {
    const [, name, text] = /^(\w+)[ :\t]+(-?\d+)\s*$/.exec(line) ?? [];
    const value = text === undefined ? null : parseAttributeNumber(text);
    if (name !== undefined && value !== null) pairs.set(name, value);
  }
  return pairs;
}

/** {@link parsePairs} of a file; empty when it is not there, and with a gap when it may not be read. */
export function readPairs(host: Host, path: string, field: string, gaps: GapSink): Map<string, number> {
  return parsePairs(readOptional(host, path, field, gaps) ?? '');
}
