import type { Action } from '@hecate/change';
import { expect, test } from 'vitest';
import type { Look } from '../detect/look.ts';
import { disk, facts, gpu, irq, lookOf, policy } from '../facts.testing.ts';
import type { GpuPower, HostFacts } from '../facts.ts';
import { parseProfile } from '../parse-profile.ts';
import { planProfile } from '../plan.ts';
import { KNOBS } from './index.ts';

interface Case {
  /** The entry as TOML, without reason and source. */
  readonly entry: string;
  readonly facts?: HostFacts;
  readonly look?: Look;
  /** `path = value`, `key = value`, or the action. */
  readonly does?: readonly (string | Action)[];
  readonly skips?: readonly string[];
}

const CPUFREQ = '/sys/devices/system/cpu/cpufreq';
const IDLE = '/sys/devices/system/cpu';
const MODULES = '/lib/modules/6.12.0/kernel';

/** One interrupt of an interface, two of a disk, one of something else. */
const IRQS = facts({
  nics: [{ name: 'eth0', driver: 'ixgbe', speed: null, wireless: false, virtual: false }],
  disks: [disk('nvme0n1')],
  irqs: [
    irq(30, { device: 'eth0' }),
    irq(31, { device: 'nvme0n1', name: 'nvme0q0' }),
    irq(32, { device: 'nvme0n1', name: 'nvme0q1', settable: false }),
    irq(33),
  ],
});

const POWER: GpuPower = { limit: 320, defaultLimit: 350, least: 100, most: 400, file: null };

const limitOf = (watts: string, wanted: string): Action => ({
  kind: 'command',
  name: 'power limit of GPU 0000:01:00.0',
  do: ['nvidia-smi', '-i', '0000:01:00.0', '-pl', watts],
  undo: ['nvidia-smi', '-i', '0000:01:00.0', '-pl', '320'],
  probe: ['nvidia-smi', '-i', '0000:01:00.0', '--query-gpu=power.limit', '--format=csv,noheader,nounits'],
  wanted,
});

