import { openHost } from '@hecate/host';
import { expect, test } from 'vitest';
import { tapeGroups } from '../domain/tape.ts';
import { readOnce, readTree, samplesOf } from './storage/reading.testing.ts';
import { tape } from './tape.ts';
import { tree } from './trees/tape.testing.ts';

test('each drive once, its times in seconds', async () => {
  expect(await readTree(tape, tree)).toEqual({
    reading: [
      {
        device: 'st0',
        reads: 10,
        readBytes: 10_240,
        readTime: 1.5,
        writes: 20,
        writeBytes: 20_480,
        writeTime: 2.5,
        others: 3,
        ioTime: 4,
        inFlight: 1,
        residuals: null,
      },
    ],
    gaps: [],
  });
});

test("node_exporter's names; what is not known makes no sample", async () => {
  const { reading } = await readTree(tape, tree);
  expect(samplesOf(tapeGroups(), reading, 'node_tape_read_time_seconds_total')).toEqual(['device=st0 1.5']);
  expect(samplesOf(tapeGroups(), reading, 'node_tape_residual_total')).toEqual([]);
});

test('this machine: every drive of /sys/class/scsi_tape', async () => {
  const host = openHost();
  let drives: string[] = [];
  try {
    drives = host.list('/sys/class/scsi_tape').filter((name) => /^st\d+$/.test(name));
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOENT');
  }
  expect((await readOnce(tape, host)).reading.map(({ device }) => device).sort()).toEqual(drives.sort());
});
