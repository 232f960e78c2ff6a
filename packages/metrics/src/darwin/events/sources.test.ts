import { describe, expect, test } from 'vitest';
import { constant, encode } from '../fake/abi.testing.ts';
import { mountsOf } from '../fake/devices.testing.ts';
import type { FakeMount } from '../fake/devices.testing.ts';
import {
  clocksOf,
  driveSource,
  eventful,
  exitChange,
  exitDeletion,
  exitEvent,
  happeningsOf,
  MOUNT_CHANGE,
  NAMES,
  queueKey,
  waitedFor,
} from '../fake/events.testing.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { int, long, merge } from '../fake/machine.testing.ts';
import type { FakeMachine } from '../fake/machine.testing.ts';
import { clock } from './clock.ts';
import { memoryPressure } from './memory-pressure.ts';
import { mount } from './mount.ts';
import { powerSource } from './power-source.ts';
import { processExit } from './process-exit.ts';
import { thermalPressure } from './thermal-pressure.ts';

const BOOTED = 1_789_900_000;
const watching = (...kinds: readonly string[]): unknown => ({ kind: 'watching', kinds });
const feeds = (state: string | null): FakeMachine => ({
  trees: { IOPSCopyPowerSourcesInfo: [{ Type: 'InternalBattery', ...(state === null ? {} : { 'Power Source State': state }) }] },
});
const pressureLevel = (level: number): FakeMachine => ({ answers: { 'sysctl:kern.memorystatus_vm_pressure_level': int(level) } });
const thermalLevel = (level: number): FakeMachine => ({ answers: { [`notify:${NAMES.thermal}`]: long(level) } });
const noPipe: FakeMachine = {
  answers: Object.fromEntries(Object.values(NAMES).map((name) => [`notify:${name}`, { result: constant('NOTIFY_STATUS_FAILED') }])),
};

describe.skipIf(noFakeDarwin !== null)('mains and battery', () => {
  test('each change once, however often it is posted; nothing known is no news', async () => {
    const fake = openFakeDarwin(merge(eventful, feeds('Battery Power')));
    const happenings = happeningsOf(fake);
    const driven = driveSource(powerSource, fake);
    expect(driven.seen).toEqual([watching('power-source')]);
    expect(fake.report()).toMatchObject({ descriptors: 1, tokens: 2 });
    fake.change(feeds('AC Power'));
    expect([happenings.post(NAMES.source, 3000), happenings.post(NAMES.attach)]).toEqual([3000, 1]);
    expect(happenings.unread(NAMES.attach)).toBe(4 * 3001);
    driven.ready();
    expect(happenings.unread(NAMES.source)).toBe(0);
    driven.ready();
    expect(driven.seen.slice(1)).toEqual([{ kind: 'power-source', source: 'ac', previous: 'battery' }]);
    fake.change(feeds(null));
    driven.ready();
    fake.change(feeds('UPS Power'));
    driven.ready();
    expect(driven.seen.slice(2)).toEqual([{ kind: 'power-source', source: 'battery', previous: null }]);
    await driven.close();
    await driven.close();
    fake.expectClean();
  });

  test('no pipe, half of it, or one that ends: unavailable, and nothing is left', async () => {
    const none = openFakeDarwin(merge(eventful, noPipe));
    expect(driveSource(powerSource, none).seen).toEqual([
      {
        kind: 'unavailable',
        what: 'power-source',
        reason: 'absent',
        detail: `notify_register_file_descriptor answered ${constant('NOTIFY_STATUS_FAILED')} for ${NAMES.source}.`,
      },
      watching(),
    ]);
    none.expectClean();
    const half = openFakeDarwin(merge(eventful, { answers: { [`notify:${NAMES.attach}`]: { result: 1 } } }));
    expect(driveSource(powerSource, half).isOver()).toBe(true);
    half.expectClean();
    const refused = openFakeDarwin(
      merge(eventful, { answers: { [`fcntl:${constant('F_SETFL')}`]: { result: -1, error: constant('EIO') } } }),
    );
    expect(driveSource(powerSource, refused).seen[0]).toMatchObject({ reason: 'error', detail: expect.stringContaining('fcntl') });
    refused.expectClean();

    const ended = openFakeDarwin(merge(eventful, feeds('AC Power')));
    const driven = driveSource(powerSource, ended);
    happeningsOf(ended).hangUp();
    driven.ready();
    await Promise.resolve();
    expect(driven.seen.at(-1)).toMatchObject({ kind: 'unavailable', reason: 'absent', detail: expect.stringContaining('notifyd') });
    expect([driven.isOver(), driven.ready()]).toEqual([true, 0]);
    await driven.close();
    ended.expectClean();
  });
});

