import { readdirSync, readlinkSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HecateError } from '@hecate/host';
import { EVENT_KIND_NAMES } from '../../events/event-kinds.ts';
import { watchEvents } from '../../events/watch-events.ts';
import { startWatching } from '../../linux/events/watching.testing.ts';
import { constant, encode } from '../fake/abi.testing.ts';
import { mountsOf } from '../fake/devices.testing.ts';
import {
  clocksOf,
  eventful,
  exitChange,
  exitEvent,
  happeningsOf,
  MOUNT_CHANGE,
  NAMES,
  networkMessage,
  waitedFor,
} from '../fake/events.testing.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { int, long, merge, text } from '../fake/machine.testing.ts';
import type { FakeMachine } from '../fake/machine.testing.ts';
import { networkOf } from '../fake/network.testing.ts';

const BOOTED = 1_789_900_000;
const ethernet = { name: 'en0', index: 4, type: constant('IFT_ETHER'), counters: {} };
const feeds = (state: string): FakeMachine => ({
  trees: { IOPSCopyPowerSourcesInfo: [{ Type: 'InternalBattery', 'Power Source State': state }] },
});
const mac = merge(
  eventful,
  networkOf([ethernet]),
  mountsOf([{ source: '/dev/disk3s1', mountpoint: '/', type: 'apfs', blocks: 9, free: 1, device: 1 }]),
  feeds('Battery Power'),
  waitedFor({ pid: 501, name: 'make', started: BOOTED + 2.5 }, true),
  {
    answers: {
      'sysctl:kern.osrelease': text('23.5.0'),
      'sysctl:kern.boottime': encode('timeval', { tv_sec: BOOTED, tv_usec: 0 }),
      'sysctl:kern.memorystatus_vm_pressure_level': int(1),
    },
  },
);
/** Descriptors of this process, but for those that say nothing of us. */
const descriptors = (): string[] =>
  readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      const at = readlinkSync(`/proc/self/fd/${name}`);
      return /^(?:pipe|socket|anon_inode:\[eventfd)/.test(at) ? [`${name} ${at}`] : [];
    } catch {
      return [];
    }
  });

