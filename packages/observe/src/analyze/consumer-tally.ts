import type { ProcessIdentity } from '@hecate/metrics';
import { LONGEST_GAP } from '../process-log/recorded-table.ts';
import { RECORDED_COLUMNS } from '../process-log/recorded-column.ts';
import type { RecordedColumnName } from '../process-log/recorded-column.ts';
import type { DecodedTable } from '../process-log/table-decoder.ts';

/** What processes of one name, unit and container took. */
export interface Tally {
  readonly name: string;
  readonly unit: string | null;
  readonly container: string | null;
  cpuSeconds: number;
  /** Bytes times seconds, and the greatest sum of all its processes at a moment. */
  memorySeconds: number;
  peakMemory: number;
  /** Null until a process of it may be read. */
  readBytes: number | null;
  writeBytes: number | null;
  /** Seconds in which at least one of them was there. */
  seconds: number;
  processes: number;
  /** The table that it was seen in last, and the memory of its processes in that. */
  stamp: number;
  memoryNow: number;
}

/** Adds up what processes took from table to table. */
export interface ConsumerTally {
  /** The next run begins: its processes are the same, but told anew. */
  beginRun(): void;
  /** A table; `counts` is false for one that is only there to measure the next from. `step` is the seconds that were meant between two. */
  add(table: DecodedTable, step: number, counts: boolean): void;
  /** All that were kept. */
  readonly tallies: Iterable<Tally>;
  /** Seconds between tables that were added up, and how many of those there were. */
  readonly facts: { coveredSeconds: number; tables: number; cpuSeconds: number; dropped: number };
}

interface Process {
  tally: Tally;
  name: string;
  cpu: number;
  read: number;
  write: number;
  row: number;
}

/** Names that are kept. Where there are more, those with the least CPU time go: a machine may make names without end. */
const MOST_TALLIES = 10_000;

const place = (name: RecordedColumnName): number => RECORDED_COLUMNS.findIndex((column) => column.name === name);
const [USER, SYSTEM, RSS, READ, WRITE] = [place('cpuUser'), place('cpuSystem'), place('rss'), place('readBytes'), place('writeBytes')];
/** What one of the whole numbers stands for. */
const CPU_UNIT = RECORDED_COLUMNS[USER]!.unit;
const RSS_UNIT = RECORDED_COLUMNS[RSS]!.unit;
/** What 0 is kept as, and the sum of two of them. */
const NOTHING = 1;
const NO_CPU = 2;

const keyOf = ({ pid, startedAfterBoot }: ProcessIdentity): string => `${pid} ${startedAfterBoot}`;
/** Threads of the kernel are told by what they do: `kworker/3:1` is one of many workers. */
const nameOf = ({ kernel, name }: ProcessIdentity): string => (kernel ? (name.split(/[/:]/, 1)[0] ?? name) : name);

