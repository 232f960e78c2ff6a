import type { Connection, ProcessDetail } from '@hecate/metrics';
import { expect, test } from 'vitest';
import { textOf } from '../../screen/plain-text.ts';
import type { SceneDetail } from '../source.ts';
import type { TopState } from '../state.ts';
import type { Picture } from '../view.ts';
import { NOON, paperOf, pictureOf, processesOf } from './picture.testing.ts';
import { drawProcessDetail, mostDetailScroll } from './process-detail.ts';

const IDS = { real: 1000, effective: 0, saved: 0, filesystem: 0 };
const CONNECTION: Connection = {
  protocol: 'tcp',
  family: 'ipv6',
  localAddress: '2001:db8::1',
  localPort: 8080,
  remoteAddress: '2001:db8::2',
  remotePort: 55_555,
  state: 'established',
  receiveQueue: 0,
  transmitQueue: 0,
  uid: 0,
  inode: 1,
  device: null,
  bytesAcked: 2048,
  bytesReceived: null,
  roundTripTime: null,
  retransmits: null,
  cgroup: null,
  owners: [],
};

/** Everything that is known of a made-up process. */
const FULL: ProcessDetail = {
  pid: 3,
  ppid: 1,
  startTicks: 600,
  startedAfterBoot: 6,
  startTime: NOON - 998,
  name: 'server',
  state: 'S',
  kernel: false,
  program: '/usr/bin/server',
  programDeleted: true,
  workingDirectory: '/srv/data',
  root: '/',
  arguments: ['server', '--listen', 'port 80', `--${'long '.repeat(40)}`],
  environment: { SECRET: 'hunter2' },
  processGroup: 3,
  session: 2,
  terminal: '/dev/pts/3',
  users: IDS,
  user: 'root',
  groups: IDS,
  supplementaryGroups: [],
  umask: 0o22,
  nice: -5,
  priority: 15,
  policy: 'other',
  realtimePriority: 0,
  ioPriority: null,
  affinity: [0, 1, 2, 3, 8],
  processor: 2,
  usage: { cpuUser: 3700, cpuSystem: 5, minorFaults: 12_345, majorFaults: 2 },
  childUsage: { cpuUser: 1, cpuSystem: 1, minorFaults: 0, majorFaults: 0 },
  runTime: 5,
  runDelay: 0.25,
  blockDelay: 0,
  voluntarySwitches: 10,
  involuntarySwitches: 20,
  memory: {
    rss: 2 ** 30,
    virtual: 2 ** 32,
    shared: 0,
    text: 0,
    data: 0,
    peakRss: 2 ** 31,
    peakVirtual: 0,
    anonymous: 1,
    file: 2,
    shmem: 3,
    swap: 4096,
    locked: 0,
    pageTables: 5,
  },
  pages: null,
  io: { readChars: 1, writeChars: 2, readCalls: 3, writeCalls: 4, readBytes: 5_242_880, writeBytes: 6, cancelledWriteBytes: 7 },
  limits: [{ name: 'Max open files', soft: 1024, hard: null, unit: 'files' }],
  descriptors: [
    { number: 0, target: '/dev/null', kind: 'device', position: 0, flags: 0, access: 'read' },
    { number: 4, target: '/srv/a\u001b[2Jb.log', kind: 'file', position: 1024, flags: 1, access: 'write' },
  ],
  threads: [
    { tid: 3, name: 'server', state: 'S', cpuUser: 1, cpuSystem: 1, processor: 0 },
    { tid: 9, name: 'busy-one', state: 'R', cpuUser: 3600, cpuSystem: 4, processor: 2 },
  ],
  children: [4, 5],
  oomScore: 668,
  oomScoreAdjust: 100,
  seccomp: 2,
  noNewPrivileges: true,
  capabilities: {
    inheritable: '0',
    permitted: '000001ffffffffff',
    effective: '0000000000002021',
    bounding: '0000000000000000',
    ambient: '0',
  },
  namespaces: { net: 4_026_531_840 },
  cgroup: '/system.slice/server.service',
  unit: 'server.service',
  slice: 'system.slice',
  container: null,
  gaps: [],
};

const processes = processesOf(5);
const [, , of] = processes.identities;

function pictured(detail: SceneDetail | null | undefined, state: Partial<TopState> = {}): Picture {
  const picture = pictureOf({ state: { detail: of!, ...state }, scene: { processes } });
  return detail === undefined ? picture : { ...picture, detail };
}

function draw(picture: Picture, width: number = 100, height: number = 110): string[] {
  const { paper, grid } = paperOf(width, height);
  drawProcessDetail(paper, picture);
  return textOf(grid);
}

