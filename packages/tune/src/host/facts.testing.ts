import fc from 'fast-check';
import type { Look } from './detect/look.ts';
import type { CpuFacts, CpuPolicy, DiskFacts, GpuFacts, GpuPower, HostFacts, IrqFacts, MemoryFacts, NicFacts } from './facts.ts';

/** A frequency policy of one CPU. */
export const policy = (cpu: number, parts: Partial<CpuPolicy> = {}): CpuPolicy => ({
  name: `policy${cpu}`,
  cpus: [cpu],
  governor: 'powersave',
  governors: ['performance', 'powersave'],
  preferences: ['default', 'performance', 'balance_performance', 'balance_power', 'power'],
  ...parts,
});

/** A disk of its own queue. */
export const disk = (name: string, parts: Partial<DiskFacts> = {}): DiskFacts => ({
  name,
  kind: 'ssd',
  size: 2 ** 40,
  removable: false,
  schedulers: ['none', 'mq-deadline'],
  scheduler: 'mq-deadline',
  readAhead: 131_072,
  ...parts,
});

/** A graphics card. */
export const gpu = (parts: Partial<GpuFacts>): GpuFacts => ({
  vendor: 'nvidia',
  address: '0000:01:00.0',
  driver: 'nvidia',
  card: '/sys/class/drm/card0',
  computeOnly: false,
  memory: null,
  power: null,
  ...parts,
});

/** An interrupt that can be moved. */
export const irq = (number: number, parts: Partial<IrqFacts> = {}): IrqFacts => ({
  irq: number,
  name: `eth0-${number}`,
  cpus: [0, 1],
  settable: true,
  device: null,
  ...parts,
});

const CPU: CpuFacts = {
  vendor: 'intel',
  family: 6,
  model: 143,
  name: 'A processor',
  sockets: 1,
  cores: 2,
  threads: 2,
  smt: false,
  hybrid: null,
  driver: 'intel_pstate',
  policies: [policy(0), policy(1)],
  boost: { path: '/sys/devices/system/cpu/intel_pstate/no_turbo', on: '0', off: '1', isOn: true },
  idleStates: [0, 1].flatMap((cpu) => [
    { cpu, state: 0, name: 'POLL', latency: 0, disabled: false },
    { cpu, state: 1, name: 'C1', latency: 2e-6, disabled: false },
    { cpu, state: 2, name: 'C6', latency: 133e-6, disabled: false },
  ]),
  energyBias: [0, 1],
};

const MEMORY: MemoryFacts = {
  total: 16 * 2 ** 30,
  nodes: 1,
  swap: 0,
  zram: [],
  canZram: true,
  zswap: true,
  pageSize: 4096,
  hugepageSize: 2 ** 21,
};

const FACTS: HostFacts = {
  hostname: 'machine',
  kernel: {
    release: '6.12.0',
    version: [6, 12],
    machine: 'x86_64',
    congestionControls: ['reno', 'cubic'],
    hugepageModes: ['always', 'madvise', 'never'],
  },
  cpu: CPU,
  memory: MEMORY,
  disks: [disk('nvme0n1', { kind: 'nvme' }), disk('sda'), disk('sdb', { kind: 'hdd', schedulers: ['none', 'mq-deadline', 'bfq'] })],
  nics: [],
  gpus: [],
  irqs: [],
  hypervisor: null,
  container: null,
  battery: false,
  mains: true,
  formFactor: 'server',
  roles: {
    containers: [],
    databases: [],
    servers: [],
    virtualMachines: false,
    desktop: false,
    games: [],
    development: [],
    realtime: false,
  },
};

/** A server with some things of its own. */
export const facts = (
  parts: Partial<Omit<HostFacts, 'cpu' | 'memory' | 'kernel' | 'roles'>> & {
    readonly cpu?: Partial<CpuFacts>;
    readonly memory?: Partial<MemoryFacts>;
    readonly kernel?: Partial<HostFacts['kernel']>;
    readonly roles?: Partial<HostFacts['roles']>;
  } = {},
): HostFacts => ({
  ...FACTS,
  ...parts,
  cpu: { ...CPU, ...parts.cpu },
  memory: { ...MEMORY, ...parts.memory },
  kernel: { ...FACTS.kernel, ...parts.kernel },
  roles: { ...FACTS.roles, ...parts.roles },
});

/** Files that can be looked up: their text by path. */
export const lookOf = (files: Readonly<Record<string, string>>): Look => ({
  text: (path) => files[path] ?? null,
  number: (path) => (files[path] === undefined ? null : Number(files[path])),
  words: (path) => (files[path] ?? '').split(/\s+/).filter(Boolean),
  names: (directory, pattern) =>
    Object.keys(files)
      .filter((path) => path.slice(0, path.lastIndexOf('/')) === directory)
      .map((path) => path.slice(directory.length + 1))
      .filter((name) => pattern.test(name)),
  lines: (path) => files[path]?.split('\n') ?? [],
  link: () => null,
  target: () => null,
  writable: (path) => files[path] !== undefined,
});

const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(of, { nil: null });
const some = <T extends string>(...words: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...words]);
const anyNumber = fc.oneof(
  fc.nat(16),
  fc.nat(),
  fc.nat().map((number) => number * 4096),
  fc.maxSafeNat(),
);
const anyName = fc.stringMatching(/^[a-z][a-z0-9!-]{0,12}$/);

const anyDisk: fc.Arbitrary<DiskFacts> = fc.record({
  name: anyName,
  kind: fc.constantFrom('nvme', 'ssd', 'hdd', 'virtual', 'flash', 'loop', 'other'),
  size: anyNumber,
  removable: fc.boolean(),
  schedulers: some('none', 'mq-deadline', 'kyber', 'bfq'),
  scheduler: fc.constant(null),
  readAhead: maybe(anyNumber),
});

