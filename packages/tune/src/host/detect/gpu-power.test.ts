import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openEngine, openHandlers } from '@hecate/change';
import { openHost, openWritableHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { detect } from '../detect.ts';
import type { HostFacts } from '../facts.ts';
import { parseProfile } from '../parse-profile.ts';
import { planProfile } from '../plan.ts';
import type { HostPlan } from '../plan.ts';
import { createMachine, gpu, kernel, under } from './machine-tree.testing.ts';
import type { Tree } from './machine-tree.testing.ts';

/** What NVIDIA's program does with limits: two GPUs, of which one has a fixed one; each call is written down. */
const PROGRAM = `#!${process.execPath}
const fs = require('node:fs');
const args = process.argv.slice(2);
const file = (name) => __dirname + '/' + name;
fs.appendFileSync(file('calls'), args.join(' ') + '\\n');
const limit = Number(fs.readFileSync(file('limit'), 'utf8'));
if (Number.isNaN(limit)) { console.log('NVIDIA-SMI has failed.'); process.exit(9); }
const option = (name) => args[args.indexOf(name) + 1];
const query = args.find((arg) => arg.startsWith('--query-gpu='));
if (query?.includes('pci.bus_id')) {
  console.log('00000000:0A:00.0, ' + limit.toFixed(2) + ', 700.00, 200.00, 700.00');
  console.log('00000000:0B:00.0, [N/A], [N/A], [N/A], [N/A]');
} else if (option('-i') !== '0000:0a:00.0') process.exit(6);
else if (query === '--query-gpu=power.limit') console.log(limit.toFixed(2));
else if (args.includes('-pl')) fs.writeFileSync(file('limit'), option('-pl'));
else process.exit(2);
`;

const NVIDIAS: Tree = {
  ...kernel('6.12.1', 'x86_64'),
  ...gpu('0000:0a:00.0', '0x030200', '0x10de', 'nvidia', null),
  ...gpu('0000:0b:00.0', '0x030200', '0x10de', 'nvidia', null),
};

let directory: string;
let pathBefore: string | undefined;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'hecate-nvidia-'));
  writeFileSync(path.join(directory, 'nvidia-smi'), PROGRAM);
  chmodSync(path.join(directory, 'nvidia-smi'), 0o755);
  writeFileSync(path.join(directory, 'calls'), '');
  setLimit('650');
  pathBefore = process.env['PATH'];
  process.env['PATH'] = `${directory}${path.delimiter}${pathBefore}`;
});
afterEach(() => {
  process.env['PATH'] = pathBefore;
  rmSync(directory, { recursive: true });
});

const setLimit = (text: string): void => writeFileSync(path.join(directory, 'limit'), text);
const limit = (): string => readFileSync(path.join(directory, 'limit'), 'utf8');
const calls = (): string[] => readFileSync(path.join(directory, 'calls'), 'utf8').split('\n').filter(Boolean);

/** What a machine of files is, on which the programs of this one run. */
async function detectTree(files: Tree, run: Host['run'] = openHost().run): Promise<HostFacts> {
  const tree = createMachine(files);
  try {
    return await detect({ ...tree.host, run });
  } finally {
    tree.remove();
  }
}

function planOf(facts: HostFacts, entry: string): HostPlan {
  const text = `name = "mine"\ntitle = "x"\nsummary = "x"\n[[knobs]]\n${entry}\nwhy = "Why."\nsource = "doc"\n`;
  return planProfile(facts, parseProfile(text, 'mine.toml'));
}

test("the limits of NVIDIA's GPUs, by one call of their program", async () => {
  const { gpus } = await detectTree(NVIDIAS);
  expect(gpus.map(({ power }) => power)).toEqual([{ limit: 650, defaultLimit: 700, least: 200, most: 700, file: null }, null]);
  expect(calls()).toHaveLength(1);
});

test.each([
  ['the driver is another one', gpu('0000:0a:00.0', '0x030200', '0x10de', 'nouveau', 0)],
  ['it is for a virtual machine', gpu('0000:0a:00.0', '0x030200', '0x10de', 'vfio-pci', null)],
  ['one of them sleeps', { ...NVIDIAS, ...under('sys/bus/pci/devices/0000:0b:00.0/power', { runtime_status: 'suspended' }) }],
])('no program is started where %s', async (_why, files) => {
  expect((await detectTree(files)).gpus.every(({ power }) => power === null)).toBe(true);
  expect(calls()).toEqual([]);
});

test('a program that fails, or is not there, is no error', async () => {
  setLimit('none');
  expect((await detectTree(NVIDIAS)).gpus.map(({ power }) => power)).toEqual([null, null]);
  expect(calls()).toHaveLength(1);
  process.env['PATH'] = path.join(directory, 'nowhere');
  expect((await detectTree(NVIDIAS)).gpus.map(({ power }) => power)).toEqual([null, null]);
});

test("the engine sets the limit of NVIDIA's GPU and brings it back", async () => {
  const { plan, skipped } = planOf(await detectTree(NVIDIAS), 'knob = "nvidia-power"\nlimit_share = 0.6');
  expect(skipped.map(({ why }) => why)).toEqual([expect.stringMatching(/^The GPU 0000:0b:00\.0 sleeps, or does not say /)]);
  const engine = openEngine({ host: openWritableHost(openHost()), handlers: openHandlers(), directory: path.join(directory, 'journal') });
  const { id } = await engine.apply(plan);
  expect(limit()).toBe('420');
  await engine.rollBack(id);
  expect(limit()).toBe('650');
});

const MONITOR = 'sys/class/drm/card1/device/hwmon/hwmon3';
const AMD: Tree = {
  ...kernel('6.12.1', 'x86_64'),
  ...under('proc/sys/kernel/random', { boot_id: 'one' }),
  ...gpu('0000:03:00.0', '0x030000', '0x1002', 'amdgpu', 1),
  ...under(MONITOR, { power1_cap: 291e6, power1_cap_default: 303e6, power1_cap_min: 0, power1_cap_max: 348e6 }),
};

test("amdgpu's limit: what it is, how the engine sets it and brings it back", async () => {
  const tree = createMachine(AMD);
  const cap = (): string => readFileSync(path.join(tree.host.root, MONITOR, 'power1_cap'), 'utf8').trim();
  try {
    const facts = await detect(tree.host);
    expect(facts.gpus[0]!.power).toEqual({ limit: 291, defaultLimit: 303, least: 0, most: 348, file: `/${MONITOR}/power1_cap` });
    const { plan, skipped } = planOf(facts, 'knob = "amd-power"\nlimit_share = 0.8');
    expect(skipped).toEqual([]);
    const host = openWritableHost(tree.host);
    const engine = openEngine({ host, handlers: openHandlers(), directory: path.join(tree.host.root, 'journal') });
    const { id } = await engine.apply(plan);
    expect(cap()).toBe('242000000');
    await engine.rollBack(id);
    expect(cap()).toBe('291000000');
  } finally {
    tree.remove();
  }
});

test.each([
  ['it sleeps', under('sys/bus/pci/devices/0000:03:00.0/power', { runtime_status: 'suspended' })],
  ['its default is not known', under(MONITOR, { power1_cap_default: '' })],
  ['its bounds make no sense', under(MONITOR, { power1_cap_min: 400e6 })],
])('amdgpu has no limit where %s', async (_why, files) => {
  const { gpus } = await detectTree({ ...AMD, ...files });
  expect(gpus.map(({ power }) => power)).toEqual([null]);
  expect(calls()).toEqual([]);
});
