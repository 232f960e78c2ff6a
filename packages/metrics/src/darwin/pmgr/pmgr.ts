import { HecateError } from '@hecate/host';
import type { Darwin } from '../binding/darwin.ts';
import type { CfDictionary } from '../core-foundation/value.ts';
import { mapServices } from '../io-registry/services.ts';
import { parseFrequencyTable } from './frequency-table.ts';

/** Which table a cluster of CPUs has. */
export interface ClusterTable {
  /** The N of `voltage-statesN`. */
  readonly table: number;
  /** The number of the cluster. */
  readonly cluster: number;
}

/** What the power manager of the chip says of its frequencies. */
export interface Pmgr {
  /** Hertz of each step, by the N of `voltage-statesN`. */
  readonly tables: ReadonlyMap<number, readonly number[]>;
  /** Tables that say nothing sensible, and what is wrong with them. */
  readonly damaged: ReadonlyMap<number, string>;
  /** The tables of the CPUs by their clusters (M5 and newer); empty where the chip does not say. */
  readonly clusters: readonly ClusterTable[];
}

/** Bytes of an entry of `acc-clusters`: the number of the table, that of the cluster, and what nobody knows. */
const CLUSTER_ENTRY = 8;
const TABLE = /^voltage-states(\d{1,3})(?:-sram)?$/;

/** The entries of `acc-clusters`; none when it is not there. */
export function parseClusterTables(bytes: Buffer): readonly ClusterTable[] {
  const entries: ClusterTable[] = [];
  for (let at = 0; at + CLUSTER_ENTRY <= bytes.length; at += CLUSTER_ENTRY) entries.push({ table: bytes[at]!, cluster: bytes[at + 1]! });
  return entries;
}

/** What the properties of the power manager say. */
export function parsePmgr(properties: CfDictionary): Pmgr {
  const dataOf = (key: string): Buffer | null => {
    const value = properties[key];
    return Buffer.isBuffer(value) ? value : null;
  };
  const tables = new Map<number, readonly number[]>();
  const damaged = new Map<number, string>();
  for (const index of new Set(
    Object.keys(properties)
      .flatMap((key) => TABLE.exec(key)?.[1] ?? [])
      .map(Number),
  )) {
    const table = parseFrequencyTable(dataOf(`voltage-states${index}-sram`), dataOf(`voltage-states${index}`));
    if (typeof table === 'string') damaged.set(index, table);
    else tables.set(index, table);
  }
  return { tables, damaged, clusters: parseClusterTables(dataOf('acc-clusters') ?? Buffer.alloc(0)) };
}

/** The power manager of the chip. Throws UNSUPPORTED where there is none, as in a virtual machine and on Intel. */
export function readPmgr(darwin: Darwin): Pmgr {
  const found = mapServices(darwin, 'AppleARMIODevice', (entry) => (entry.name() === 'pmgr' ? entry.properties() : null));
  const properties = found.find((one) => one !== null);
  if (!properties) throw new HecateError('UNSUPPORTED', 'This Mac shows no power manager (pmgr), which has the tables of frequencies.');
  return parsePmgr(properties);
}
