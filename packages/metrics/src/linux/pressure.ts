import { PRESSURE_RESOURCES, pressureGroups } from '../domain/pressure.ts';
import type { PressureReading, PressureResource, ResourcePressure, Stall } from '../domain/pressure.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import { keepOptional } from './optional-file.ts';
import { HecateError } from '@hecate/host';

/**
 * /proc/pressure/*: `some avg10=0.00 avg60=0.00 avg300=0.00 total=0`, `full …`; percent and microseconds there.
 * A line that is missing is null (no `full` for cpu before 5.13, no `some` for irq). Throws FAILED when neither is there.
 */
export function parsePressure(cursor: ByteCursor): ResourcePressure {
  const found: { some: Stall | null; full: Stall | null } = { some: null, full: null };
  for (; !cursor.done; cursor.nextLine()) {
    const kind = cursor.match('some') ? 'some' : cursor.match('full') ? 'full' : undefined;
    if (!kind) continue;
    const values = { avg10: 0, avg60: 0, avg300: 0, total: 0 };
    let sawTotal = false;
    while (!cursor.lineDone) {
      if (cursor.match('avg10=')) values.avg10 = cursor.decimal() / 100;
      else if (cursor.match('avg60=')) values.avg60 = cursor.decimal() / 100;
      else if (cursor.match('avg300=')) values.avg300 = cursor.decimal() / 100;
      else if (cursor.match('total=')) {
        values.total = cursor.integer() / 1e6;
        sawTotal = true;
      } else cursor.skipWords(1);
    }
    if (sawTotal) found[kind] = values;
  }
  if (!found.some && !found.full) throw new HecateError('FAILED', 'A pressure file has neither a some nor a full line.');
  return found;
}

const REMEDY =
  'Pressure needs a kernel with CONFIG_PSI=y, booted without psi=0; its irq line needs Linux 6.1 and CONFIG_IRQ_TIME_ACCOUNTING=y.';

/** Pressure stall information of cpu, io, memory and irq. */
export const pressure: Collector<'pressure', PressureReading> = {
  name: 'pressure',
  lane: 'fast',
  sources: PRESSURE_RESOURCES.map((resource) => `/proc/pressure/${resource}`),
  remedy: REMEDY,
  groups: pressureGroups,
  open(host) {
    const files = PRESSURE_RESOURCES.map((resource) => keepOptional(host, `/proc/pressure/${resource}`));
    const cursor = new ByteCursor();
    return {
      read(gaps) {
        const reading: Record<PressureResource, ResourcePressure | null> = { cpu: null, io: null, memory: null, irq: null };
        let failed: unknown;
        let read = 0;
        for (let index = 0; index < files.length; index++) {
          const file = files[index]!;
          const resource = PRESSURE_RESOURCES[index]!;
          try {
            const bytes = file.readOnce();
            if (bytes) {
              reading[resource] = parsePressure(cursor.reset(bytes));
              read++;
            } else {
              failed ??= file.absence;
              gaps.addError(`pressure.${resource}`, file.absence);
            }
          } catch (error) {
            failed = error;
            gaps.addError(`pressure.${resource}`, error);
          }
        }
        if (read === 0) throw failed;
        return reading;
      },
      close: () => files.forEach((file) => file.close()),
    };
  },
};