/** An empty tally. */
export function createConsumerTally(): ConsumerTally {
  const tallies = new Map<string, Tally>();
  const facts = { coveredSeconds: 0, tables: 0, cpuSeconds: 0, dropped: 0 };
  /** Processes of this run, and of the run before by number and start. */
  let seen = new Map<ProcessIdentity, Process>();
  let carried = new Map<string, Process>();
  let before: { readonly identities: readonly ProcessIdentity[]; readonly time: number; readonly monotonic: number } | null = null;
  let rows: Process[] = [];
  let stamp = 0;

  const tallyOf = (identity: ProcessIdentity): Tally => {
    const name = nameOf(identity);
    const { container, unit } = identity;
    const key = `${name}\u0000${container ?? ''}\u0000${unit ?? ''}`;
    let tally = tallies.get(key);
    if (tally === undefined) {
      const nothing = { cpuSeconds: 0, memorySeconds: 0, peakMemory: 0, readBytes: null, writeBytes: null };
      tally = { name, unit, container, ...nothing, seconds: 0, processes: 0, stamp: 0, memoryNow: 0 };
      tallies.set(key, tally);
      if (tallies.size > MOST_TALLIES) prune();
    }
    return tally;
  };

  const prune = (): void => {
    // Who was there a moment ago stays, because its processes go on counting.
    const old = [...tallies].filter(([, tally]) => tally.stamp < stamp - 1).sort(([, a], [, b]) => a.cpuSeconds - b.cpuSeconds);
    for (const [key] of old.slice(0, MOST_TALLIES / 2)) tallies.delete(key);
    facts.dropped += Math.min(old.length, MOST_TALLIES / 2);
  };

  /** A process that this run has not told of before. */
  const meet = (identity: ProcessIdentity, columns: readonly Float64Array[], row: number): Process => {
    const known = carried.get(keyOf(identity));
    if (known) {
      seen.set(identity, known);
      return known;
    }
    const tally = tallyOf(identity);
    tally.processes += 1;
    // What a process took before it was first seen counts when it began after the table before.
    const isNew = before !== null && identity.startTime * 1000 > before.time;
    const code = (column: number): number => columns[column]![row]!;
    const process: Process = {
      tally,
      name: identity.name,
      cpu: isNew ? NO_CPU : code(USER) + code(SYSTEM),
      read: isNew ? NOTHING : code(READ),
      write: isNew ? NOTHING : code(WRITE),
      row,
    };
    seen.set(identity, process);
    return process;
  };

  return {
    tallies: { [Symbol.iterator]: () => tallies.values() },
    facts,
    beginRun() {
      carried = new Map(
        [...seen]
          .filter(([identity, process]) => rows[process.row] === process && before?.identities[process.row] === identity)
          .map(([identity, process]) => [keyOf(identity), process]),
      );
      seen = new Map();
      before = before && { ...before, identities: [] };
      rows = [];
    },
    add({ identities, columns, time, monotonic }, step, counts) {
      const elapsed = before === null ? 0 : (monotonic - before.monotonic) / 1000;
      const isNext = elapsed > 0 && elapsed <= step * LONGEST_GAP;
      // After a pause, or a start of the machine, nothing is known of the time between.
      if (!isNext && elapsed !== 0) before = null;
      const adds = isNext && counts;
      const [user, system, rss, read, write] = [columns[USER]!, columns[SYSTEM]!, columns[RSS]!, columns[READ]!, columns[WRITE]!];
      stamp += 1;
      let at = 0;
      const next: Process[] = [];
      for (let row = 0; row < identities.length; row += 1) {
        const identity = identities[row]!;
        const process = before?.identities[at] === identity ? rows[at]! : (seen.get(identity) ?? meet(identity, columns, row));
        at = process.row + 1;
        if (process.name !== identity.name) {
          // It became another program.
          process.name = identity.name;
          process.tally = tallyOf(identity);
          process.tally.processes += 1;
        }
        const cpu = user[row]! > 0 && system[row]! > 0 ? user[row]! + system[row]! : 0;
        if (adds) {
          const { tally } = process;
          // A figure that was not known before says nothing of what was spent since.
          const spent = process.cpu > 0 ? Math.max(0, cpu - process.cpu) * CPU_UNIT : 0;
          tally.cpuSeconds += spent;
          facts.cpuSeconds += spent;
          if (tally.stamp !== stamp) {
            tally.stamp = stamp;
            tally.memoryNow = 0;
            tally.seconds += elapsed;
          }
          const memory = Math.max(0, rss[row]! - 1) * RSS_UNIT;
          tally.memoryNow += memory;
          tally.memorySeconds += memory * elapsed;
          if (tally.memoryNow > tally.peakMemory) tally.peakMemory = tally.memoryNow;
          if (read[row]! > 0 && process.read > 0) tally.readBytes = (tally.readBytes ?? 0) + Math.max(0, read[row]! - process.read);
          if (write[row]! > 0 && process.write > 0) tally.writeBytes = (tally.writeBytes ?? 0) + Math.max(0, write[row]! - process.write);
        }
        process.cpu = cpu;
        process.read = read[row]!;
        process.write = write[row]!;
        process.row = row;
        next.push(process);
      }
      if (adds) {
        facts.coveredSeconds += elapsed;
        facts.tables += 1;
      }
      rows = next;
      before = { identities, time, monotonic };
    },
  };
}
