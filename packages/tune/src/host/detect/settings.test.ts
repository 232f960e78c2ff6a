import { expect, test } from 'vitest';
import { detect } from '../detect.ts';
import type { HostFacts } from '../facts.ts';
import { parseChoice } from './choice.ts';
import { parseVersion } from './kernel.ts';
import { createMachine, disk, gpu, kernel, memory, nic, processes, under } from './machine-tree.testing.ts';
import type { Tree } from './machine-tree.testing.ts';
import { pageSizeOf } from './memory.ts';
import { x86 } from './processor-tree.testing.ts';

const CPUS = 'sys/devices/system/cpu';
const oneCpu = x86({ vendor: 'GenuineIntel', family: 6, model: 85, name: 'Xeon', cores: 2 });

async function factsOf(files: Tree): Promise<HostFacts> {
  const tree = createMachine({ ...kernel('6.12.1', 'x86_64'), ...oneCpu, ...files });
  try {
    return await detect(tree.host);
  } finally {
    tree.remove();
  }
}

test('choices: the one in brackets is chosen, and without brackets there is none', () => {
  expect(parseChoice(['none', '[mq-deadline]'])).toEqual({ all: ['none', 'mq-deadline'], chosen: 'mq-deadline' });
  expect(parseChoice(['none'])).toEqual({ all: [], chosen: null });
  expect(parseChoice([])).toEqual({ all: [], chosen: null });
  expect(parseChoice(['[]', 'bfq'])).toEqual({ all: [], chosen: null });
});

test('versions and page sizes', () => {
  expect([parseVersion('6.12.57+deb13-amd64'), parseVersion('10.0-rc1'), parseVersion('next')]).toEqual([
    [6, 12],
    [10, 0],
    [0, 0],
  ]);
  expect([2 ** 21, 2 ** 25, 2 ** 29, 2 ** 30, null].map(pageSizeOf)).toEqual([4096, 16_384, 65_536, 4096, 4096]);
});

test('turbo: the driver that says nothing is left out, and the other switch is taken', async () => {
  expect((await factsOf(under(`${CPUS}/cpufreq`, { boost: 0 }))).cpu.boost).toMatchObject({
    path: '/sys/devices/system/cpu/cpufreq/boost',
    isOn: false,
  });
  const both = { ...under(`${CPUS}/intel_pstate`, { no_turbo: '' }), ...under(`${CPUS}/cpufreq`, { boost: 1 }) };
  expect((await factsOf(both)).cpu.boost).toMatchObject({ path: '/sys/devices/system/cpu/cpufreq/boost', isOn: true });
});

test('a policy whose CPUs are all offline cannot be set, nor can an idle state without a switch', async () => {
  const { cpu } = await factsOf({
    ...under(`${CPUS}/cpufreq/policy0`, { affected_cpus: '', scaling_driver: 'acpi-cpufreq' }),
    ...under(`${CPUS}/cpu0/cpuidle/state0`, { name: 'POLL', latency: 0 }),
    ...under(`${CPUS}/cpu0/cpuidle/state1`, { name: 'C1', latency: 2, disable: 1 }),
  });
  expect(cpu).toMatchObject({ policies: [], driver: null });
  expect(cpu.idleStates).toEqual([{ cpu: 0, state: 1, name: 'C1', latency: 2e-6, disabled: true }]);
});

test('zram: in use, loaded, or among the modules of this kernel', async () => {
  const swaps = 'Filename\tType\tSize\tUsed\tPriority\n/dev/zram0 partition 1048572 0 100\n/dev/sda2 partition 1024 0 -2\n';
  expect((await factsOf({ ...memory(2048), 'proc/swaps': swaps })).memory).toMatchObject({ zram: ['zram0'], canZram: true });
  const module = (release: string): Tree => ({ [`lib/modules/${release}/kernel/drivers/block/zram/zram.ko.xz`]: '' });
  expect((await factsOf(module('6.12.1'))).memory).toMatchObject({ zram: [], canZram: true });
  expect((await factsOf(module('6.1.0'))).memory.canZram).toBe(false);
  expect((await factsOf(under('sys/class/zram-control', { hot_add: 1 }))).memory.canZram).toBe(true);
});

