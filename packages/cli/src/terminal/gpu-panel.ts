import { drawTable } from '@hecate/observe';
import type { Ink, InkLine } from '@hecate/observe';
import { gpuFrequency, gpuPower, gpuUsage } from '@hecate/metrics';
import type { Rates, Snapshot } from '@hecate/metrics';
import { percent, value } from './gauge-line.ts';
import { column } from './process-lines.ts';

/** GPUs: how busy, memory, clock, power, temperature. One that sleeps says only that. */
export function gpuLines({ gpu }: Snapshot, rates: Rates, ink: Ink, width: number): InkLine[] {
  const rows = (gpu ?? []).map((one) => ({ ...one, rate: rates.gpu?.find(({ id }) => id === one.id) }));
  if (rows.length === 0) return [];
  return drawTable<(typeof rows)[number]>(
    ink,
    [
      column('gpu', (row) => row.name ?? row.id, undefined, 'start'),
      column('driver', (row) => row.driver ?? '-', 4, 'start'),
      column('busy', (row) => (row.suspended === true ? 'asleep' : percent(gpuUsage(row, row.rate)))),
      column('memory', (row) => value(row.memoryUsed, 'bytes')),
      column('of', (row) => (row.unified === true ? 'shared' : value(row.memoryTotal, 'bytes')), 2),
      column('clock', (row) => value(gpuFrequency(row, row.rate), 'hertz'), 3),
      column('power', (row) => value(gpuPower(row, row.rate), 'watts'), 1),
      column('temp', (row) => value(row.temperature, 'celsius'), 1),
    ],
    rows,
    width,
  );
}
