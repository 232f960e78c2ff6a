import type { MemoryLine } from '../../domain/memory.ts';
import type { ByteCursor } from '../../model/cursor.ts';

const COLON = 58;

/** Line names seen so far, as Prometheus name parts: the same few dozen each time. */
const names = new Map<string, string>();

/** `Active(anon)` as `Active_anon`. */
export function lineName(raw: string): string {
  let name = names.get(raw);
  if (name === undefined) {
    name = raw.replace(/[^A-Za-z0-9_]+/g, '_').replace(/_+$/, '');
    if (names.size < 500) names.set(raw, name);
  }
  return name;
}

/**
 * Lines of /proc/meminfo, or of a node's meminfo, which have two words more before the name (`Node 0 MemTotal: …`).
 * The value may be glued to the colon (`ShadowCallStack:10373888 kB`) and may lack a unit (a count then). Lines that are none are left out.
 * `see` is told each line's own name too. `known` are the names that the lines had last time, kept up to date here:
 * those that are still the same are not made anew.
 */
export function parseMemoryLines(
  cursor: ByteCursor,
  wordsBefore: number = 0,
  see?: (raw: string, line: MemoryLine) => void,
  known: string[] = [],
): MemoryLine[] {
  const lines: MemoryLine[] = [];
  for (; !cursor.done; cursor.nextLine()) {
    const start = cursor.skipWords(wordsBefore).skipSpaces().at;
    let raw = known[lines.length];
    if (raw === undefined || !cursor.match(raw) || cursor.peek() !== COLON) {
      cursor.at = start;
      const colon = cursor.find(COLON);
      if (colon < 0) break;
      raw = cursor.text(start, colon);
      if (raw.includes('\n') || raw === '') continue;
      cursor.at = colon;
    }
    cursor.at++;
    if (!cursor.numberNext) continue;
    known[lines.length] = raw;
    const number = cursor.integer();
    const bytes = !cursor.lineDone && cursor.match('kB');
    const line = { name: lineName(raw), value: bytes ? number * 1024 : number, bytes };
    see?.(raw, line);
    lines.push(line);
  }
  return lines;
}
