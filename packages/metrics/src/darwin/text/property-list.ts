import type { CfValue } from '../core-foundation/value.ts';
import { BINARY_MAGIC, parseBinaryPropertyList } from './property-list/binary.ts';
import { malformed, MOST_BYTES } from './property-list/limits.ts';
import { parseXmlPropertyList } from './property-list/xml.ts';

/**
 * Reads a property list of Apple, XML or binary (`plutil`, `ioreg -a`, `CFPropertyListCreateData`).
 *
 * Values come out as those of Core Foundation do: integers above 2^53 are bigints, data is bytes. Dates are texts as XML writes them
 * (`2026-11-22T01:04:44Z`), a UID is the dictionary `{CF$UID: n}`, a set is a list; of two values under one key the last one counts.
 * Dictionaries have no prototype, so that a key may be called anything.
 *
 * Throws FAILED with the line and column, or the byte, where something is wrong; also beyond 64 MiB, 2,000,000 values, 512 levels.
 */
export function parsePropertyList(source: string | Buffer): CfValue {
  if (source.length > MOST_BYTES) throw malformed(`it is larger than ${MOST_BYTES} bytes`, `byte ${MOST_BYTES}`);
  if (typeof source === 'string') return parseXmlPropertyList(source);
  const isBinary = source.toString('latin1', 0, BINARY_MAGIC.length) === BINARY_MAGIC;
  return isBinary ? parseBinaryPropertyList(source) : parseXmlPropertyList(source.toString('utf8'));
}
