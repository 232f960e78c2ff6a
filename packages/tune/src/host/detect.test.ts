import { spawnSync } from 'node:child_process';
import os from 'node:os';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { openHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import { detect } from './detect.ts';
import { openFaultyHost } from './detect/faulty-host.testing.ts';
import { createMachine } from './detect/machine-tree.testing.ts';
import { MACHINES } from './detect/machines.testing.ts';
import type { MachineName } from './detect/machines.testing.ts';
import type { HostFacts } from './facts.ts';

const trees = Object.fromEntries(Object.entries(MACHINES).map(([name, tree]) => [name, createMachine(tree)]));
afterAll(() => Object.values(trees).forEach((tree) => tree.remove()));
const detectTree = (name: MachineName): Promise<HostFacts> => detect(trees[name]!.host);

test('a hybrid laptop of Intel', async () => {
  const facts = await detectTree('intelLaptop');
  expect(facts).toMatchObject({ hostname: 'box', formFactor: 'laptop', battery: true, mains: false, hypervisor: null, container: null });
  expect(facts.cpu).toMatchObject({ vendor: 'intel', family: 6, model: 154, sockets: 1, cores: 3, threads: 6, smt: true });
  expect(facts.cpu.hybrid).toEqual({ performance: [0, 1, 2, 3], efficiency: [4, 5] });
  expect(facts.cpu.boost).toEqual({ path: '/sys/devices/system/cpu/intel_pstate/no_turbo', on: '0', off: '1', isOn: true });
  expect(facts.cpu.driver).toBe('intel_pstate');
  expect(facts.cpu.policies).toHaveLength(6);
  expect(facts.cpu.policies[5]).toEqual({
    name: 'policy5',
    cpus: [5],
    governor: 'powersave',
    governors: ['performance', 'powersave'],
    preferences: ['default', 'performance', 'balance_performance', 'balance_power', 'power'],
  });
  expect(facts.cpu.idleStates).toHaveLength(18);
  expect(facts.cpu.idleStates[2]).toEqual({ cpu: 0, state: 2, name: 'C6', latency: 0.00022, disabled: false });
  expect(facts.cpu.energyBias).toEqual([0, 1, 2, 3, 4, 5]);
  expect(facts.nics).toEqual([{ name: 'wlp0s20f3', driver: 'iwlwifi', speed: null, wireless: true, virtual: false }]);
  expect(facts.gpus).toMatchObject([{ vendor: 'intel', card: '/sys/class/drm/card1', computeOnly: false, memory: null }]);
  expect(facts.roles).toMatchObject({ desktop: true, development: ['gcc', 'code', 'git'], realtime: false });
});

test('a server of two sockets: only whole disks and interfaces of its own', async () => {
  const facts = await detectTree('epycServer');
  expect(facts.kernel).toMatchObject({
    release: '6.1.0-28-amd64',
    version: [6, 1],
    machine: 'x86_64',
    congestionControls: ['reno', 'cubic', 'bbr'],
  });
  expect(facts.cpu).toMatchObject({
    vendor: 'amd',
    sockets: 2,
    cores: 16,
    threads: 32,
    smt: true,
    hybrid: null,
    driver: 'acpi-cpufreq',
    energyBias: [],
  });
  expect(facts.memory).toMatchObject({ total: 512 * 2 ** 30, nodes: 2, pageSize: 4096, hugepageSize: 2 ** 21 });
  expect(facts.disks.map(({ name, kind, schedulers, scheduler }) => [name, kind, schedulers.length, scheduler])).toEqual([
    ['dm-0', 'other', 0, null],
    ['nvme0n1', 'nvme', 2, 'none'],
    ['sda', 'hdd', 2, 'mq-deadline'],
  ]);
  expect(facts.disks[2]).toMatchObject({ size: 16e12, readAhead: 131_072, removable: false });
  expect(facts.nics).toEqual([{ name: 'eno1', driver: 'mlx5_core', speed: 25e9, wireless: false, virtual: false }]);
  expect(facts.gpus).toMatchObject([{ vendor: 'other', driver: 'ast' }]);
  expect(facts).toMatchObject({ formFactor: 'server', battery: false, mains: null, roles: { servers: ['nginx'], databases: [] } });
});

test('a desktop with a graphics card, and a stick in it', async () => {
  const facts = await detectTree('gamingDesktop');
  expect(facts.gpus).toMatchObject([{ vendor: 'amd', address: '0000:03:00.0', driver: 'amdgpu', memory: 16 * 2 ** 30 }]);
  expect(facts.disks.map(({ name, kind, removable }) => [name, kind, removable])).toEqual([
    ['nvme0n1', 'nvme', false],
    ['sda', 'ssd', false],
    ['sdb', 'flash', true],
  ]);
  expect(facts.cpu.boost).toMatchObject({ path: '/sys/devices/system/cpu/cpufreq/boost', on: '1', isOn: true });
  expect(facts).toMatchObject({ formFactor: 'desktop', roles: { desktop: true, games: ['steam'] } });
});

test('boards of Arm: a Raspberry Pi whose kernel says no architecture, and an Apple laptop with pages of 16 KiB', async () => {
  const pi = await detectTree('raspberryPi');
  expect(pi.kernel).toMatchObject({ machine: null, version: [5, 15] });
  expect(pi.cpu).toMatchObject({ vendor: 'arm', family: null, model: null, hybrid: null, threads: 4, boost: null });
  expect(pi.cpu.policies).toMatchObject([{ name: 'policy0', cpus: [0, 1, 2, 3] }]);
  expect(pi).toMatchObject({ formFactor: 'embedded', disks: [{ name: 'mmcblk0', kind: 'flash' }] });
  // vc4 shows the picture and renders nothing.
  expect(pi.gpus).toEqual([
    { vendor: 'other', address: null, driver: 'v3d', card: '/sys/class/drm/card0', computeOnly: false, memory: null, power: null },
  ]);
  const apple = await detectTree('appleLaptop');
  expect(apple.cpu).toMatchObject({ vendor: 'apple', hybrid: { performance: [4, 5, 6, 7], efficiency: [0, 1, 2, 3] } });
  expect(apple).toMatchObject({
    formFactor: 'laptop',
    battery: true,
    memory: { pageSize: 16_384 },
    gpus: [{ vendor: 'apple', driver: 'asahi' }],
  });
});

test('guests: of KVM, of Amazon, and in a container', async () => {
  const guest = await detectTree('kvmGuest');
  expect(guest).toMatchObject({ hypervisor: 'kvm', formFactor: 'virtual', cpu: { driver: null, policies: [], boost: null } });
  expect(guest.disks.map(({ kind }) => kind)).toEqual(['virtual', 'virtual']);
  expect(guest.nics).toMatchObject([{ name: 'eth0', virtual: true, speed: null }]);
  const nitro = await detectTree('nitroInstance');
  expect(nitro).toMatchObject({ hypervisor: 'amazon', disks: [{ kind: 'nvme' }], nics: [{ driver: 'ena', virtual: true }] });
  expect(await detectTree('tinyVps')).toMatchObject({ memory: { total: 457 * 2 ** 20 }, roles: { databases: ['mariadbd'] } });
  expect(await detectTree('lxcContainer')).toMatchObject({ container: 'lxc', hypervisor: null });
});

test('machines with a job: containers, accelerators, a workstation', async () => {
  const docker = await detectTree('dockerHost');
  expect(docker.roles).toMatchObject({ containers: ['docker', 'containerd'], databases: ['postgres'], servers: ['nginx'] });
  expect(docker.nics.map(({ name }) => name)).toEqual(['eno1', 'eth1']);
  const box = await detectTree('h100Box');
  expect(box.gpus.filter(({ vendor, computeOnly }) => vendor === 'nvidia' && computeOnly)).toHaveLength(8);
  expect(box.cpu.boost).toMatchObject({ isOn: false });
  expect(await detectTree('threadripper')).toMatchObject({ gpus: [{ vendor: 'nvidia', memory: null }], cpu: { cores: 32, threads: 64 } });
});

test('a tree that says nothing gives facts that say nothing', async () => {
  const empty = createMachine({});
  try {
    expect(await detect(empty.host)).toMatchObject({
      hostname: null,
      kernel: { release: '', version: [0, 0], machine: null, congestionControls: [], hugepageModes: [] },
      cpu: { vendor: 'other', threads: 1, policies: [], idleStates: [] },
      memory: { total: 0, nodes: 1, pageSize: 4096, hugepageSize: null, canZram: false, zswap: false },
      disks: [],
      nics: [],
      gpus: [],
      hypervisor: null,
      mains: null,
      formFactor: 'unknown',
    });
  } finally {
    empty.remove();
  }
});

/** Where a value is not finite or undefined; null when all is well. */
function nonsense(value: unknown, where: string): string | null {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? null : `${where} is ${value}`;
  if (value === undefined) return `${where} is undefined`;
  if (typeof value !== 'object' || value === null) return null;
  return (
    Object.entries(value)
      .map(([key, child]) => nonsense(child, `${where}.${key}`))
      .find((wrong) => wrong !== null) ?? null
  );
}

const machines: readonly (readonly [string, () => Host])[] = [
  ...(process.platform === 'linux' ? [['this machine', openHost] as const] : []),
  ...Object.entries(trees).map(([name, tree]) => [name, () => tree.host] as const),
];

/** Numbers from 0 to 1, evenly spread: doubles of fast-check are nearly all near 0, and every access would fail. */
const chances = fc.infiniteStream(fc.noBias(fc.nat(999_999)).map((number) => number / 1e6));

test.each(machines)('%s with faults in its files: facts, never an error or nonsense', async (_name, open) => {
  await fc.assert(
    fc.asyncProperty(chances, async (stream) => {
      const facts = await detect(openFaultyHost(open(), () => stream.next().value as number));
      expect(nonsense(facts, 'facts')).toBeNull();
    }),
    { numRuns: 15, endOnFailure: true },
  );
});

/** What a program of this machine prints; null where it cannot be run. */
function ask(program: string, ...args: readonly string[]): string | null {
  const { error, stdout } = spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  return error ? null : stdout;
}

const askDisks = (): string | null => ask('lsblk', '-J', '-b', '-d', '-o', 'NAME,SIZE,RM,SCHED,RA');

const judges = {
  lscpu: ask('lscpu', '-J'),
  lsblk: askDisks(),
  'systemd-detect-virt': ask('systemd-detect-virt', '--vm'),
};
for (const [name, answer] of Object.entries(judges))
  if (answer === null) console.warn(`SKIPPED: this machine against ${name}: it is not installed.`);

describe.runIf(process.platform === 'linux')('this machine', () => {
  test.skipIf(judges.lscpu === null)('has the processor of lscpu', async () => {
    const { lscpu: rows } = JSON.parse(judges.lscpu!) as { lscpu: { field: string; data: string }[] };
    const say = (field: string): string | undefined => rows.find((row) => row.field === `${field}:`)?.data;
    const { cpu, kernel } = await detect(openHost());
    expect({ name: cpu.name, threads: cpu.threads, sockets: cpu.sockets, machine: kernel.machine }).toEqual({
      name: say('Model name'),
      threads: say('On-line CPU(s) list')!
        .split(',')
        .reduce((sum, part) => sum + 1 + Number(part.split('-').at(-1)) - Number(part.split('-')[0]), 0),
      sockets: Number(say('Socket(s)')),
      machine: say('Architecture'),
    });
    expect(cpu.cores).toBe(Number(say('Core(s) per socket')) * Number(say('Socket(s)')));
  });

  test.skipIf(judges.lsblk === null)('has the disks of lsblk', async () => {
    const look = async (): Promise<readonly [ours: unknown, theirs: unknown]> => {
      const { blockdevices } = JSON.parse(askDisks()!) as {
        blockdevices: { name: string; size: number; rm: boolean; sched: string | null; ra: number }[];
      };
      const theirs = blockdevices.filter(({ name, size }) => size > 0 && !/^(?:ram|sr|fd)\d/.test(name));
      const { disks } = await detect(openHost());
      const ours = disks.map(({ name, size, removable, scheduler, readAhead }) => ({
        name,
        size,
        rm: removable,
        sched: scheduler,
        ra: (readAhead ?? 0) / 1024,
      }));
      // A disk without a choice has the scheduler none for lsblk.
      const known = theirs.map((row) => ({ ...row, sched: ours.find(({ name }) => name === row.name)?.sched === null ? null : row.sched }));
      return [ours.toSorted((a, b) => a.name.localeCompare(b.name)), known.toSorted((a, b) => a.name.localeCompare(b.name))];
    };
    // Other tests make and remove loop devices: one that came or went between the two looks is no difference, and the next look tells.
    let [ours, theirs] = await look();
    for (let tries = 0; tries < 40 && JSON.stringify(ours) !== JSON.stringify(theirs); tries++) {
      await new Promise((resolve) => {
        setTimeout(resolve, 100);
      });
      [ours, theirs] = await look();
    }
    expect(ours).toEqual(theirs);
  });

  test.skipIf(judges['systemd-detect-virt'] === null)('is what systemd-detect-virt says', async () => {
    const said = (option: string): string | null =>
      ask('systemd-detect-virt', option)!
        .trim()
        .replace(/^none$/, '') || null;
    expect(await detect(openHost())).toMatchObject({ hypervisor: said('--vm'), container: said('--container') });
  });

  test('has the memory and the name that the runtime says', async () => {
    const facts = await detect(openHost());
    expect(facts.memory.total).toBe(os.totalmem());
    expect(facts).toMatchObject({ hostname: os.hostname(), kernel: { release: os.release(), machine: os.machine() } });
  });
});
