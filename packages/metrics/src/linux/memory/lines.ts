import type { MemoryLine } from '../../domain/memory.ts';
import type { ByteCursor } from '../../model/cursor.ts';

const COLON = 58;

/** Line names seen so far, as Prometheus name parts: the same few dozen each time. */
const seen = new Map<string, string>();

/** `Active(anon)` as `Active_anon`. */
export function lineName(raw: string): string {
  let name = seen.get(raw);
  if (name === undefined) {
    name = raw.replace(/[^A-Za-z0-9_]+/g, '_').replace(/_+$/, '');
    if (seen.size < 500) seen.set(raw, name);
  }
  return name;
}

/** The names that the lines of a file had last time: those that are still the same are not made anew. */
export interface LineNames {
  /** As they are in the file. */
  readonly raw: string[];
  /** As {@link lineName} makes them. */
  readonly names: string[];
  /** Grows when a name changes. */
  version: number;
}

/** No names yet. */
export const createLineNames = (): LineNames => ({ raw: [], names: [], version: 0 });

/** Whether the line that starts here has this name; then the cursor stands behind its colon. */
function isNamed(cursor: ByteCursor, raw: string | undefined): boolean {
  if (raw === undefined || !cursor.match(raw) || cursor.peek() !== COLON) return false;
  cursor.at++;
  return true;
}

/**
 * Lines of /proc/meminfo, or of a node's meminfo, which have two words more before the name (`Node 0 MemTotal: …`).
 * The value may be glued to the colon (`ShadowCallStack:10373888 kB`) and may lack a unit (a count then). Lines that are none are left out.
 * `known` is kept up to date.
 */
export function parseMemoryLines(cursor: ByteCursor, wordsBefore: number = 0, known: LineNames = createLineNames()): MemoryLine[] {
  const lines: MemoryLine[] = [];
  const { raw, names } = known;
  for (; !cursor.done; cursor.nextLine()) {
    const start = cursor.skipWords(wordsBefore).skipSpaces().at;
    const row = lines.length;
    if (!isNamed(cursor, raw[row])) {
      cursor.at = start;
      const colon = cursor.find(COLON);
      if (colon < 0) break;
      const name = cursor.text(start, colon);
      if (name.includes('\n') || name === '') continue;
      cursor.at = colon + 1;
      if (!cursor.numberNext) continue;
      raw[row] = name;
      names[row] = lineName(name);
      known.version++;
    } else if (!cursor.numberNext) continue;
    const number = cursor.integer();
    const bytes = !cursor.lineDone && cursor.match('kB');
    lines.push({ name: names[row]!, value: bytes ? number * 1024 : number, bytes });
  }
  return lines;
}