const anyNic: fc.Arbitrary<NicFacts> = fc.record({
  name: anyName,
  driver: maybe(anyName),
  speed: maybe(anyNumber),
  wireless: fc.boolean(),
  virtual: fc.boolean(),
});

const anyCpu: fc.Arbitrary<CpuFacts> = fc.record({
  vendor: fc.constantFrom('intel', 'amd', 'arm', 'apple', 'other'),
  family: maybe(fc.nat()),
  model: maybe(fc.nat()),
  name: maybe(fc.string()),
  sockets: maybe(fc.nat(8)),
  cores: maybe(fc.nat(256)),
  threads: fc.nat(512),
  smt: maybe(fc.boolean()),
  hybrid: maybe(fc.record({ performance: fc.uniqueArray(fc.nat(63)), efficiency: fc.uniqueArray(fc.nat(63)) })),
  driver: maybe(fc.constantFrom('intel_pstate', 'amd-pstate-epp', 'acpi-cpufreq')),
  policies: fc.uniqueArray(
    fc.record({
      name: fc.nat(63).map((number) => `policy${number}`),
      cpus: fc.uniqueArray(fc.nat(63)),
      governor: maybe(fc.constantFrom('performance', 'powersave', 'schedutil')),
      governors: some('performance', 'powersave', 'schedutil', 'ondemand'),
      preferences: some('default', 'performance', 'balance_performance', 'balance_power', 'power'),
    }),
    { selector: ({ name }) => name, maxLength: 8 },
  ),
  boost: maybe(fc.constantFrom(CPU.boost!, { path: '/sys/devices/system/cpu/cpufreq/boost', on: '1', off: '0', isOn: false })),
  idleStates: fc.uniqueArray(
    fc.record({
      cpu: fc.nat(3),
      state: fc.nat(4),
      name: anyName,
      latency: fc.double({ min: 0, max: 1, noNaN: true }),
      disabled: fc.boolean(),
    }),
    { selector: ({ cpu, state }) => cpu * 10 + state, maxLength: 12 },
  ),
  energyBias: fc.uniqueArray(fc.nat(63), { maxLength: 8 }),
});

const anyPower: fc.Arbitrary<GpuPower> = fc.record({
  limit: fc.nat(1000),
  defaultLimit: fc.nat(1000),
  least: fc.nat(500),
  most: fc.nat(1000),
  file: maybe(fc.constant('/sys/class/drm/card0/device/hwmon/hwmon3/power1_cap')),
});

const anyIrq: fc.Arbitrary<IrqFacts> = fc.record({
  irq: fc.nat(999),
  name: fc.string(),
  cpus: fc.uniqueArray(fc.nat(63)),
  settable: fc.boolean(),
  device: maybe(fc.constantFrom('eth0', 'nvme0n1')),
});

/** Whatever a machine could be, and much that none is. */
export const anyFacts: fc.Arbitrary<HostFacts> = fc.record({
  hostname: maybe(fc.string()),
  kernel: fc.record({
    release: fc.string(),
    version: fc.tuple(fc.nat(9), fc.nat(99)),
    machine: maybe(fc.constantFrom('x86_64', 'aarch64', 'armv7l')),
    congestionControls: some('reno', 'cubic', 'bbr'),
    hugepageModes: some('always', 'madvise', 'never'),
  }),
  cpu: anyCpu,
  memory: fc.record({
    total: anyNumber,
    nodes: fc.nat(8),
    swap: anyNumber,
    zram: some('zram0', 'zram1'),
    canZram: fc.boolean(),
    zswap: fc.boolean(),
    pageSize: fc.constantFrom(4096, 16_384, 65_536),
    hugepageSize: maybe(fc.constantFrom(2 ** 21, 2 ** 25, 2 ** 29)),
  }),
  disks: fc.uniqueArray(anyDisk, { selector: ({ name }) => name, maxLength: 6 }),
  nics: fc.array(anyNic, { maxLength: 4 }),
  gpus: fc.uniqueArray(
    fc.record({
      vendor: fc.constantFrom('nvidia', 'amd', 'intel', 'apple', 'other'),
      address: maybe(fc.nat(31).map((slot) => `0000:${slot.toString(16).padStart(2, '0')}:00.0`)),
      driver: maybe(fc.constantFrom('nvidia', 'nouveau', 'amdgpu', 'i915')),
      card: maybe(fc.nat(9).map((card) => `/sys/class/drm/card${card}`)),
      computeOnly: fc.boolean(),
      memory: maybe(anyNumber),
      power: maybe(anyPower),
    }),
    { selector: ({ address, card }) => `${address} ${card}`, maxLength: 4 },
  ),
  irqs: fc.uniqueArray(anyIrq, { selector: (row) => row.irq, maxLength: 8 }),
  hypervisor: maybe(fc.constantFrom('kvm', 'vmware', 'other')),
  container: maybe(fc.constantFrom('docker', 'lxc')),
  battery: fc.boolean(),
  mains: maybe(fc.boolean()),
  formFactor: fc.constantFrom('server', 'desktop', 'laptop', 'tablet', 'embedded', 'virtual', 'unknown'),
  roles: fc.record({
    containers: some('docker', 'containerd'),
    databases: some('postgres', 'redis-server'),
    servers: some('nginx'),
    virtualMachines: fc.boolean(),
    desktop: fc.boolean(),
    games: some('steam'),
    development: some('gcc'),
    realtime: fc.boolean(),
  }),
});