describe.skipIf(noFakeDarwin !== null)('thermal and memory pressure', () => {
  test('each level of heat is an event, also the one at the beginning', async () => {
    const fake = openFakeDarwin(merge(eventful, thermalLevel(1)));
    const driven = driveSource(thermalPressure, fake);
    for (const level of [3, 3, 0]) {
      fake.change(thermalLevel(level));
      happeningsOf(fake).post(NAMES.thermal);
      driven.ready();
    }
    const what = { kind: 'throttle', device: 'thermal pressure' };
    expect(driven.seen).toEqual([
      { ...what, change: 'on', share: 0.25, level: 'moderate', by: 'polling' },
      watching('throttle'),
      { ...what, change: 'on', share: 0.75, level: 'trapping', by: 'kernel' },
      { ...what, change: 'off', share: 0, level: 'nominal', by: 'kernel' },
    ]);
    await driven.close();
    fake.expectClean();
  });

  test('memory: the levels of the kernel; one that is not known says nothing', async () => {
    const fake = openFakeDarwin(merge(eventful, pressureLevel(2)));
    const driven = driveSource(memoryPressure, fake);
    for (const level of [2, 4, 1, 3]) {
      fake.change(pressureLevel(level));
      driven.tick();
    }
    const unknown = { some: null, full: null, by: 'polling' };
    expect(driven.seen).toEqual([
      { kind: 'memory-pressure', level: 'warning', previous: 'normal', ...unknown },
      watching('memory-pressure'),
      { kind: 'memory-pressure', level: 'critical', previous: 'warning', ...unknown },
      { kind: 'memory-pressure', level: 'normal', previous: 'critical', ...unknown },
    ]);
    fake.change({ answers: { 'sysctl:kern.memorystatus_vm_pressure_level': { result: -1, error: constant('ENOENT') } } });
    driven.tick();
    expect(driven.seen.at(-1)).toMatchObject({ kind: 'unavailable', what: 'memory-pressure', reason: 'absent' });
    await driven.close();
    fake.expectClean();
  });
});

describe.skipIf(noFakeDarwin !== null)('the clock', () => {
  test('sleep is what one clock has more than the other; the clock is set by what neither has', async () => {
    const fake = openFakeDarwin(merge(eventful, clocksOf(1000, 1200)));
    const driven = driveSource(clock, fake);
    fake.advance(2);
    fake.change(clocksOf(1002, 1202));
    driven.tick();
    expect(driven.seen.slice(1)).toEqual([]);
    fake.advance(602);
    fake.change(clocksOf(1004, 1804));
    driven.tick();
    fake.advance(-3600);
    happeningsOf(fake).post(NAMES.clockSet);
    driven.ready();
    expect(driven.seen.slice(1)).toEqual([
      { kind: 'clock', change: 'resumed', seconds: 600 },
      { kind: 'clock', change: 'set', seconds: -3600 },
    ]);
    await driven.close();
    fake.expectClean();
  });

  test('it is looked at also where nobody tells that it was set; without one of the clocks it is unsupported', async () => {
    const fake = openFakeDarwin(merge(eventful, noPipe));
    const driven = driveSource(clock, fake);
    expect(driven.ready()).toBe(0);
    fake.advance(60);
    driven.tick();
    expect(driven.seen).toEqual([watching('clock'), { kind: 'clock', change: 'set', seconds: 60 }]);
    await driven.close();
    fake.expectClean();
    const without = openFakeDarwin(merge(eventful, clocksOf(1000, 0)));
    expect(driveSource(clock, without).seen[0]).toMatchObject({ reason: 'unsupported', detail: 'The system has no clock 4.' });
    without.expectClean();
  });
});