describe.skipIf(noFakeDarwin !== null)('watching a Mac', () => {
  test('from what happens to the event, through the loop of Node', async () => {
    const fake = openFakeDarwin(mac);
    const happenings = happeningsOf(fake);
    const watching = await startWatching({ pids: [501] }, fake.host);
    const missing = watching.opening.flatMap((event) => (event.kind === 'unavailable' ? [event.what] : []));
    expect(missing).toEqual(['oom-kill', 'device']);
    expect(watching.opening.at(-1)).toMatchObject({
      kinds: ['link', 'address', 'mount', 'memory-pressure', 'power-source', 'throttle', 'clock', 'process-exit'],
    });
    fake.change(feeds('AC Power'));
    happenings.post(NAMES.source);
    await watching.until({ kind: 'power-source', source: 'ac' }, 20);
    fake.change({ answers: { [`notify:${NAMES.thermal}`]: long(2) } });
    happenings.post(NAMES.thermal);
    await watching.until({ kind: 'throttle', change: 'on' }, 20);
    fake.change(mountsOf([]));
    happenings.happen(MOUNT_CHANGE, encode('kevent64_s', { filter: constant('EVFILT_FS') }));
    await watching.until({ kind: 'mount', change: 'removed', mountpoint: '/' }, 20);
    happenings.happen(exitChange(501, true), exitEvent(501, 15));
    await watching.until({ kind: 'process-exit', pid: 501, signal: 15, startedAfterBoot: 2.5 }, 20);
    fake.change(networkOf([]));
    happenings.send(networkMessage('KEV_DL_SUBCLASS', constant('KEV_DL_IF_DETACHED'), 'en', 0));
    await watching.until({ kind: 'link', change: 'removed', device: 'en0' }, 20);
    fake.change(clocksOf(1000, 1500));
    happenings.post(NAMES.clockSet);
    await watching.until({ kind: 'clock', change: 'resumed', seconds: 300 }, 20);
    await watching.end();
    fake.expectClean();
  });

  test('a storm of 10,000 posts makes no more events than there were changes, and leaves the pipe empty', async () => {
    const fake = openFakeDarwin(mac);
    const happenings = happeningsOf(fake);
    const watching = await startWatching({ only: ['power-source'] }, fake.host);
    fake.change(feeds('AC Power'));
    expect(happenings.post(NAMES.source, 10_000)).toBeGreaterThan(5000);
    await watching.until({ kind: 'power-source', source: 'ac' }, 20);
    fake.change(feeds('Battery Power'));
    expect(happenings.post(NAMES.source, 10_000)).toBeGreaterThan(5000);
    await watching.until({ kind: 'power-source', source: 'battery' }, 20);
    await watching.end();
    expect(watching.seen).toHaveLength(2);
    // Once at the beginning, and once for all that was posted.
    expect(fake.report().calls['IOPSCopyPowerSourcesInfo']).toBe(3);
    fake.expectClean();
  });

  test('a reader who is busy learns how many events it lost', async () => {
    const fake = openFakeDarwin(mac);
    const happenings = happeningsOf(fake);
    const controller = new AbortController();
    const events = watchEvents(fake.host, { only: ['link'], limit: 3, signal: controller.signal });
    expect((await events.next()).value).toMatchObject({ kind: 'watching' });
    for (let time = 0; time < 10; time++)
      happenings.send(networkMessage('KEV_DL_SUBCLASS', constant(time % 2 ? 'KEV_DL_LINK_ON' : 'KEV_DL_LINK_OFF'), 'en', 0));
    const seen = [];
    for (let count = 0; count < 4; count++) seen.push((await events.next()).value);
    expect(seen.slice(1, 4).map((event) => event?.kind)).toEqual(['link', 'link', 'link']);
    const { value } = await events.next();
    expect(value).toMatchObject({ kind: 'lost', count: 6 });
    controller.abort();
    expect(await events.next()).toMatchObject({ done: true });
    fake.expectClean();
  });

  test('ended in every way, twice too, nothing is left open', async () => {
    const before = descriptors();
    const fake = openFakeDarwin(mac);
    const first = watchEvents(fake.host);
    await first.next();
    expect(fake.report()).toMatchObject({ descriptors: 5, tokens: 4 });
    const two = watchEvents(fake.host);
    await two.next();
    expect(fake.report()).toMatchObject({ descriptors: 10, tokens: 8 });
    await first.return();
    await first.return();
    expect(fake.report()).toMatchObject({ descriptors: 5, tokens: 4 });
    await two.return();
    fake.expectClean();

    // Ended before it begins, while it opens, and while somebody waits.
    const aborted = AbortSignal.abort();
    expect(await watchEvents(fake.host, { signal: aborted }).next()).toEqual({ done: true, value: undefined });
    const controller = new AbortController();
    const opening = watchEvents(fake.host, { signal: controller.signal });
    const next = opening.next();
    controller.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    const left = watchEvents(fake.host, { only: ['mount'] });
    await left.next();
    const waiting = left.next();
    await left.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    fake.expectClean();
    // Loops of the library open one descriptor of their own, once.
    expect(descriptors().filter((one) => !before.includes(one)).length).toBeLessThanOrEqual(1);
  });

  test('a watch is over with the process that it was for', async () => {
    const fake = openFakeDarwin(mac);
    const watching = await startWatching({ only: [], pids: [501] }, fake.host);
    happeningsOf(fake).happen(exitChange(501, true), exitEvent(501, 0));
    await watching.ended;
    expect(watching.seen).toMatchObject([{ kind: 'process-exit', pid: 501, name: 'make', status: 0, signal: null }]);
    fake.expectClean();
  });

  test('where nothing works each kind says why, and the watch ends; without libraries it fails', async () => {
    const fake = openFakeDarwin({ answers: { 'sysctl:kern.osrelease': text('23.5.0') } });
    const seen = [];
    const kinds = EVENT_KIND_NAMES.filter((kind) => kind !== 'process-exit');
    for await (const event of watchEvents(fake.host, { only: kinds })) seen.push(event);
    expect(seen.at(-1)).toMatchObject({ kind: 'watching', kinds: [] });
    const said = seen.flatMap((event) => (event.kind === 'unavailable' ? [event] : []));
    expect(said.map(({ what }) => what).sort()).toEqual([...kinds].sort());
    for (const { detail } of said) expect(detail.length).toBeGreaterThan(10);
    fake.expectClean();

    const old = openFakeDarwin({ answers: { 'sysctl:kern.osrelease': text('20.6.0') } });
    await expect(watchEvents(old.host).next()).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    old.expectClean();
    const bare = openFakeDarwin(mac);
    const libraries = () => ({ ...bare.libraries, load: () => null });
    await expect(watchEvents({ ...bare.host, libraries }).next()).rejects.toBeInstanceOf(HecateError);
    bare.expectClean();
    expect(() => watchEvents({ ...bare.host, platform: 'aix' })).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
  });

  test('each function that is missing takes its own kinds away, and nothing else', async () => {
    const symbols: Readonly<Record<string, readonly string[]>> = {
      notify_register_file_descriptor: ['power-source', 'throttle'],
      notify_get_state: ['throttle'],
      kqueue: ['mount'],
      kevent64: ['mount'],
      fcntl: ['link', 'address', 'power-source', 'throttle'],
      ioctl: ['link', 'address'],
      socket: ['link', 'address'],
      clock_gettime_nsec_np: ['clock'],
      IOPSCopyPowerSourcesInfo: ['power-source'],
    };
    for (const [missing, kinds] of Object.entries(symbols)) {
      const fake = openFakeDarwin(mac);
      const load = (path: string) => {
        const library = fake.libraries.load(path);
        return (
          library && {
            ...library,
            function: (...given: Parameters<typeof library.function>) => (given[0] === missing ? null : library.function(...given)),
          }
        );
      };
      const libraries = () => ({ ...fake.libraries, load });
      const watching = await startWatching(
        { only: ['link', 'address', 'mount', 'power-source', 'throttle', 'clock'] },
        { ...fake.host, libraries },
      );
      expect(
        watching.opening.flatMap((event) => (event.kind === 'unavailable' ? [event.what] : [])),
        missing,
      ).toEqual(kinds);
      await watching.end();
      fake.expectClean();
    }
  });

  test('answers of any bytes give events or reasons, and leave nothing behind', async () => {
    const keys = Object.keys(mac.answers!).filter((key) => /^(?:sysctl|ioctl|clock|notify)/.test(key) && key !== 'sysctl:kern.osrelease');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...keys), fc.uint8Array({ maxLength: 700, size: 'max' }), async (key, bytes) => {
        const fake = openFakeDarwin(mac);
        const happenings = happeningsOf(fake);
        fake.change({ answers: { [key]: Buffer.from(bytes) } });
        const watching = await startWatching({ pids: [501] }, fake.host);
        // What worked when it was opened gets nonsense later.
        fake.change({ answers: { [key]: Buffer.from(bytes).reverse() } });
        for (const name of Object.values(NAMES)) happenings.post(name);
        happenings.send(networkMessage('KEV_DL_SUBCLASS', constant('KEV_DL_LINK_OFF'), 'en', 0));
        happenings.happen(exitChange(501, true), Buffer.from(exitEvent(501, 0)));
        happenings.happen(MOUNT_CHANGE, encode('kevent64_s', { filter: constant('EVFILT_FS') }));
        await new Promise((resolve) => setImmediate(resolve));
        await watching.end();
        for (const event of watching.seen) for (const value of Object.values(event)) expect(value).not.toBeNaN();
        fake.expectClean();
      }),
      { numRuns: 60 },
    );
  });
});
