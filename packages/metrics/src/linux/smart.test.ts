import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SmartReading } from '../domain/smart.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { createTree } from './rooted-tree.testing.ts';
import type { Tree } from './rooted-tree.testing.ts';
import { smart } from './smart.ts';
import { ataDisk, nvmeDrive, refusal, STANDBY } from './storage/smartctl-answers.testing.ts';

/**
 * A program named smartctl, first on PATH: it notes its arguments and answers with the file of its device, or of its device
 * and type. The status comes first in that file.
 */
const PROGRAM = `#!${process.execPath}
const fs = require('node:fs');
const path = require('node:path');
const given = process.argv.slice(2);
const device = path.basename(given.at(-1));
const type = given.includes('-d') ? '@' + given[given.indexOf('-d') + 1] : '';
fs.appendFileSync(path.join(__dirname, 'calls'), JSON.stringify(given) + '\\n');
const [, status, output] = /^(\\d+) ([^]*)$/.exec(fs.readFileSync(path.join(__dirname, device + type + '.answer'), 'utf8'));
process.stdout.write(output);
process.exitCode = Number(status);
`;

let folder = '';
const searched = process.env['PATH'];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hecate-smart-'));
  writeFileSync(path.join(folder, 'smartctl'), PROGRAM);
  chmodSync(path.join(folder, 'smartctl'), 0o755);
  process.env['PATH'] = `${folder}:${searched}`;
});
afterEach(() => {
  process.env['PATH'] = searched;
  rmSync(folder, { recursive: true, force: true });
});

const says = (name: string, status: number, output: string): void =>
  writeFileSync(path.join(folder, `${name}.answer`), `${status} ${output}`);
