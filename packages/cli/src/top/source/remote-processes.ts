import type { ProcessIdentity } from '@hecate/metrics';
import type { SceneProcesses } from '../scene.ts';
import { listOf, numberOrNaN, numberOrNull, objectOf, textOrNull } from './remote-values.ts';
import type { Unchecked } from './remote-values.ts';
import { createFigures } from './scene-processes.ts';

/** Rows that are taken: more processes than any machine that is looked at. */
const MOST = 200_000;
const UNKNOWN_STATE = '?'.charCodeAt(0);

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** Makes processes of rows that a daemon sent; null for what is no list of them. The same process keeps its identity from list to list. */
export function createRowReader(): (rows: unknown) => SceneProcesses | null {
  let known = new Map<number, ProcessIdentity>();
  return (given) => {
    if (!Array.isArray(given)) return null;
    const rows = listOf(given, MOST).map(objectOf).filter(isProcess);
    const { length } = rows;
    const figures = createFigures(length);
    const state = new Uint8Array(length);
    const now = new Map<number, ProcessIdentity>();
    const identities = rows.map((row, index) => {
      const letter = row['state'];
      state[index] = typeof letter === 'string' && letter.length === 1 ? letter.charCodeAt(0) : UNKNOWN_STATE;
      figures.cpu[index] = numberOrNaN(row['cpu']);
      figures.cpuTime[index] = numberOrNaN(row['cpuUser']) + numberOrNaN(row['cpuSystem']);
      figures.rss[index] = numberOrNaN(row['rss']);
      figures.virtual[index] = numberOrNaN(row['virtual']);
      figures.threads[index] = numberOrNaN(row['threads']);
      figures.nice[index] = numberOrNaN(row['nice']);
      figures.priority[index] = numberOrNaN(row['priority']);
      figures.readRate[index] = numberOrNaN(row['readBytesPerSecond']);
      figures.writeRate[index] = numberOrNaN(row['writeBytesPerSecond']);
      figures.readBytes[index] = numberOrNaN(row['readBytes']);
      figures.writeBytes[index] = numberOrNaN(row['writeBytes']);
      figures.majorFaults[index] = numberOrNaN(row['majorFaultsPerSecond']);
      figures.switches[index] = numberOrNaN(row['voluntarySwitchesPerSecond']) + numberOrNaN(row['involuntarySwitchesPerSecond']);
      figures.power[index] = numberOrNaN(row['power']);
      const identity = identityOf(row, known);
      now.set(identity.pid, identity);
      return identity;
    });
    known = now;
    return { length, identities, state, figures };
  };
}

const isProcess = ({ pid, startedAfterBoot }: Unchecked): boolean =>
  typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0 && typeof startedAfterBoot === 'number';

/** The identity of a row, the one of the list before where it is the same process: its name may have changed since. */
function identityOf(row: Unchecked, known: ReadonlyMap<number, ProcessIdentity>): ProcessIdentity {
  const pid = row['pid'] as number;
  const startedAfterBoot = row['startedAfterBoot'] as number;
  const uid = numberOrNull(row['uid']);
  const before = known.get(pid);
  const identity: Partial<Mutable<ProcessIdentity>> = before?.startedAfterBoot === startedAfterBoot ? before : {};
  return Object.assign(identity, {
    pid,
    startedAfterBoot,
    startTime: numberOrNaN(row['startTime']),
    ppid: numberOrNull(row['ppid']) ?? 0,
    name: textOrNull(row['name']) ?? '',
    command: textOrNull(row['command']),
    uid,
    user: textOrNull(row['user']) ?? (uid === null ? null : String(uid)),
    gid: numberOrNull(row['gid']),
    kernel: row['kernel'] === true,
    cgroup: textOrNull(row['cgroup']),
    unit: textOrNull(row['unit']),
    slice: textOrNull(row['slice']),
    container: textOrNull(row['container']),
  });
}