describe.skipIf(noFakeDarwin !== null)('mounts', () => {
  const volume = (mountpoint: string, device: number, more: Partial<FakeMount> = {}): FakeMount => ({
    ...{ source: `/dev/disk${device}s1`, mountpoint, type: 'apfs', blocks: 100, free: 50, device },
    ...more,
  });
  const told = encode('kevent64_s', { filter: constant('EVFILT_FS'), fflags: constant('VQ_MOUNT') });

  test('what came, what went, what became read-only', async () => {
    const fake = openFakeDarwin(
      merge(eventful, mountsOf([volume('/', 1), volume('/Volumes/A', 2), volume('/Volumes/A/B', 3), volume('/Volumes/C', 5)])),
    );
    const happenings = happeningsOf(fake);
    const driven = driveSource(mount, fake);
    fake.change(
      mountsOf([
        volume('/', 1, { flags: constant('MNT_RDONLY') }),
        volume('/Volumes/A', 2, { type: 'exfat' }),
        volume('/Volumes/ü', 4),
        volume('/Volumes/C', 5, { source: '/dev/disk9s1' }),
      ]),
    );
    for (let count = 0; count < 100; count++) happenings.happen(MOUNT_CHANGE, told);
    driven.ready();
    driven.ready();
    driven.ready();
    const of = (change: string, mountpoint: string, device: number, fstype = 'apfs', readOnly = false): unknown => ({
      ...{ kind: 'mount', change, mountpoint, device: `/dev/disk${device}s1`, fstype, readOnly },
    });
    expect(driven.seen).toEqual([
      watching('mount'),
      of('removed', '/Volumes/C', 5),
      of('removed', '/Volumes/A/B', 3),
      of('removed', '/Volumes/A', 2),
      of('changed', '/', 1, 'apfs', true),
      of('added', '/Volumes/A', 2, 'exfat'),
      of('added', '/Volumes/ü', 4),
      { ...(of('added', '/Volumes/C', 5) as object), device: '/dev/disk9s1' },
    ]);
    // All that was told is taken away, in portions.
    expect(fake.report().calls['kevent64']).toBe(4);
    await driven.close();
    fake.expectClean();
  });

  test('no queue, a refused filter, a list that is refused: unavailable, and the queue is closed', () => {
    for (const answers of [
      { kqueue: { result: -1, error: constant('ENOMEM') } },
      { [queueKey(MOUNT_CHANGE)]: { result: -1, error: constant('EPERM') } },
      { getfsstat64: { result: -1, error: constant('EPERM') } },
    ]) {
      const fake = openFakeDarwin(merge(eventful, { answers }));
      const driven = driveSource(mount, fake);
      expect(driven.seen[0]).toMatchObject({ kind: 'unavailable', what: 'mount' });
      expect(driven.isOver()).toBe(true);
      fake.expectClean();
    }
  });
});

