// The formulas of the rates. Code cannot be printed as a formula, so they are written here; the check below sees to it that
// every rate that the code derives has one, and no other.
import { COLLECTOR_NAMES, deriveRates } from './built.mjs';

const MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'];
const perSecond = (counter) => `Δ ${counter} / elapsed`;

/** By path under `rates`: unit, formula, when null. */
const FORMULAS = {
  elapsed: ['seconds', 'monotonic time of the later snapshot - that of the earlier', 'there was no earlier snapshot'],
  ...Object.fromEntries(MODES.map((mode) => [`cpu.${mode}`, ['ratio', `Δ ${mode} / Δ all modes; a mode that went back counts 0`, '']])),
  'cpu.usage': ['ratio', '1 - idle - iowait', ''],
  'cpu.cores[]': ['ratio', 'the same for each CPU, with its number `cpu`', 'left out: the CPU was offline in between'],
  'cpu.contextSwitchesPerSecond': ['count/second', perSecond('contextSwitches'), 'the counter is unknown or went back'],
  'cpu.interruptsPerSecond': ['count/second', perSecond('interrupts'), 'the counter is unknown or went back'],
  'cpu.forksPerSecond': ['count/second', perSecond('forks'), 'the counter is unknown or went back'],
  ...Object.fromEntries(
    ['cpu', 'io', 'memory', 'irq'].flatMap((resource) =>
      ['some', 'full'].map((kind) => [
        `pressure.${resource}.${kind}`,
        ['ratio', `Δ pressure.${resource}.${kind}.total / elapsed, at most 1`, 'the kernel keeps no such figure'],
      ]),
    ),
  ),
  'disk.devices[].readBytesPerSecond': ['bytes/second', perSecond('readBytes'), 'the counter went back'],
  'disk.devices[].writeBytesPerSecond': ['bytes/second', perSecond('writeBytes'), 'the counter went back'],
  'disk.devices[].readsPerSecond': ['count/second', perSecond('reads'), 'the counter went back'],
  'disk.devices[].writesPerSecond': ['count/second', perSecond('writes'), 'the counter went back'],
  'disk.devices[].readLatency': ['seconds', 'Δ readTime / Δ reads', 'no read finished'],
  'disk.devices[].writeLatency': ['seconds', 'Δ writeTime / Δ writes', 'no write finished'],
  'disk.devices[].utilization': ['ratio', 'Δ ioTime / elapsed, at most 1', 'the counter is unknown or went back'],
  'disk.devices[].queue': ['count', 'Δ weightedIoTime / elapsed', 'the counter is unknown or went back'],
  'disk.total': [
    '',
    'sums over physical disks; latencies weighted by the number of requests; utilization of the busiest disk',
    'no disk is known',
  ],
  'network.devices[].receiveBytesPerSecond': ['bytes/second', perSecond('receiveBytes'), 'the counter went back'],
  'network.devices[].transmitBytesPerSecond': ['bytes/second', perSecond('transmitBytes'), 'the counter went back'],
  'network.devices[].receivePacketsPerSecond': ['count/second', perSecond('receivePackets'), 'the counter went back'],
  'network.devices[].transmitPacketsPerSecond': ['count/second', perSecond('transmitPackets'), 'the counter went back'],
  'network.devices[].errorsPerSecond': [
    'count/second',
    'Δ receiveErrors / elapsed + Δ transmitErrors / elapsed',
    'both counters went back',
  ],
  'network.devices[].dropsPerSecond': ['count/second', 'Δ receiveDrops / elapsed + Δ transmitDrops / elapsed', 'both counters went back'],
  'network.total': ['', 'sums over physical interfaces; where there are none (in a container), over all but lo', 'no interface is known'],
  'processes[].cpu': ['ratio', '(Δ cpuUser + Δ cpuSystem) / elapsed; 1 is one core', 'the process is new'],
  'processes[].readBytesPerSecond': [
    'bytes/second',
    'Δ readBytes / time between its two readings',
    'its I/O was read only once so far, or may not be read',
  ],
  'processes[].writeBytesPerSecond': [
    'bytes/second',
    'Δ writeBytes / time between its two readings',
    'its I/O was read only once so far, or may not be read',
  ],
};

/** Things with a name, not rates. */
const NAMES = new Set(['disk.devices[].device', 'disk.devices[].physical', 'network.devices[].device']);

/** A snapshot in which every counter stands at `count`: enough for the code to derive every rate that it knows. */
function counted(count) {
  const numbers = new Proxy({}, { get: (_, name) => (typeof name === 'string' ? count : undefined) });
  const stall = { some: { total: count }, full: { total: count } };
  const core = Object.fromEntries([...MODES, 'cpu'].map((mode) => [mode, mode === 'cpu' ? 0 : count]));
  return {
    ...Object.fromEntries(COLLECTOR_NAMES.map((name) => [name, null])),
    time: count,
    monotonic: count,
    gaps: [],
    runs: [],
    cpu: { total: core, cores: [core], contextSwitches: count, interrupts: count, forks: count },
    pressure: { cpu: stall, io: stall, memory: stall, irq: stall },
    disk: [Object.assign(Object.create(numbers), { device: 'sda', major: 8, minor: 0, physical: true })],
    network: [Object.assign(Object.create(numbers), { device: 'eth0', index: 1, physical: true })],
    processes: {
      length: 1,
      identities: [PROCESS],
      ioTime: [count],
      earlierIoTime: [count - 1],
      earlierReadBytes: [count - 1],
      earlierWriteBytes: [count - 1],
      cpuUser: [count],
      cpuSystem: [count],
      readBytes: [count],
      writeBytes: [count],
    },
  };
}
const PROCESS = { pid: 1 };

/** Paths of everything that the code derives, in its order. */
function derivedPaths() {
  const { gaps: _gaps, processes, ...rates } = deriveRates(counted(1), counted(2));
  const paths = [];
  const walk = (value, path) => {
    if (path in FORMULAS) paths.push(path);
    else if (Array.isArray(value)) walk(value[0], `${path}[]`);
    else if (typeof value === 'object' && value !== null)
      for (const [key, child] of Object.entries(value)) walk(child, path ? `${path}.${key}` : key);
    else if (!NAMES.has(path)) paths.push(path);
  };
  walk(rates, '');
  for (const key of Object.keys(processes(0))) paths.push(`processes[].${key}`);
  return paths;
}

/** Rows of the table of rates. Throws when code and formulas differ. */
export function rateRows() {
  const paths = derivedPaths();
  const bare = paths.filter((path) => !(path in FORMULAS));
  const stale = Object.keys(FORMULAS).filter((path) => !paths.includes(path));
  if (bare.length > 0) throw new Error(`scripts/docs/derived-rates.mjs has no formula for ${bare.join(', ')}.`);
  if (stale.length > 0) throw new Error(`scripts/docs/derived-rates.mjs has formulas that no code derives: ${stale.join(', ')}.`);
  return Object.keys(FORMULAS).map((path) => [path, ...FORMULAS[path]]);
}