test('everything that is known, but for the environment', () => {
  const text = draw(
    pictured({
      detail: FULL,
      connections: [CONNECTION, { ...CONNECTION, state: 'listen', remoteAddress: null, remotePort: null, localAddress: '::' }],
    }),
  );
  const all = text.join('\n');
  for (const found of [
    /process 3 ─+? server/,
    /command +server --listen port 80/,
    /program +\/usr\/bin\/server \(its file was removed or replaced since\)/,
    /directory +\/srv\/data/,
    /state +sleeping/,
    /user +root \(0, real 1000\)/,
    /session +2, group 3/,
    /children +2/,
    /unit +server\.service/,
    /container +none/,
    /user +1 h 1 min/,
    /may run on +0-3, 8/,
    /waited CPU +0\.25 s/,
    /nice +-5, priority 15/,
    /resident +1 GiB/,
    /at most +2 GiB/,
    /swapped +4 KiB/,
    /OOM score +668, adjusted by 100/,
    /from storage +5 MiB/,
    /Threads {2}2/,
    /Open files {2}2: device 1, file 1/,
    /open files +1,024 +unlimited/,
    /effective +chown, kill, net_raw/,
    /permitted +all/,
    /bounding +none/,
    /seccomp +filter/,
    /umask +022/,
    /namespaces +net 4026531840/,
    /tcp6 +\*:8080 +- +listen/,
    /\[2001:db8::1\]:8080 +\[2001:db8::2\]:55555 +established +- +2 KiB/,
    /a\\x1b\[2Jb\.log/,
  ])
    expect(all).toMatch(found);
  expect(all).not.toMatch(/SECRET|hunter2/);
  // The busiest thread comes first.
  expect(all.indexOf('busy-one')).toBeLessThan(all.indexOf('server', all.indexOf('Threads')));
});

test('what is not known says why', () => {
  const unknown: ProcessDetail = {
    ...FULL,
    program: null,
    workingDirectory: null,
    io: null,
    descriptors: null,
    threads: null,
    limits: null,
    capabilities: null,
    arguments: null,
    kernel: true,
    users: null,
    user: null,
    gaps: [
      { field: 'descriptors', reason: 'permission', detail: 'Only root may look.' },
      { field: 'io.readBytes', reason: 'permission', detail: 'Only its user may know.' },
    ],
  };
  const all = draw(pictured({ detail: unknown, connections: null })).join('\n');
  expect(all).toContain('Open files are not readable: Only root may look.');
  expect(all).toContain('from storage - (Only its user may');
  expect(all).toContain('Threads are not known.');
  expect(all).toContain('Limits are not known.');
  expect(all).toContain('Connections may not be known here.');
  expect(all).toContain('a thread of the kernel has none');
});

test('before anything is known, when it has ended, and in a recording', () => {
  expect(draw(pictured(undefined), 80, 10)[1]).toContain('Reading...');
  expect(draw(pictured(null), 80, 10)[1]).toContain('Nothing more is known of process 3');
  const gone = { pid: 4711, startedAfterBoot: 1 };
  expect(draw(pictured(null, { detail: gone }), 80, 10)[1]).toContain('The process 4711 has ended.');
  const kept = draw(pictured({ detail: FULL, connections: [] }, { detail: gone }), 80, 10);
  expect(kept[1]).toContain('server --listen');
  expect(kept.at(-1)).toContain('It has ended; this is what was known last.');
  const replayed = pictured(null);
  expect(draw({ ...replayed, source: { ...replayed.source, kind: 'replay' } }, 80, 10)[1]).toContain('of the present only');
});

test('without details it has what the list knows, and of a Mac it does not say that the process has ended', () => {
  const lines = draw(pictured(null), 80, 20);
  expect(lines[1]).toContain('Nothing more is known of process 3');
  expect(lines.join('\n')).toMatch(/command +\S[^]*state[^]*parent[^]*started/);
  expect(lines.join('\n')).not.toMatch(/NaN|null|undefined/);
  const picture = pictured(null);
  const mac = { ...picture, scene: { ...picture.scene, machine: { ...picture.scene.machine, kernel: 'Darwin 25.1.0' } } };
  expect(draw(mac, 80, 20)[1]).toContain('Of macOS, the list has all that is known of single processes.');
  for (const [width, height] of [
    [6, 3],
    [5, 2],
    [1, 1],
    [300, 100],
  ] as const)
    expect(() => draw(mac, width, height)).not.toThrow();
});

test('it scrolls to its last line and no further, at every size', () => {
  const known: SceneDetail = { detail: FULL, connections: [CONNECTION] };
  for (const [width, height] of [
    [80, 24],
    [30, 10],
    [6, 3],
    [5, 2],
    [1, 1],
    [300, 200],
  ] as const) {
    const most = mostDetailScroll(pictured(known), width, height);
    const end = draw(pictured(known, { detailScroll: most }), width, height);
    expect(end).toEqual(draw(pictured(known, { detailScroll: 1e9 }), width, height));
    if (width === 80) expect(end.at(-2)).toContain('namespaces');
    if (height === 200) expect(most).toBe(0);
  }
});

test('a long command line leaves room for the rest, and is told in full at the end', () => {
  const words = Array.from({ length: 400 }, (_, index) => `--option-${index}`);
  const text = draw(pictured({ detail: { ...FULL, arguments: words }, connections: [] }), 80, 250);
  expect(text.findIndex((line) => line.includes('program'))).toBeLessThan(8);
  expect(text[5]).toContain('... 5,089 characters in all');
  expect(text.join('\n').split('All of the command line')[1]).toContain('--option-399');
  expect(draw(pictured({ detail: FULL, connections: [] })).join('\n')).not.toContain('All of the command line');
  const endless = draw(pictured({ detail: { ...FULL, arguments: ['x'.repeat(100_000)] }, connections: [] }), 80, 400);
  expect(endless.filter((line) => line.includes('100,000 characters in all'))).toHaveLength(2);
});
