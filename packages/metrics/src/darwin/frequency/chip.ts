import { collectGaps, isRefusal } from '../../model/gap.ts';
import type { Gap, GapSink } from '../../model/gap.ts';
import type { FrequencyChannel } from '../../domain/frequency-residency.ts';
import type { Darwin } from '../binding/darwin.ts';
import { listCpus } from '../cpu-types/cpu-list.ts';
import type { Channel } from '../io-report/channel.ts';
import { openIoReport } from '../io-report/report.ts';
import type { IoReport } from '../io-report/report.ts';
import { secondsPerUnit } from '../io-report/states.ts';
import { once } from '../once.ts';
import { readPmgr } from '../pmgr/pmgr.ts';
import type { Pmgr } from '../pmgr/pmgr.ts';
import { ask } from '../reader.ts';
import { parseClusterName, parseCoreName } from './channel-name.ts';
import { frequencyChannel, stepsOf } from './channels.ts';
import { FIELDS_OF_NOW } from './limits.ts';
import { kindsOf, placeClusters, placeCores } from './places.ts';
import type { Cluster, NamedChannel } from './places.ts';
import { chooseTables } from './table-choice.ts';

const GROUP = 'CPU Stats';
const OF_CORES = 'CPU Core Performance States';
const OF_CLUSTERS = 'CPU Complex Performance States';

/** What a chip says of its cores at one moment. */
export interface ChipReading {
  readonly clusters: readonly Cluster[];
  /** Null where the chip's counters cannot be read; a gap says why. */
  readonly channels: readonly FrequencyChannel[] | null;
  /** Hertz of each step of a kind of cores; null where no table fits. */
  tableOf(kind: string): readonly number[] | null;
}

/** An Apple chip: what does not change of it is looked up once. */
export interface Chip {
  /** Why this machine is none of Apple's chips: it has no tables and no counters. Null when it is one. */
  missing(): unknown;
  read(gaps: GapSink): ChipReading;
  /** Gives the subscription back. */
  close(): void;
}

/** What a channel is, once it was seen. */
type About = Pick<FrequencyChannel, 'of' | 'kind' | 'cpu'> & { readonly unit: number };

/** What is known of the cores, their channels and their tables. */
interface Plan {
  /** The channels that it was made of. */
  readonly names: string;
  readonly clusters: readonly Cluster[];
  readonly tables: ReadonlyMap<string, readonly number[] | string>;
  /** What each channel is, by its place; null for one that is not of a CPU. */
  readonly about: readonly (About | null)[];
  readonly gaps: readonly Gap[];
}

const namesIn = (channels: readonly Channel[], subgroup: string): NamedChannel[] =>
  channels.flatMap((one) => {
    const name = one.subgroup !== subgroup ? null : subgroup === OF_CORES ? parseCoreName(one.name) : parseClusterName(one.name);
    return name ? [{ channel: one.name, name }] : [];
  });

/** The channels that stand for kinds of cores: how many states each kind has. Null where its channels do not agree. */
function stepsIn(channels: readonly Channel[], named: readonly NamedChannel[], kind: string): number | null {
  const own = new Set(named.filter(({ name }) => name.kind === kind).map(({ channel }) => channel));
  const steps = new Set(channels.filter(({ name }) => own.has(name)).map(stepsOf));
  return steps.size === 1 ? [...steps][0]! : null;
}

function planOf(darwin: Darwin, pmgrOf: () => Pmgr, channels: readonly Channel[], names: string): Plan {
  const own: Gap[] = [];
  const gaps = collectGaps(own);
  const cpus = ask(gaps, ['frequency.policies.cpus', 'frequency.apple.cpu'], () => listCpus(darwin)) ?? [];
  const fields = ['policies.hardwareMin', 'policies.hardwareMax', 'apple.states.frequency'].map((field) => `frequency.${field}`);
  const pmgr = ask(gaps, fields, pmgrOf);
  const cores = namesIn(channels, OF_CORES);
  const groups = namesIn(channels, OF_CLUSTERS);
  const placed = placeCores(cores, cpus);
  const clusters = placeClusters(groups, cpus);
  const wanted = kindsOf([...clusters, ...cores.map(({ name }) => name)]).map((kind) => ({
    kind,
    steps: stepsIn(channels, [...cores, ...groups], kind),
    clusters: clusters.flatMap((one) => (one.kind === kind && one.cluster !== null ? [one.cluster] : [])),
  }));
  const tables = pmgr ? chooseTables(wanted, pmgr) : new Map<string, string>();
  for (const table of tables.values()) if (typeof table === 'string') for (const field of fields) gaps.add(field, 'error', table);
  if (cores.some(({ channel }) => !placed.has(channel)))
    gaps.add('frequency.apple.cpu', 'error', `The device tree lists ${cpus.length} CPUs; IOReport has channels of ${cores.length} cores.`);
  if (clusters.some((one) => one.cpus.length === 0))
    gaps.add('frequency.policies.cpus', 'error', 'The device tree lists another number of clusters than IOReport has channels of.');
  const kinds = new Map([...cores, ...groups].map(({ channel, name }) => [channel, name.kind]));
  const about = channels.map(({ name, subgroup, unit }): About | null => {
    const kind = kinds.get(name);
    if (kind === undefined) return null;
    const seconds = secondsPerUnit(unit);
    if (seconds === null) {
      gaps.add('frequency.apple', 'error', `IOReport counts ${name} in "${unit ?? ''}", which is not known.`);
      return null;
    }
    const isCore = subgroup === OF_CORES;
    return { of: isCore ? 'core' : 'cluster', kind, cpu: isCore ? (placed.get(name) ?? null) : null, unit: seconds };
  });
  return { names, clusters, tables, about, gaps: own };
}

/** Opens the chip that this machine has. Nothing is asked before it is read. */
export function openChip(darwin: Darwin): Chip {
  let opened: IoReport | undefined;
  const report = once(() => {
    const wanted = [OF_CLUSTERS, OF_CORES].map((subgroup) => ({ group: GROUP, subgroup, kind: 'states' }) as const);
    return (opened = openIoReport(darwin, wanted));
  });
  const pmgr = once(() => readPmgr(darwin));
  let plan: Plan | undefined;
  return {
    missing() {
      const refusals: unknown[] = [];
      for (const source of [pmgr, report])
        try {
          source();
          return null;
        } catch (error) {
          if (!isRefusal(error)) throw error;
          refusals.push(error);
        }
      return refusals[0];
    },
    read(gaps) {
      const channels = ask(gaps, ['frequency.apple', ...FIELDS_OF_NOW], () => report().read());
      const names = (channels ?? []).map(({ name }) => name).join();
      const known = plan?.names === names ? plan : (plan = planOf(darwin, pmgr, channels ?? [], names));
      for (const { field, reason, detail } of known.gaps) gaps.add(field, reason, detail);
      const tableOf = (kind: string): readonly number[] | null => {
        const table = known.tables.get(kind);
        return table === undefined || typeof table === 'string' ? null : table;
      };
      const read = channels?.flatMap((channel, index) => {
        const about = known.about[index];
        if (!about) return [];
        const { unit, ...rest } = about;
        return [frequencyChannel(channel, rest, tableOf(about.kind), unit)];
      });
      return { clusters: known.clusters, channels: read ?? null, tableOf };
    },
    close: () => opened?.close(),
  };
}
