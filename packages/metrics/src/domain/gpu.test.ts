import { describe, expect, test } from 'vitest';
import { gpuProcessRates } from './gpu-processes.ts';
import { gpuRates, UNKNOWN_GPU } from './gpu.ts';
import type { GpuReading } from './gpu.ts';

describe('rates of GPUs', () => {
  const one = (more: Partial<GpuReading>): GpuReading[] => [{ ...UNKNOWN_GPU, id: 'a', ...more }];
  const state = (time: number, frequency: number | null = 1e9): GpuReading['states'] => [
    { state: 'OFF', active: false, frequency: null, time: 10 },
    { state: 'P1', active: true, frequency, time },
  ];

  test('power of energy, awake of idle time; unknown before, gone back, or not there', () => {
    expect(gpuRates(one({ energy: 10, idleTime: 4 }), one({ energy: 30, idleTime: 4.5 }), 2)).toEqual([
      { id: 'a', active: null, frequency: null, awake: 0.75, power: 10 },
    ]);
    expect(gpuRates(one({ energy: 10, idleTime: 4 }), one({ energy: 3, idleTime: 1 }), 2)![0]).toMatchObject({ awake: null, power: null });
    expect(gpuRates([], one({ energy: 3, states: state(1) }), 2)![0]).toMatchObject({ active: null, power: null });
    // A counter may run a little ahead of our clock.
    expect(gpuRates(one({ idleTime: 0 }), one({ idleTime: 1.01 }), 1)![0]!.awake).toBe(0);
  });

  test('states: nothing worked, a clock that is unknown, a counter that went back, other states', () => {
    const off = [{ state: 'OFF', active: false, frequency: null, time: 12 }, state(1)[1]!];
    expect(gpuRates(one({ states: state(1) }), one({ states: off }), 2)![0]).toMatchObject({ active: 0, frequency: null });
    const unknown = gpuRates(one({ states: state(1, null) }), one({ states: state(2, null) }), 1)![0];
    expect(unknown).toMatchObject({ active: 1, frequency: null });
    for (const after of [state(0.5), state(1), state(2).slice(0, 1), state(2).map((row) => ({ ...row, state: `${row.state}x` }))])
      expect(gpuRates(one({ states: state(1) }), one({ states: after }), 1)![0]).toMatchObject({ active: null, frequency: null });
  });

  test('nothing without a GPU, and when no time passed', () => {
    expect(gpuRates(one({}), [], 1)).toBeNull();
    expect(gpuRates(one({}), one({}), 0)).toBeNull();
    expect(gpuProcessRates([], [], 1)).toBeNull();
  });

  test('what processes used: only of the same GPU, and not when a context went', () => {
    const row = (gpuId: string, pid: number, time: number | null) => ({ gpu: gpuId, pid, name: null, time, memory: null });
    const before = [row('a', 1, 1), row('b', 1, 100), row('a', 2, 5), row('a', 3, null)];
    const after = [row('a', 1, 2), row('b', 1, 101), row('a', 2, 4), row('a', 3, 1), row('a', 4, 9)];
    expect(gpuProcessRates(before, after, 2)?.map(({ gpu: id, pid, usage }) => [id, pid, usage])).toEqual([
      ['a', 1, 0.5],
      ['b', 1, 0.5],
      ['a', 2, null],
      ['a', 3, null],
      ['a', 4, null],
    ]);
  });
});
