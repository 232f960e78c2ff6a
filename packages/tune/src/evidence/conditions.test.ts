import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { describe, expect, it } from 'vitest';
import { openHost } from '@hecate/host';
import { busyReason, readConditions, refuseBusy } from './conditions.ts';
import type { Conditions } from './conditions.ts';

const QUIET: Conditions = { kernel: '6.1.0', load: 0.1, threads: 4, pressure: { cpu: 0.02, io: 0, memory: 0 }, temperature: null };
const busy = (more: Partial<Conditions>): string | null => busyReason({ ...QUIET, ...more });

describe('the conditions of a measurement', () => {
  it.skipIf(process.platform !== 'linux')('are those of this machine', async () => {
    const conditions = await readConditions(openHost());
    expect(conditions.kernel).toBe(release());
    expect(conditions.threads).toBe(readFileSync('/proc/stat', 'utf8').match(/^cpu\d/gm)?.length);
    expect(conditions.load).toBeGreaterThanOrEqual(0);
  });

  it('forbid it when programs wait for something', () => {
    expect(busy({})).toBeNull();
    expect(busy({ pressure: { cpu: 0.5, io: 0, memory: 0 } })).toBe('programs waited for cpu in 50 % of the last ten seconds');
    expect(busy({ pressure: { cpu: null, io: 0.3, memory: 0 } })).toBe('programs waited for io in 30 % of the last ten seconds');
    expect(busy({ pressure: { cpu: 0, io: 0, memory: 0.06 } })).toBe('programs waited for memory in 6 % of the last ten seconds');
    expect(() => refuseBusy({ ...QUIET, pressure: { cpu: 0.5, io: 0, memory: 0 } })).toThrow(
      expect.objectContaining({
        code: 'CONFLICT',
        message: 'The machine is too busy to be measured: programs waited for cpu in 50 % of the last ten seconds.',
      }),
    );
    expect(() => refuseBusy(QUIET)).not.toThrow();
  });

  it('go by the load where the kernel keeps no pressure, and forbid nothing where nothing is known', () => {
    const pressure = { cpu: null, io: null, memory: null };
    expect(busy({ load: 3.9 })).toBeNull();
    expect(busy({ load: 3.9, pressure })).toBe('3.9 tasks want to run on 4 CPUs');
    expect(busy({ load: null, pressure })).toBeNull();
    expect(busy({ threads: null, pressure })).toBeNull();
  });
});
