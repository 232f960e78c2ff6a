import type { Field, Unit } from '@hecate/metrics';

/** The version of the semantic conventions whose names and units are sent. Names of `system.*` and `hw.*` still change from one to the next. */
export const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.44.0';

/** Units as UCUM writes them. */
const UCUM: Readonly<Record<Unit, string>> = {
  bytes: 'By',
  seconds: 's',
  ratio: '1',
  hertz: 'Hz',
  celsius: 'Cel',
  watts: 'W',
  joules: 'J',
  volts: 'V',
  amperes: 'A',
  rpm: 'rpm',
  dBm: 'dB[mW]',
  count: '{count}',
  'bytes/second': 'By/s',
  'count/second': '{count}/s',
  none: '1',
};

/** What is counted, where the conventions say so. */
const COUNTED: readonly (readonly [name: RegExp, unit: string])[] = [
  [/^system\.disk\.(operations|merged)$|^system\.paging\.operations$/, '{operation}'],
  [/^system\.paging\.faults$/, '{fault}'],
  [/^system\.network\.packet\./, '{packet}'],
  [/^system\.network\.errors$/, '{error}'],
  [/^system\.network\.connection\.count$/, '{connection}'],
  [/^system\.cpu\.(logical|physical)\.count$/, '{cpu}'],
  [/^system\.process\.created$/, '{process}'],
  [/^system\.memory\.linux\.hugepages\./, '{page}'],
];

/** The unit of a metric. */
export function unitOf(name: string, unit: Unit): string {
  return COUNTED.find(([pattern]) => pattern.test(name))?.[1] ?? UCUM[unit];
}

/** Sums that go both ways for the conventions: of these a total over attributes means something. */
const UP_DOWN =
  /^system\.(memory\.(usage|limit|linux\..*)|paging\.usage|disk\.limit|filesystem\.(usage|limit)|network\.connection\.count|cpu\.(logical|physical)\.count)$|^container\.memory\.(usage|working_set|rss)$|^hw\.(status|network\.up|network\.bandwidth\.limit|logical_disk\.limit|physical_disk\.size)$/;

/** How a metric is sent: a gauge, a sum that only grows (since boot), or one that goes both ways. */
export type Instrument = 'gauge' | 'counter' | 'up-down';

/** The instrument of a metric of this name. */
export function instrumentOf(name: string, kind: Field<never>['kind'] | 'untyped'): Instrument {
  if (kind === 'counter') return 'counter';
  return UP_DOWN.test(name) ? 'up-down' : 'gauge';
}

/** What the conventions call a label of a collector; those that they do not know keep their name. */
const ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  cpu: { cpu: 'cpu.logical_number' },
  disk: { device: 'system.device' },
  block: { device: 'system.device' },
  filesystem: { device: 'system.device', mountpoint: 'system.filesystem.mountpoint', fstype: 'system.filesystem.type' },
  network: { device: 'network.interface.name' },
  interface: { device: 'network.interface.name' },
  connections: { protocol: 'network.transport', family: 'network.type', state: 'network.connection.state' },
  containers: {
    id: 'container.id',
    name: 'container.name',
    image: 'container.image.name',
    container: 'k8s.container.name',
    pod: 'k8s.pod.name',
    namespace: 'k8s.namespace.name',
    runtime: 'container.runtime.name',
    interface: 'network.interface.name',
  },
};

/** The attribute of a label. */
export const attributeOf = (collector: string, label: string): string => ATTRIBUTES[collector]?.[label] ?? label;

/** Attributes whose values are whole numbers. */
export const WHOLE: ReadonlySet<string> = new Set(['cpu.logical_number']);

/** What kind of thing a metric of `hw.*` is about: by its name, else by the collector. */
const HARDWARE: readonly (readonly [pattern: RegExp, type: string])[] = [
  [/^hw\.(temperature|voltage|fan|battery|network|cpu|logical_disk|physical_disk)\b/, '$1'],
  [/^hw\..* energy$/, 'cpu'],
  [/^hw\..* smart$/, 'physical_disk'],
  [/^hw\..* power$/, 'power_supply'],
];

/** `hw.type` of a metric of hardware. */
export function hardwareType(name: string, collector: string): string {
  for (const [pattern, type] of HARDWARE) {
    const found = pattern.exec(`${name} ${collector}`);
    if (found) return type === '$1' ? found[1]! : type;
  }
  return collector;
}

/** Processors by the names of the conventions. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  i686: 'x86',
  i386: 'x86',
  armv7l: 'arm32',
  ppc64le: 'ppc64',
};

/** `host.arch` of what uname calls the machine. */
export const architectureOf = (machine: string): string => ARCHITECTURES[machine] ?? machine;
