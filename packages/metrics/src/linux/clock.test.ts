import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { openHost } from '@hecate/host';
import type { ClockReading, ClockSync } from '../domain/clock.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { clock, parseTimex } from './clock.ts';
import { createTree } from './rooted-tree.testing.ts';
import { tree as files } from './trees/clock.testing.ts';

describe('struct timex', () => {
  const timex = Buffer.alloc(208);
  timex.writeBigInt64LE(-1_500_000n, 8);
  timex.writeBigInt64LE(6_553_600n, 16);
  timex.writeBigInt64LE(16_000_000n, 24);
  timex.writeInt32LE(0x2001, 40);
  timex.writeBigInt64LE(7n, 48);
  timex.writeBigInt64LE(10_000n, 88);
  timex.writeInt32LE(37, 160);

  test('in nanoseconds and in microseconds', () => {
    expect(parseTimex(timex, 0)).toMatchObject({
      synchronized: true,
      offset: -0.0015,
      frequencyRatio: 1.0001,
      maxError: 16,
      status: 0x2001,
      loopTimeConstant: 7,
      tick: 0.01,
      taiOffset: 37,
    });
    const micro = Buffer.from(timex);
    micro.writeInt32LE(1, 40);
    expect(parseTimex(micro, 5)).toMatchObject({ synchronized: false, offset: -1.5 });
  });
});

test('a machine of files has clock sources, and says why it has no more', () => {
  const tree = createTree(files);
  const gaps: Gap[] = [];
  const reading = clock.open(tree.host).read(collectGaps(gaps)) as ClockReading;
  tree.remove();
  expect(reading).toEqual({ sync: null, sources: [{ device: '0', current: 'tsc', available: ['tsc', 'hpet', 'acpi_pm'] }] });
  expect(gaps).toMatchObject([{ field: 'clock.sync', reason: 'unsupported' }]);
});

const python = spawnSync('python3', ['--version']).status === 0 ? null : 'python3 is not installed';
if (python) console.warn(`SKIPPED: the clock against Python: ${python}`);
test.skipIf(python !== null || process.platform !== 'linux')('Python is told the same by the kernel, through the C library', () => {
  const program = `
import ctypes, json
class Timex(ctypes.Structure):
    _fields_ = [('modes', ctypes.c_uint)] + [(n, ctypes.c_long) for n in ('offset', 'freq', 'maxerror', 'esterror')] + [
        ('status', ctypes.c_int)] + [(n, ctypes.c_long) for n in (
        'constant', 'precision', 'tolerance', 'sec', 'usec', 'tick', 'ppsfreq', 'jitter')] + [
        ('shift', ctypes.c_int)] + [(n, ctypes.c_long) for n in ('stabil', 'jitcnt', 'calcnt', 'errcnt', 'stbcnt')] + [
        ('tai', ctypes.c_int), ('rest', ctypes.c_int * 11)]
t = Timex()
state = ctypes.CDLL(None).adjtimex(ctypes.byref(t))
print(json.dumps({'state': state, 'size': ctypes.sizeof(t), **{n: getattr(t, n) for n, _ in Timex._fields_ if n != 'rest'}}))`;
  const theirs = JSON.parse(spawnSync('python3', ['-c', program], { encoding: 'utf8' }).stdout) as Record<string, number>;
  const { sync } = clock.open(openHost()).read(collectGaps([])) as ClockReading;
  expect(theirs['size']).toBe(208);
  const ours = sync as ClockSync;
  expect({
    synchronized: ours.synchronized,
    status: ours.status,
    constant: ours.loopTimeConstant,
    tai: ours.taiOffset,
    tick: Math.round(ours.tick * 1e6),
    estimated: Math.round(ours.estimatedError * 1e6),
    frequency: Math.round((ours.frequencyRatio - 1) * 1e6 * 65_536),
    shift: ours.ppsShift,
  }).toEqual({
    synchronized: theirs['state'] !== 5,
    status: theirs['status'],
    constant: theirs['constant'],
    tai: theirs['tai'],
    tick: theirs['tick'],
    estimated: theirs['esterror'],
    frequency: theirs['freq'],
    shift: theirs['shift'],
  });
  // The largest error grows with time until a daemon sets it.
  expect(Math.abs(ours.maxError - theirs['maxerror']! / 1e6)).toBeLessThan(1);
});
