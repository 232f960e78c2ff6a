// How often powermetrics measures on a Mac whose libraries tell no watts, as on Intel: it runs for a second each time.
import { describe, expect, it } from 'vitest';
import { deriveRates, openSamplerOf } from '@hecate/metrics';
import { COLUMN_INDEX, openSelfSource } from '@hecate/observe';
import { energy } from '../packages/metrics/src/darwin/energy.ts';
import { arrive, eventually, openProgramMac } from '../packages/metrics/src/darwin/text/programs.testing.ts';
import { openReading } from '../packages/cli/src/top/source/live.ts';
import { createAttention } from '../packages/observe/src/serve/attention.ts';

const SAMPLERS = 'cpu_power,gpu_power';
const watts = (started: readonly string[]): number => started.filter((program) => program.includes(SAMPLERS)).length;

describe('powermetrics measures', () => {
  it('every ten seconds for a daemon that is asked, once a minute for one that is not, and at once when somebody asks again', async () => {
    const { host, started, advance } = openProgramMac();
    const attention = createAttention(host, new Set());
    const sampler = openSamplerOf([energy], host, { demand: attention.demand });
    const at: number[] = [];
    const tick = async () => {
      const before = watts(started);
      const snapshot = await sampler.take(0);
      if (watts(started) > before) at.push(host.clock.monotonic() - 1000);
      await arrive();
      advance(1);
      return snapshot;
    };
    let last = await sampler.take(5);
    at.push(0);
    for (let second = 0; second < 300; second++) last = await tick();
    expect(at).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 140, 200, 260]);
    attention.look();
    const asked = await tick();
    expect(at.at(-1)).toBe(300);
    await eventually(async () => (await sampler.take(0)).runs[0]!.readAt === 1300);
    // The joules of the time in between are those of the last second that was measured: its watts are the rates.
    const rates = deriveRates(asked, await sampler.take(0)).energy!;
    expect(last.energy!.zones[0]!.energy).toBeCloseTo(260 * 3.87553, 3);
    expect(rates.packagePower).toBeCloseTo(3.87553, 6);
    sampler.close();
  });

  it('once a minute for a recorder, but for its first minute, and its rows keep the watts in between', async () => {
    const { host, started, advance } = openProgramMac();
    const source = await openSelfSource(host, 1);
    const told: (number | null)[] = [];
    for (let second = 1; second <= 180; second++) {
      advance(1);
      const { values } = await source.read();
      await arrive();
      told.push(values[COLUMN_INDEX.get('cpu_power_watts')!] ?? null);
    }
    // At 0, 10, 20, 30, 40 and 50 s, then at 110 and 170.
    expect(watts(started)).toBe(8);
    expect(told.slice(0, 9)).toEqual(Array(9).fill(null));
    expect(new Set(told.slice(20).map((value) => value?.toFixed(3)))).toEqual(new Set(['3.811']));
    await source.close();
  });

  it('every ten seconds for somebody who looks at hecate top, which has the other programs every two', async () => {
    const { host, started, advance } = openProgramMac();
    const reading = openReading(host);
    for (let second = 0; second < 60; second++) {
      await reading.take(1);
      await arrive();
      advance(1);
    }
    expect(watts(started)).toBe(6);
    expect(started.filter((program) => program.includes('netstat -ib')).length).toBeGreaterThan(20);
    reading.close();
  });
});
