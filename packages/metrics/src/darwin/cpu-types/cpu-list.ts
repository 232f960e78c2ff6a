import type { Darwin } from '../binding/darwin.ts';
import type { CfValue } from '../core-foundation/value.ts';
import { mapServices } from '../io-registry/services.ts';
import type { Entry } from '../io-registry/services.ts';

/** More CPUs than any Mac has: an answer beyond is nonsense. */
export const MOST_CPUS = 4096;

/** A CPU as the device tree describes it. */
export interface ListedCpu {
  /** The number of it that `host_processor_info` counts by. */
  readonly cpu: number;
  /** The letter of its kind: `E`, `P`, `M`, `S`. */
  readonly kind: string;
  /** The number of its cluster in the machine; null where the tree does not say. */
  readonly cluster: number | null;
}

const NAME = /^cpu(\d{1,4})$/;

/** A number of the device tree: an object, or little-endian bytes. */
function numberOf(value: CfValue): number | null {
  if (typeof value === 'number') return value;
  return Buffer.isBuffer(value) && value.length >= 4 ? value.readUInt32LE(0) : null;
}

/** The letter in `"P\0"`. */
function letterOf(value: CfValue): string | null {
  const text = Buffer.isBuffer(value) ? value.toString('latin1', 0, 1) : typeof value === 'string' ? value.slice(0, 1) : '';
  return /^[A-Z]$/.test(text) ? text : null;
}

function cpuOf(entry: Entry): ListedCpu | null {
  const [, number] = NAME.exec(entry.name() ?? '') ?? [];
  if (number === undefined) return null;
  const kind = letterOf(entry.property('cluster-type'));
  if (kind === null) return null;
  const cluster = numberOf(entry.property('logical-cluster-id')) ?? numberOf(entry.property('cluster-id'));
  return { cpu: numberOf(entry.property('logical-cpu-id')) ?? Number(number), kind, cluster };
}

/** The CPUs of Apple silicon by their numbers; none on Intel, where all are alike. Throws what the I/O registry says. */
export function listCpus(darwin: Darwin): readonly ListedCpu[] {
  const found = mapServices(darwin, 'IOPlatformDevice', cpuOf).filter((cpu) => cpu !== null);
  return found.toSorted((a, b) => a.cpu - b.cpu);
}

/** Kinds of cores from the weakest to the strongest: efficiency, then the performance cores of M5 Pro and Max, then the strongest. */
const RANKS = 'EMPS';

/** Which of two kinds is the stronger one: less than 0 where it is the second. Letters that nobody knows come last. */
export function compareKinds(a: string, b: string): number {
  const rank = (kind: string): number => (RANKS.includes(kind) ? RANKS.indexOf(kind) : RANKS.length);
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}
