import { appendFileSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { HecateError } from '@hecate/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayFileName, dayOf, encodeTimestamp } from '../day/day-file.ts';
import { LOCK_FILE } from './recorder-lock.ts';
import { openRecorder } from './recorder.ts';
import { dayFiles, local, temporary, THREE } from './recorder.testing.ts';

/** What can happen to a recorder: rows with jumps of the clock, writes, ends of several kinds, trouble with the directory. */
const step = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({ kind: fc.constant('row' as const), jump: fc.constantFrom(0.25, 1, 1, 1, 60, 40_000, 86_400, -1, -90_000) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('flush' as const, 'reopen' as const, 'away' as const, 'back' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('crash' as const),
      torn: fc.constantFrom('', '2', '2026-11-21T12:00:00.000', '\0\0\0\0', 'timestamp,memory,cp'),
    }),
  },
);

test('whatever happens, each file is the header and the rows of its day in their order, and only a crash loses rows: those that waited', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 1, max: 9 }), (steps, bufferRows) => {
      const dataDir = temporary();
      const away = `${dataDir}-away`;
      let isAway = false;
      let recorder = openRecorder({ dataDir, columns: THREE, bufferRows });
      const survivors: { day: string; line: string }[] = [];
      let time = local(2026, 11, 21, 12);
      let number = 0;
      const tolerate = (action: () => void): void => {
        try {
          action();
        } catch (error) {
          if (!(error instanceof HecateError) || !isAway) throw error;
        }
      };
      const comeBack = (): void => {
        if (isAway) renameSync(away, dataDir);
        isAway = false;
      };
      for (const { kind, ...detail } of steps) {
        if (kind === 'row' && 'jump' in detail) {
          time += detail.jump;
          const value = number++;
          survivors.push({ day: dayOf(time), line: `${encodeTimestamp(time)},${value},,` });
          tolerate(() => recorder.append(time, [value]));
        } else if (kind === 'flush') tolerate(() => recorder.flush());
        else if (kind === 'away' && !isAway) {
          renameSync(dataDir, away);
          isAway = true;
        } else if (kind === 'back') comeBack();
        else if (kind === 'reopen') {
          comeBack();
          recorder.close();
          recorder = openRecorder({ dataDir, columns: THREE, bufferRows });
        } else if (kind === 'crash' && 'torn' in detail) {
          comeBack();
          const { rowsWaiting } = recorder.status;
          survivors.splice(survivors.length - rowsWaiting, rowsWaiting);
          rmSync(path.join(dataDir, LOCK_FILE), { force: true });
          // The header comes first: a piece of a row is never all that a file holds.
          const file = path.join(dataDir, dayFileName(dayOf(time)));
          const begun = existsSync(file) ? readFileSync(file, 'utf8').includes('\n') : !detail.torn.startsWith('2');
          if (begun) appendFileSync(file, detail.torn);
          recorder = openRecorder({ dataDir, columns: THREE, bufferRows });
        }
      }
      comeBack();
      // A torn line is repaired when its day gets its next row: give every day one.
      for (const name of dayFiles(dataDir)) {
        const noon = Date.parse(`${name.slice(0, 10)}T12:00:00`) / 1000;
        survivors.push({ day: dayOf(noon), line: `${encodeTimestamp(noon)},${number},,` });
        recorder.append(noon, [number++]);
      }
      recorder.close();
      for (const name of dayFiles(dataDir)) {
        const expected = survivors.filter(({ day }) => dayFileName(day) === name).map(({ line }) => line);
        expect(readFileSync(path.join(dataDir, name), 'utf8')).toBe(['timestamp,memory,cpu,latency', ...expected, ''].join('\n'));
      }
      expect(new Set(survivors.map(({ day }) => dayFileName(day)))).toEqual(new Set(dayFiles(dataDir)));
      rmSync(dataDir, { recursive: true });
    }),
    { numRuns: 300 },
  );
});