const calls = (): string[][] =>
  readFileSync(path.join(folder, 'calls'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string[]);

interface Machine {
  readonly host: Host;
  write(file: string, content: string): void;
  read(): Promise<{ reading: readonly SmartReading[]; gaps: Gap[] }>;
  close(): void;
}
/** The files of a tree, and the programs of this machine. */
function machine(files: Tree): Machine {
  const tree = createTree(files);
  const host = { ...tree.host, run: openHost().run };
  const reader = smart.open(host);
  return {
    host,
    write: tree.write,
    async read() {
      const gaps: Gap[] = [];
      return { reading: (await reader.read(collectGaps(gaps))) as readonly SmartReading[], gaps };
    },
    close() {
      reader.close();
      tree.remove();
    },
  };
}

test('only disks that can have SMART are asked, each without waking it', async () => {
  const it = machine({
    'sys/block/sda/size': '100\n',
    'sys/block/sdb/size': '0\n',
    'sys/block/sr0/size': '100\n',
    'sys/block/loop0/size': '100\n',
    'sys/block/md0/size': '100\n',
    'sys/block/nvme0n1/size': '100\n',
    'sys/class/nvme/nvme0/state': 'live\n',
  });
  says('sda', 0, ataDisk());
  says('nvme0', 0, nvmeDrive());
  const { reading, gaps } = await it.read();
  it.close();
  expect(gaps).toEqual([]);
  expect(reading.map(({ device, model }) => [device, model])).toEqual([
    ['sda', 'EXAMPLE 4000'],
    ['nvme0', 'EXAMPLE NVMe'],
  ]);
  expect(calls().map((given) => given.at(-1))).toEqual(['/dev/sda', '/dev/nvme0']);
  for (const given of calls()) {
    expect(given.slice(0, 3)).toEqual(['--json=c', '-n', 'standby']);
    expect(given).not.toContain('--scan');
  }
});

test('a disk that sleeps is a gap and keeps what it said last', async () => {
  const it = machine({ 'sys/block/sda/size': '100\n' });
  says('sda', 2, STANDBY);
  expect(await it.read()).toEqual({
    reading: [],
    gaps: [{ field: 'smart.sda', reason: 'suspended', detail: 'The disk sleeps, and was not woken.' }],
  });
  says('sda', 0, ataDisk());
  const awake = await it.read();
  says('sda', 2, STANDBY);
  const asleep = await it.read();
  expect(asleep.reading).toEqual([{ ...awake.reading[0]!, asleep: true }]);
  expect(asleep.gaps).toMatchObject([{ reason: 'suspended' }]);
  // What the kernel itself put to sleep is not even opened.
  it.write('sys/block/sda/device/power/runtime_status', 'suspended\n');
  const before = calls().length;
  expect((await it.read()).reading).toEqual(asleep.reading);
  expect(calls()).toHaveLength(before);
  it.close();
});

test('an unknown USB bridge: each type is tried once, and the one that works is remembered', async () => {
  const it = machine({
    'sys/block/sdc': { link: '../devices/pci0/usb2/2-1/host6/block/sdc' },
    'sys/devices/pci0/usb2/2-1/host6/block/sdc/size': '9\n',
  });
  says('sdc', 1, refusal(1, '/dev/sdc: Unknown USB bridge [0x1e91:0xa3a5 (0x100)]'));
  says('sdc@sat', 2, refusal(2, 'Read Device Identity failed: scsi error unsupported field'));
  says('sdc@sat,12', 0, ataDisk());
  expect((await it.read()).reading).toMatchObject([{ device: 'sdc', model: 'EXAMPLE 4000' }]);
  expect((await it.read()).reading).toHaveLength(1);
  it.close();
  expect(calls().map((given) => (given.includes('-d') ? given[given.indexOf('-d') + 1] : ''))).toEqual(['', 'sat', 'sat,12', 'sat,12']);
});

test('a bridge that no type gets through is not asked again, until another disk takes the name', async () => {
  const place = (port: number): string => `../devices/pci0/usb2/2-${port}/host6/block/sdc`;
  const it = machine({ 'sys/block/sdc/size': '9\n' });
  let port = 1;
  const host: Host = { ...it.host, readLink: () => place(port) };
  const reader = smart.open(host);
  const unknown = refusal(1, '/dev/sdc: Unknown USB bridge [0x1e91:0xa3a5 (0x100)]');
  for (const type of ['', '@sat', '@sat,12', '@sntasmedia', '@sntjmicron', '@sntrealtek']) says(`sdc${type}`, 1, unknown);
  for (let time = 0; time < 2; time++) {
    const gaps: Gap[] = [];
    expect(await reader.read(collectGaps(gaps))).toEqual([]);
    expect(gaps).toEqual([{ field: 'smart.sdc', reason: 'unsupported', detail: '/dev/sdc: Unknown USB bridge [0x1e91:0xa3a5 (0x100)]' }]);
  }
  expect(calls()).toHaveLength(6);
  port = 2;
  says('sdc', 0, ataDisk());
  expect(await reader.read(collectGaps([]))).toHaveLength(1);
  reader.close();
  it.close();
});

test('one disk that refuses or answers nonsense is its own gap', async () => {
  const it = machine({ 'sys/block/sda/size': '1\n', 'sys/block/sdb/size': '1\n', 'sys/block/sdc/size': '1\n' });
  says('sda', 2, refusal(2, 'Smartctl open device: /dev/sda failed: Permission denied'));
  says('sdb', 0, 'nonsense');
  says('sdc', 0, ataDisk());
  const { reading, gaps } = await it.read();
  it.close();
  expect(reading.map(({ device }) => device)).toEqual(['sdc']);
  expect(gaps.map(({ field, reason }) => [field, reason])).toEqual([
    ['smart.sda', 'permission'],
    ['smart.sdb', 'error'],
  ]);
});

test('without smartctl, and on a machine of files, one error says so; without disks there is nothing to ask', async () => {
  const it = machine({ 'sys/block/sda/size': '1\n' });
  process.env['PATH'] = '/nonexistent';
  await expect(it.read()).rejects.toMatchObject({ code: 'UNAVAILABLE', message: 'smartctl is not installed.' });
  it.close();
  const tree = createTree({ 'sys/block/sda/size': '1\n' });
  await expect(async () => smart.open(tree.host).read(collectGaps([]))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  tree.remove();
  const empty = createTree({});
  expect(await smart.open(empty.host).read(collectGaps([]))).toEqual([]);
  empty.remove();
});

const missing = spawnSync('smartctl', ['--version']).error ? 'smartctl is not installed (apt-get install smartmontools)' : null;
if (missing) console.warn(`SKIPPED: the real smartctl: ${missing}`);

test.skipIf(missing)('this machine: every disk is read, or says why not', async () => {
  process.env['PATH'] = searched;
  const host = openHost();
  const gaps: Gap[] = [];
  const reading = (await smart.open(host).read(collectGaps(gaps))) as readonly SmartReading[];
  const disks = host.list('/sys/block').filter((name) => /^[shv]d[a-z]+$/.test(name) && host.readText(`/sys/block/${name}/size`) !== '0\n');
  const spoken = new Set([...reading.map(({ device }) => device), ...gaps.map(({ field }) => field.replace('smart.', ''))]);
  for (const disk of disks) expect(spoken.has(disk), disk).toBe(true);
  for (const { detail } of gaps) expect(detail).not.toBe('');
});