test('disks without a size, memory and optical drives are no disks', async () => {
  const { disks } = await factsOf({
    ...disk('loop0', 0, 0, '[none]'),
    ...disk('loop1', 1, 0, '[none] mq-deadline'),
    ...disk('ram0', 1, 0, 'none'),
    ...disk('sr0', 1, 1, '[mq-deadline]', 1),
    ...disk('sda', 10, 1, '[mq-deadline] none'),
  });
  expect(disks.map(({ name, kind }) => [name, kind])).toEqual([
    ['loop1', 'loop'],
    ['sda', 'hdd'],
  ]);
});

test('speeds that drivers invent are unknown; an imitated card is virtual only in a guest', async () => {
  const files = { ...nic('a', 'e1000', 1000), ...nic('b', 'igb', 65_535), ...nic('c', 'virtio_net', 4_294_967_295), ...nic('d', 'igb', 0) };
  const speeds = (facts: HostFacts): unknown => facts.nics.map(({ name, speed, virtual }) => [name, speed, virtual]);
  expect(speeds(await factsOf(files))).toEqual([
    ['a', 1e9, false],
    ['b', null, false],
    ['c', null, true],
    ['d', null, false],
  ]);
  const guest = await factsOf({ ...files, ...under('sys/class/dmi/id', { sys_vendor: 'QEMU' }) });
  expect(guest.nics[0]).toMatchObject({ name: 'a', virtual: true });
});

test('memory of GPUs: of the device, of all tiles, of the card, and of none', async () => {
  const { gpus } = await factsOf({
    ...gpu('0000:01:00.0', '0x120000', '0x1002', 'amdgpu', null, 192 * 2 ** 30),
    ...gpu('0000:02:00.0', '0x038000', '0x8086', 'xe', 1),
    ...under('sys/bus/pci/devices/0000:02:00.0', { 'tile0/physical_vram_size_bytes': 64e9, 'tile1/physical_vram_size_bytes': 64e9 }),
    ...gpu('0000:03:00.0', '0x030000', '0x8086', 'i915', 2),
    ...under('sys/class/drm/card2', { lmem_total_bytes: 16e9 }),
    ...gpu('0000:04:00.0', '0x030000', '0x10de', 'nouveau', 3),
    ...gpu('0000:05:00.0', '0x020000', '0x8086', 'igb', null),
  });
  expect(gpus.map(({ memory: bytes, computeOnly }) => [bytes, computeOnly])).toEqual([
    [192 * 2 ** 30, true],
    [128e9, false],
    [16e9, false],
    [null, false],
  ]);
});

test('roles: by process, by program, and by the kernel', async () => {
  const { roles } = await factsOf({
    ...processes('clickhouse-server', 'kubelet', 'conmon', 'qemu-system-x86_64', 'jackd', 'Xvfb'),
    'proc/99/stat': '99 (redis-server) S 1 99 99 0 -1 0\n',
    'var/lib/flatpak/app/com.valvesoftware.Steam/current': '',
  });
  expect(roles).toEqual({
    containers: ['podman', 'kubelet'],
    databases: ['redis-server', 'clickhouse-server'],
    servers: [],
    virtualMachines: true,
    desktop: false,
    games: ['steam'],
    development: [],
    realtime: true,
  });
  expect((await factsOf(kernel('6.12.1-rt', 'x86_64', '#1 SMP PREEMPT_RT Debian'))).roles.realtime).toBe(true);
  expect((await factsOf(under(CPUS, { isolated: '1' }))).roles.realtime).toBe(true);
  expect((await factsOf({})).roles.realtime).toBe(false);
});
