import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseRecord } from '../journal/record.ts';
import { isLive, readTransaction } from '../transaction.ts';
import type { Stage } from './run.testing.ts';
import { THINGS } from './world.testing.ts';

/** What a damaged line leaves unknown. */
export interface Spoiled {
  /** The transaction. */
  readonly id: number;
  /** Files that nobody can answer for any more. */
  readonly files: ReadonlySet<string>;
  /** Whether something of that transaction was in force. */
  readonly mattered: boolean;
}

/** Turns a bit over in a line of the last journals. Null when there are not so many lines. */
export function spoilLine({ machine }: Stage, number: number): Spoiled | null {
  let left = number;
  for (const id of machine.store.ids().reverse()) {
    const file = path.join(machine.directory, `${String(id).padStart(6, '0')}.journal`);
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    if (left >= lines.length) {
      left -= lines.length;
      continue;
    }
    const transaction = readTransaction(machine.store.read(id));
    const record = parseRecord(lines[left]!)!;
    const unknown =
      record.type === 'begin'
        ? transaction.steps
        : record.type === 'intent' || record.type === 'same' || record.type === 'inherit'
          ? [transaction.steps[record.step]!]
          : [];
    const files = unknown.flatMap(({ change }) => {
      const thing = THINGS.find(({ wishes }) => wishes.some(({ action }) => JSON.stringify(action) === JSON.stringify(change.action)))!;
      return Object.keys(thing.starts[0]!);
    });
    const bytes = Buffer.from(lines[left]!);
    bytes[Math.floor(bytes.length / 2)]! ^= 1;
    lines[left] = bytes.toString('latin1');
    writeFileSync(file, `${lines.join('\n')}\n`, 'latin1');
    return { id, files: new Set(files), mattered: isLive(transaction) };
  }
  return null;
}