const CASES: Readonly<Record<string, readonly Case[]>> = {
  sysctl: [
    { entry: 'key = "vm.swappiness"\nvalue = 10', does: ['vm.swappiness = 10'] },
    { entry: 'key = "vm.swappiness"\nvalue = true', does: ['vm.swappiness = 1'] },
    { entry: 'key = "vm.swappiness"\nvalue = 10', look: lookOf({ '/proc/sys/vm/swappiness': '60' }), does: ['vm.swappiness = 10'] },
    { entry: 'key = "vm.dirty_bytes"\nvalue = { share = 0.5, of = "memory", unit = "MiB" }', does: ['vm.dirty_bytes = 8192'] },
    {
      entry: 'key = "vm.max_map_count"\nvalue = 1000\nraise = true',
      skips: ['It may only be raised, and what it is now is not known.'],
    },
    {
      entry: 'key = "vm.max_map_count"\nvalue = 1000\nraise = true',
      look: lookOf({}),
      does: ['vm.max_map_count = 1000'],
    },
    {
      entry: 'key = "vm.max_map_count"\nvalue = 1000\nraise = true',
      look: lookOf({ '/proc/sys/vm/max_map_count': '2000' }),
      does: ['vm.max_map_count = 2000'],
    },
    {
      entry: 'key = "vm.max_map_count"\nvalue = 1000\nlower = true',
      look: lookOf({ '/proc/sys/vm/max_map_count': '2000' }),
      does: ['vm.max_map_count = 1000'],
    },
    {
      entry: 'key = "net.ipv4.conf.eth0/1.mtu"\nvalue = 1000\nraise = true',
      look: lookOf({ '/proc/sys/net/ipv4/conf/eth0.1/mtu': 'many' }),
      skips: ['It may only be raised, and "many" cannot be compared with 1000.'],
    },
  ],
  sysfs: [
    { entry: 'path = "/sys/a/b"\nvalue = 3', does: ['/sys/a/b = 3'] },
    { entry: 'path = "/sys/a/b"\nvalue = ["x", "y"]', look: lookOf({ '/sys/a/b': '[z] y' }), does: ['/sys/a/b = y'] },
    { entry: 'path = "/sys/a/b"\nvalue = ["x"]', look: lookOf({ '/sys/a/b': '[z] y' }), skips: ['/sys/a/b offers z, y, and none of x.'] },
  ],
  'cpu-governor': [
    {
      entry: 'value = ["schedutil", "powersave"]',
      facts: facts({ cpu: { policies: [policy(0), policy(4, { governors: ['performance', 'schedutil'] })] } }),
      does: [`${CPUFREQ}/policy0/scaling_governor = powersave`, `${CPUFREQ}/policy4/scaling_governor = schedutil`],
    },
    { entry: 'value = "ondemand"', skips: ['The processor offers performance, powersave, and none of ondemand.'] },
    {
      entry: 'value = "performance"',
      facts: facts({ cpu: { policies: [] } }),
      skips: ['The frequency of this processor cannot be set from here.'],
    },
  ],
  'cpu-preference': [
    {
      entry: 'value = ["nothing", "balance_power"]',
      does: [0, 1].map((cpu) => `${CPUFREQ}/policy${cpu}/energy_performance_preference = balance_power`),
    },
    { entry: 'value = "nothing"', skips: ['The processor offers none of nothing.'] },
    {
      entry: 'value = "power"',
      facts: facts({ cpu: { policies: [policy(0, { governor: 'performance' })] } }),
      skips: ['Under the governor performance the processor takes no other preference.'],
    },
    {
      entry: 'value = "performance"',
      facts: facts({ cpu: { policies: [policy(0, { governor: 'performance' })] } }),
      does: [`${CPUFREQ}/policy0/energy_performance_preference = performance`],
    },
    {
      entry: 'value = "power"',
      facts: facts({ cpu: { policies: [policy(0, { preferences: [] })] } }),
      skips: ['This processor takes no preference.'],
    },
    {
      entry: 'value = "power"',
      facts: facts({ cpu: { policies: [] } }),
      skips: ['The frequency of this processor cannot be set from here.'],
    },
  ],
  'cpu-boost': [
    { entry: 'value = false', does: ['/sys/devices/system/cpu/intel_pstate/no_turbo = 1'] },
    { entry: 'value = true', does: ['/sys/devices/system/cpu/intel_pstate/no_turbo = 0'] },
    { entry: 'value = true', facts: facts({ cpu: { boost: null } }), skips: ['This processor has no switch of turbo.'] },
  ],
  'cpu-idle': [
    { entry: 'latency_at_most = "2us"', does: [`${IDLE}/cpu0/cpuidle/state2/disable = 1`, `${IDLE}/cpu1/cpuidle/state2/disable = 1`] },
    { entry: 'latency_at_most = "1ms"', skips: ['No idle state of this processor takes that long to leave.'] },
    {
      entry: 'latency_at_most = "1us"',
      facts: facts({ cpu: { idleStates: [{ cpu: 0, state: 0, name: 'WFI', latency: 5e-6, disabled: false }] } }),
      skips: ['No idle state of this processor takes that long to leave.'],
    },
    {
      entry: 'latency_at_most = "1us"',
      facts: facts({ cpu: { idleStates: [] } }),
      skips: ['The idle states of this processor cannot be switched.'],
    },
  ],
  'cpu-energy-bias': [
    { entry: 'value = "balance-power"', does: [0, 1].map((cpu) => `${IDLE}/cpu${cpu}/power/energy_perf_bias = 8`) },
    { entry: 'value = 15', facts: facts({ cpu: { energyBias: [7] } }), does: [`${IDLE}/cpu7/power/energy_perf_bias = 15`] },
    { entry: 'value = 0', facts: facts({ cpu: { energyBias: [] } }), skips: ['This processor has no energy bias.'] },
  ],
  'hugepage-mode': [
    { entry: 'value = ["madvise", "never"]', does: ['/sys/kernel/mm/transparent_hugepage/enabled = madvise'] },
    { entry: 'value = "never"', facts: facts({ kernel: { hugepageModes: [] } }), skips: ['This kernel has no transparent huge pages.'] },
    { entry: 'value = "never"', facts: facts({ kernel: { hugepageModes: ['always'] } }), skips: ['This kernel offers always only.'] },
  ],
  'hugepage-defrag': [
    { entry: 'value = ["defer+madvise", "madvise"]', does: ['/sys/kernel/mm/transparent_hugepage/defrag = defer+madvise'] },
    {
      entry: 'value = ["defer+madvise", "madvise"]',
      facts: facts({ kernel: { version: [4, 9] } }),
      does: ['/sys/kernel/mm/transparent_hugepage/defrag = madvise'],
    },
    { entry: 'value = "defer+madvise"', facts: facts({ kernel: { version: [4, 9] } }), skips: ['This kernel is too old for it.'] },
    { entry: 'value = "never"', facts: facts({ kernel: { hugepageModes: [] } }), skips: ['This kernel has no transparent huge pages.'] },
  ],
  hugepages: [
    { entry: 'value = { share = 0.25, of = "memory" }', does: ['vm.nr_hugepages = 2048'] },
    { entry: 'value = 10', does: ['vm.nr_hugepages = 10'] },
    { entry: 'value = 8000', skips: ['8000 huge pages are more than 80 % of the memory.'] },
    { entry: 'value = 1', facts: facts({ memory: { hugepageSize: null } }), skips: ['This machine has no huge pages.'] },
  ],
  zram: [
    {
      entry: 'value = { share = 0.5, of = "memory", most = "2GiB" }\nalgorithms = ["zstd", "lz4"]\npriority = 7',
      look: lookOf({ '/sys/block/zram0/comp_algorithm': 'lzo-rle [lzo] lz4', '/sys/class/zram-control': '' }),
      does: [{ kind: 'zram', device: 'zram0', size: 2 ** 31, algorithm: 'lz4', priority: 7 }],
    },
    {
      entry: 'value = "1025KiB"\nalgorithms = ["zstd"]',
      does: [
        { kind: 'module', module: 'zram', loaded: true },
        { kind: 'zram', device: 'zram0', size: 2 ** 20, algorithm: 'lzo-rle', priority: 100 },
      ],
    },
    { entry: 'value = "1000KiB"', skips: ['There is too little memory for it.'] },
    { entry: 'value = "1GiB"', facts: facts({ memory: { zram: ['zram1'] } }), skips: ['There is swap in zram already (zram1).'] },
    { entry: 'value = "1GiB"', facts: facts({ memory: { canZram: false } }), skips: ['This kernel has no zram.'] },
    { entry: 'value = "1GiB"', facts: facts({ container: 'lxc' }), skips: ['Swap is the business of the machine, not of a container.'] },
  ],
  zswap: [
    { entry: 'value = true', facts: facts({ memory: { swap: 1 } }), does: ['/sys/module/zswap/parameters/enabled = Y'] },
    { entry: 'value = false', does: ['/sys/module/zswap/parameters/enabled = N'] },
    { entry: 'value = true', skips: ['There is no swap that it could stand before.'] },
    { entry: 'value = true', facts: facts({ memory: { zram: ['zram0'] } }), skips: ['Swap is in zram: compressing twice wins nothing.'] },
    { entry: 'value = true', facts: facts({ memory: { zswap: false } }), skips: ['This kernel has no zswap.'] },
  ],
  'disk-scheduler': [
    {
      entry: 'disks = ["ssd", "hdd"]\nvalue = ["bfq", "mq-deadline"]',
      does: ['/sys/block/sda/queue/scheduler = mq-deadline', '/sys/block/sdb/queue/scheduler = bfq'],
    },
    {
      entry: 'disks = ["virtual", "other"]\nvalue = "kyber"',
      facts: facts({ disks: [disk('vda', { kind: 'virtual' }), disk('md0', { kind: 'other', schedulers: [] })] }),
      skips: ['vda offers none, mq-deadline, and none of kyber.', 'md0 has no scheduler of its own.'],
    },
    {
      entry: 'disks = ["ssd"]\nvalue = "none"',
      facts: facts({ disks: [disk('sda', { removable: true })] }),
      skips: ['There is no disk of kind ssd.'],
    },
  ],
  'disk-read-ahead': [
    { entry: 'disks = ["hdd"]\nvalue = "4MiB"', does: ['/sys/block/sdb/queue/read_ahead_kb = 4096'] },
    { entry: 'disks = ["hdd"]\nvalue = "5KiB"', does: ['/sys/block/sdb/queue/read_ahead_kb = 4'] },
    {
      entry: 'disks = ["ssd", "hdd"]\nvalue = "1MiB"\nraise = true',
      look: lookOf({ '/sys/block/sda/queue/read_ahead_kb': 'all', '/sys/block/sdb/queue/read_ahead_kb': '8192' }),
      does: ['/sys/block/sdb/queue/read_ahead_kb = 8192'],
      skips: ['sda: It may only be raised, and "all" cannot be compared with 1024.'],
    },
    { entry: 'disks = ["hdd"]\nvalue = "1MiB"', facts: facts({ disks: [] }), skips: ['There is no disk of kind hdd.'] },
    {
      entry: 'disks = ["ssd"]\nvalue = "1MiB"',
      facts: facts({ disks: [disk('sda', { readAhead: null })] }),
      skips: ['sda reads nothing ahead.'],
    },
  ],
  'disk-requests': [
    { entry: 'disks = ["nvme"]\nvalue = 64', does: ['/sys/block/nvme0n1/queue/nr_requests = 64'] },
    { entry: 'disks = ["flash"]\nvalue = 64', skips: ['There is no disk of kind flash.'] },
  ],
  'tcp-congestion': [
    { entry: 'value = ["bbr", "cubic"]', does: ['net.ipv4.tcp_congestion_control = cubic'] },
    {
      entry: 'value = ["bbr", "cubic"]\nqdisc = "fq"',
      look: lookOf({ [`${MODULES}/net/ipv4/tcp_bbr.ko.xz`]: '', [`${MODULES}/net/sched/sch_fq.ko`]: '' }),
      does: [{ kind: 'module', module: 'tcp_bbr', loaded: true }, 'net.ipv4.tcp_congestion_control = bbr', 'net.core.default_qdisc = fq'],
    },
    {
      entry: 'value = "cubic"\nqdisc = "fq"',
      look: lookOf({}),
      does: ['net.ipv4.tcp_congestion_control = cubic'],
      skips: ['Whether this kernel has the queue fq is not known.'],
    },
    { entry: 'value = "bbr"', look: lookOf({ [`${MODULES}/net/ipv4/tcp_bbr.ko.txt`]: '' }), skips: ['This kernel has none of bbr.'] },
  ],
  'irq-affinity': [
    { entry: 'cpus = "all"', does: ['/proc/irq/default_smp_affinity = 3'] },
    {
      entry: 'cpus = "housekeeping"',
      look: lookOf({ '/sys/devices/system/cpu/online': '0-3,33', '/sys/devices/system/cpu/isolated': '1-2' }),
      does: ['/proc/irq/default_smp_affinity = 2,00000009'],
    },
    {
      entry: 'cpus = "housekeeping"',
      look: lookOf({ '/sys/devices/system/cpu/isolated': '' }),
      skips: ['No CPU is set apart (isolcpus, nohz_full).'],
    },
    {
      entry: 'cpus = "housekeeping"',
      look: lookOf({ '/sys/devices/system/cpu/isolated': '0-1' }),
      skips: ['No CPU would be left for interrupts.'],
    },
    {
      entry: 'cpus = "efficiency"',
      facts: facts({ cpu: { hybrid: { performance: [0, 1], efficiency: [2, 3] } } }),
      does: ['/proc/irq/default_smp_affinity = c'],
    },
    { entry: 'cpus = "efficiency"', skips: ['All cores of this processor are alike.'] },
    {
      entry: 'cpus = "performance"',
      facts: facts({ cpu: { hybrid: { performance: [0, 1], efficiency: [2, 3] } } }),
      does: ['/proc/irq/default_smp_affinity = 3'],
    },
    {
      entry: 'cpus = "housekeeping"\ndevices = "net"',
      facts: IRQS,
      look: lookOf({ '/sys/devices/system/cpu/online': '0-9', '/proc/cmdline': 'quiet isolcpus=managed_irq,2-3,8-N nohz_full=7\n' }),
      does: ['/proc/irq/default_smp_affinity = 73', '/proc/irq/30/smp_affinity_list = 0-1,4-6'],
    },
    {
      entry: 'cpus = "all"\ndevices = "disk"',
      facts: IRQS,
      does: ['/proc/irq/default_smp_affinity = 3', '/proc/irq/31/smp_affinity_list = 0-1'],
      skips: ['1 of 2 interrupts of disks are placed by the kernel itself, or it does not say that they can be moved.'],
    },
    {
      entry: 'cpus = "all"\ndevices = "all"',
      facts: IRQS,
      does: ['default_smp_affinity = 3', ...[30, 31, 33].map((number) => `${number}/smp_affinity_list = 0-1`)].map(
        (end) => `/proc/irq/${end}`,
      ),
      skips: ['1 of 4 interrupts of devices are placed by the kernel itself, or it does not say that they can be moved.'],
    },
    {
      entry: 'cpus = "all"\ndevices = "net"',
      does: ['/proc/irq/default_smp_affinity = 3'],
      skips: ['No interrupt of network interfaces is known here.'],
    },
  ],
  'numa-balancing': [
    { entry: 'value = false', facts: facts({ memory: { nodes: 2 } }), does: ['kernel.numa_balancing = 0'] },
    { entry: 'value = true', facts: facts({ memory: { nodes: 2 } }), does: ['kernel.numa_balancing = 1'] },
    { entry: 'value = false', skips: ['All memory of this machine is equally near.'] },
  ],
  autogroup: [
    { entry: 'value = false', does: ['kernel.sched_autogroup_enabled = 0'] },
    { entry: 'value = true', does: ['kernel.sched_autogroup_enabled = 1'] },
  ],
  'nvidia-power': [
    {
      entry: 'persistence = true',
      facts: facts({ gpus: [gpu({}), gpu({ vendor: 'amd', driver: 'amdgpu' })] }),
      does: [
        {
          kind: 'command',
          name: 'persistence mode of GPU 0000:01:00.0',
          do: ['nvidia-smi', '--id', '0000:01:00.0', '--persistence-mode', '1'],
          undo: ['nvidia-smi', '--id', '0000:01:00.0', '--persistence-mode', '0'],
          probe: ['nvidia-smi', '--id', '0000:01:00.0', '--query-gpu=persistence_mode', '--format=csv,noheader'],
          wanted: 'Enabled',
        },
      ],
    },
    {
      entry: 'persistence = true',
      facts: facts({ gpus: [gpu({ driver: 'nouveau' })] }),
      skips: ['No GPU here runs under the driver of NVIDIA.'],
    },
    {
      entry: 'limit_share = 0.7',
      facts: facts({ gpus: [gpu({ power: POWER }), gpu({ address: '0000:02:00.0' })] }),
      does: [limitOf('245', '245.00')],
      skips: ['The GPU 0000:02:00.0 sleeps, or does not say between which limits its power can be set.'],
    },
    {
      entry: 'limit_share = 0.5',
      facts: facts({ gpus: [gpu({ power: { ...POWER, least: 200.5 } })] }),
      does: [limitOf('200.5', '200.50')],
    },
  ],
  'amd-power': [
    {
      entry: 'level = "high"',
      facts: facts({ gpus: [gpu({ vendor: 'amd', driver: 'amdgpu' })] }),
      does: ['/sys/class/drm/card0/device/power_dpm_force_performance_level = high'],
    },
    { entry: 'level = "auto"', facts: facts({ gpus: [gpu({})] }), skips: ['No GPU here runs under amdgpu.'] },
    {
      entry: 'level = "auto"\nlimit_share = 0.8',
      facts: facts({ gpus: [gpu({ vendor: 'amd', driver: 'amdgpu', power: { ...POWER, file: '/sys/cap' } })] }),
      does: ['/sys/class/drm/card0/device/power_dpm_force_performance_level = auto', '/sys/cap = 280000000'],
    },
    {
      entry: 'limit_share = 0.8',
      facts: facts({ gpus: [gpu({ vendor: 'amd', driver: 'amdgpu' })] }),
      skips: ['The GPU card0 sleeps, or does not say between which limits its power can be set.'],
    },
  ],
  module: [
    { entry: 'module = "tcp_bbr"\nvalue = true', does: [{ kind: 'module', module: 'tcp_bbr', loaded: true }] },
    {
      entry: 'module = "zram"\nvalue = true\nparameters = { num_devices = "1" }',
      does: [{ kind: 'module', module: 'zram', loaded: true, parameters: { num_devices: '1' } }],
    },
  ],
  unit: [
    {
      entry: 'unit = "irqbalance.service"\nactive = true\nenabled = false',
      does: [{ kind: 'unit', unit: 'irqbalance.service', active: true, enabled: false }],
    },
  ],
  file: [
    { entry: 'path = "/etc/x"\ncontent = "a"', does: [{ kind: 'file', path: '/etc/x', content: 'a' }] },
    { entry: 'path = "/etc/x"\ncontent = "a"\nmode = "0600"', does: [{ kind: 'file', path: '/etc/x', content: 'a', mode: 0o600 }] },
  ],
};

const CALLS = Object.entries(CASES).flatMap(([knob, cases]) => cases.map((one, index) => [`${knob} ${index + 1}`, knob, one] as const));

test.each(CALLS)('%s', (_, knob, { entry, facts: machine = facts(), look = null, does = [], skips = [] }) => {
  const text = `name = "mine"\ntitle = "x"\nsummary = "x"\n[[knobs]]\nknob = "${knob}"\n${entry}\nwhy = "Why."\nsource = "doc"\n`;
  const { plan, skipped } = planProfile(machine, parseProfile(text, 'mine.toml'), look);
  const actions = plan.changes.map(({ action }) => {
    if (action.kind === 'sysctl') return `${action.key} = ${action.value}`;
    return action.kind === 'sysfs' ? `${action.path} = ${action.value}` : action;
  });
  expect({ actions, skipped: skipped.map(({ why }) => why) }).toEqual({ actions: does, skipped: skips });
});

test('every knob has a case and a line of help', () => {
  expect(Object.keys(CASES).sort()).toEqual([...KNOBS.keys()].sort());
  for (const { name, help } of KNOBS.values()) {
    expect(name).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
    expect(help).toMatch(/^[A-Z][^\n]*\.$/);
  }
});
