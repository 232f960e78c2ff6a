import { expect, test } from 'vitest';
import type { EventFacts } from '../src/api.ts';
import { eventSentence } from '../src/event-words.ts';
import { readLink, writeLink } from '../src/deep-link.ts';
import { liveWindow, zoomTo } from '../src/time-window.ts';

const at = { id: 1, time: 1 } as const;
const link = { ...at, kind: 'link', device: 'eth0', index: 2, previous: null, enabled: true } as const;
const killed = { ...at, kind: 'oom-kill', uid: 0, count: 2, by: 'kmsg', cgroup: null } as const;

test.each<[EventFacts, string]>([
  [{ ...link, change: 'up' }, 'eth0 is up'],
  [{ ...link, change: 'down' }, 'eth0 is down: no link'],
  [{ ...link, change: 'down', enabled: false }, 'eth0 is down: switched off'],
  [{ ...link, change: 'renamed', previous: 'eth9' }, 'eth9 is now called eth0'],
  [{ ...link, change: 'removed' }, 'eth0 was removed'],
  [
    { ...at, kind: 'address', change: 'removed', device: 'eth0', address: '192.0.2.1', prefix: 24, family: 4 },
    '192.0.2.1/24 was removed from eth0',
  ],
  [
    { ...at, kind: 'mount', change: 'changed', mountpoint: '/srv', device: '/dev/vdb', fstype: 'ext4', readOnly: true },
    '/srv was changed: ext4 from /dev/vdb, read-only',
  ],
  [{ ...killed, pid: null, name: null, rss: null }, '2 killed for want of memory'],
  [{ ...killed, pid: 7, name: 'java', rss: 2 ** 30 }, 'java (7) was killed for want of memory; it held 1\u202fGiB'],
  [
    { ...at, kind: 'memory-pressure', level: 'critical', previous: 'normal', some: 0.5, full: 0.2, by: 'kernel' },
    'memory is scarce: critical',
  ],
  [{ ...at, kind: 'memory-pressure', level: 'normal', previous: 'warning', some: 0, full: 0, by: 'kernel' }, 'memory is no longer scarce'],
  [{ ...at, kind: 'process-exit', pid: 7, name: 'java', startedAfterBoot: 1, status: null, signal: 9 }, 'java (7) was ended by signal 9'],
  [{ ...at, kind: 'process', change: 'exited', pid: 7, ppid: null, name: null, status: 3, signal: null }, 'process 7 ended with status 3'],
  [{ ...at, kind: 'device', change: 'added', subsystem: 'usb', name: '1-2', path: '/x', action: 'add' }, 'usb 1-2 was added'],
  [{ ...at, kind: 'power-source', source: 'battery', previous: 'ac' }, 'on battery'],
  [{ ...at, kind: 'throttle', change: 'on', device: 'cpu3 core', share: null, by: 'polling' }, 'cpu3 core is slowed down to get cooler'],
  [
    { ...at, kind: 'throttle', change: 'on', device: 'thermal pressure', share: 0.5, level: 'heavy', by: 'kernel' },
    'thermal pressure is heavy',
  ],
  [{ ...at, kind: 'clock', change: 'set', seconds: -3600 }, 'the clock was set back by 3600\u202fs'],
  [{ ...at, kind: 'clock', change: 'resumed', seconds: 3600 }, 'the machine slept for 1\u202fh'],
  [{ ...at, kind: 'lost', count: 4 }, '4 events were lost'],
])('%j is told as: %s', (event, sentence) => {
  expect(eventSentence(event)).toBe(sentence);
});

test('a kind that this page does not know is told by its name', () => {
  expect(eventSentence({ ...at, kind: 'eclipse' } as unknown as EventFacts)).toBe('eclipse');
});

test('an address is read as it was written', () => {
  const window = zoomTo(liveWindow(300), 2e9, 1_800_000_000, 1_800_003_600);
  const hash = writeLink(window, 1_800_000_100, 300);
  expect(hash).toBe('#from=2027-01-15T08:00:00Z&to=2027-01-15T09:00:00Z&time=2027-01-15T08:01:40Z');
  expect(readLink(hash)).toEqual({ range: null, from: 1_800_000_000, to: 1_800_003_600, time: 1_800_000_100 });
  expect(writeLink(liveWindow(300), null, 300)).toBe('');
  expect(readLink(writeLink(liveWindow(3600), null, 300)).range).toBe(3600);
});

test.each(['', '#', '#range=0', '#range=1e99', '#range=NaN', '#from=&to=', '#time=-1', '#processes', '#%ff%', '#range=5;from=1'])(
  'nonsense in an address is nothing: %j',
  (hash) => {
    expect(readLink(hash)).toEqual({ range: null, from: null, to: null, time: null });
  },
);
