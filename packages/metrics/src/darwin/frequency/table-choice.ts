import type { Pmgr } from '../pmgr/pmgr.ts';

/** The table of a CPU goes up to this at least: those of the GPU and of others stay below. Hertz. */
const LEAST_OF_CPUS = 2e9;

/** A kind of cores whose table of frequencies is wanted. */
export interface WantedTable {
  readonly kind: string;
  /** How many states it works in; null where no channel tells. */
  readonly steps: number | null;
  /** The numbers of its clusters; none where they are not known. */
  readonly clusters: readonly number[];
}

type Table = readonly number[];

const highest = (table: Table): number => Math.max(...table);

/** The tables, each once: clusters of a kind have the same one. The slowest first. */
function distinct(tables: readonly Table[]): Table[] {
  const once = new Map(tables.map((table) => [table.join(), table]));
  return [...once.values()].toSorted((a, b) => highest(a) - highest(b));
}

const isKnown = (table: Table | undefined): table is Table => table !== undefined;

/** Which tables a chip has for its CPUs: those that it names, otherwise those that are quick enough. */
function tablesOfCpus({ tables, clusters }: Pmgr): Table[] {
  const named = clusters.map(({ table }) => tables.get(table)).filter(isKnown);
  return distinct(named.length > 0 ? named : [...tables.values()].filter((table) => highest(table) >= LEAST_OF_CPUS));
}

/** What is wrong with tables that could have been wanted. */
function blameOf({ damaged, clusters }: Pmgr): string {
  const named = new Set(clusters.map(({ table }) => table));
  const bad = [...damaged].filter(([table, what]) => (named.size === 0 ? what !== 'is empty' : named.has(table)));
  return bad.map(([table, what]) => ` voltage-states${table} ${what}.`).join('');
}

/**
 * The frequencies of each kind of cores, the weakest kind first in `wanted`: hertz of each step, or why none fits. Nothing is taken by the
 * number of a table, which differs between chips, nor by the chip's name:
 * 1. the table that the chip names for the clusters of the kind (M5), if it has as many steps as the channels have states
 * 2. the only table with as many steps
 * 3. where there are as many tables as kinds: the stronger kind has the quicker one
 */
export function chooseTables(wanted: readonly WantedTable[], pmgr: Pmgr): ReadonlyMap<string, Table | string> {
  const all = tablesOfCpus(pmgr);
  const fits = (table: Table, steps: number | null): boolean => steps === null || table.length === steps;
  const choose = ({ kind, steps, clusters }: WantedTable, rank: number): Table | string => {
    const named = pmgr.clusters.filter(({ cluster }) => clusters.includes(cluster)).map(({ table }) => pmgr.tables.get(table));
    const own = distinct(named.filter(isKnown));
    if (own.length === 1 && fits(own[0]!, steps)) return own[0]!;
    const same = all.filter((table) => fits(table, steps));
    if (same.length === 1) return same[0]!;
    const ranked = all.length === wanted.length ? all[rank] : undefined;
    if (ranked && fits(ranked, steps)) return ranked;
    const sizes = all.map((table) => table.length).join(', ') || 'no';
    const what = steps === null ? 'no channel tells which is whose' : `cores ${kind} have ${steps}`;
    return `The tables of the CPUs' frequencies have ${sizes} steps, and ${what}.${blameOf(pmgr)}`;
  };
  return new Map(wanted.map((one, rank) => [one.kind, choose(one, rank)]));
}