describe.skipIf(noFakeDarwin !== null)('the end of processes', () => {
  const boot: FakeMachine = { answers: { 'sysctl:kern.boottime': encode('timeval', { tv_sec: BOOTED, tv_usec: 500_000 }) } };
  const mine = { pid: 501, name: 'make', started: BOOTED + 100.75 };
  const anothers = { pid: 77, name: 'mds_stores', started: BOOTED + 7.5 };
  const machine = merge(eventful, boot, waitedFor(mine, true), waitedFor(anothers, false));
  /** wait(2): exit status 3, and SIGKILL with a core. */
  const [EXITED, KILLED] = [3 << 8, 9 | 0x80];

  test('with its status where that is told; the watch is over with the last one', async () => {
    const fake = openFakeDarwin(machine);
    const happenings = happeningsOf(fake);
    const pids = [501, 77, { pid: 501, startedAfterBoot: 100.25 }];
    const driven = driveSource(processExit, fake, { pids });
    expect(driven.seen).toEqual([watching('process-exit')]);
    happenings.happen(exitChange(501, true), exitEvent(501, EXITED));
    driven.ready();
    await Promise.resolve();
    expect(driven.isOver()).toBe(false);
    happenings.happen(exitChange(77, false), exitEvent(77, null));
    driven.ready();
    await Promise.resolve();
    expect([driven.isOver(), driven.ready()]).toEqual([true, 0]);
    expect(driven.seen.slice(1)).toEqual([
      { kind: 'process-exit', pid: 501, name: 'make', startedAfterBoot: 100.25, status: 3, signal: null },
      { kind: 'process-exit', pid: 77, name: 'mds_stores', startedAfterBoot: 7, status: null, signal: null },
    ]);
    await driven.close();
    fake.expectClean();

    const both = openFakeDarwin(machine);
    const together = driveSource(processExit, both, { pids: [501, 77] });
    happeningsOf(both).happen(exitChange(77, false), exitEvent(77, null));
    happeningsOf(both).happen(exitChange(501, true), exitEvent(501, EXITED));
    together.ready();
    expect(together.seen.slice(1)).toMatchObject([
      { pid: 77, status: null },
      { pid: 501, status: 3 },
    ]);
    await together.close();
    both.expectClean();

    const killed = openFakeDarwin(machine);
    const second = driveSource(processExit, killed, { pids: [501] });
    happeningsOf(killed).happen(exitChange(501, true), exitEvent(501, KILLED));
    second.ready();
    expect(second.seen.at(-1)).toMatchObject({ status: null, signal: 9 });
    await second.close();
    killed.expectClean();
  });

  test('one that is gone, that goes meanwhile, or that is another one by now', async () => {
    const place = ['CTL_KERN', 'KERN_PROC', 'KERN_PROC_PID'].map((number) => constant(number)).join('.');
    const fake = openFakeDarwin(
      merge(machine, {
        answers: {
          [`sysctl:${place}.9`]: Buffer.alloc(0),
          [queueKey(exitChange(501, true))]: { result: -1, error: constant('ESRCH') },
        },
      }),
    );
    const driven = driveSource(processExit, fake, { pids: [9, 501, { pid: 77, startedAfterBoot: 12 }] });
    const unavailable = { kind: 'unavailable', what: 'process-exit', reason: 'absent' };
    expect(driven.seen).toEqual([
      { ...unavailable, detail: 'There is no process 9.' },
      { ...unavailable, detail: 'There is no process 501.' },
      { ...unavailable, detail: 'The process 77 that was meant is gone; another one has its number.' },
      watching(),
    ]);
    expect(driven.isOver()).toBe(true);
    await driven.close();
    fake.expectClean();
  });

  test('a number that is given to another process while it is asked about', async () => {
    const fake = openFakeDarwin(merge(machine, { answers: { [queueKey(exitDeletion(501))]: Buffer.alloc(0) } }));
    const library = fake.libraries.load('/usr/lib/libSystem.B.dylib')!;
    const original = library.function.bind(library);
    // The moment between asking and looking again is ours.
    const nosy: typeof library.function = (symbol, prototype) => {
      const found = original(symbol, prototype);
      if (symbol !== 'kevent64' || !found) return found;
      return (...given) => {
        const result = found(...given);
        fake.change(waitedFor({ ...mine, started: BOOTED + 999 }, true));
        return result;
      };
    };
    const libraries = { ...fake.libraries, load: () => ({ ...library, function: nosy }) };
    const driven = driveSource(processExit, { ...fake, host: { ...fake.host, libraries: () => libraries } }, { pids: [501] });
    expect(driven.seen[0]).toMatchObject({ kind: 'unavailable', detail: expect.stringContaining('another one has its number') });
    await driven.close();
    fake.expectClean();
  });
});
