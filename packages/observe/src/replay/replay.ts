import { errnoOf } from '@hecate/host';
import type { MachineEvent } from '@hecate/metrics';
import { KEPT_ALERTS } from '../alert/alert-store.ts';
import type { Alert } from '../alert/alerts.ts';
import { openStateFile } from '../alert/state-file.ts';
import { openEventFiles } from '../event/event-files.ts';
import { readProcessesAt, recordedProcessSpan } from '../process-log/process-history.ts';
import type { RecordedSpan } from '../process-log/process-history.ts';
import type { RecordedProcesses } from '../process-log/recorded-table.ts';
import { openRecordedRows } from './recorded-rows.ts';
import type { RecordedRow } from './recorded-rows.ts';

/** What is known of a moment of the past. Null: it was not recorded. */
export interface Moment {
  /** Seconds since the epoch that were asked for. */
  readonly time: number;
  readonly row: RecordedRow | null;
  readonly processes: RecordedProcesses | null;
  /** What happened in the quarter of an hour before, and in the minute after; oldest first. */
  readonly events: readonly MachineEvent[];
  /** What was wrong then, as far as the history of alerts goes back. */
  readonly alerts: readonly Alert[];
}

/** What there is to replay. */
export interface Replayable {
  /** Days that have rows, `2026-11-21`, oldest first. */
  readonly days: readonly string[];
  /** Null: no process tables are kept. */
  readonly processes: RecordedSpan | null;
}

/** A machine as it was. */
export interface Replay {
  /** Everything of a moment. Rejects with DENIED, INVALID or FAILED when files cannot be read. */
  at(time: number): Promise<Moment>;
  /** Some columns of the row, and the processes: for one moment after another. */
  glance(time: number, columns: readonly string[]): Promise<Pick<Moment, 'time' | 'row' | 'processes'>>;
  /** What there is. */
  extent(): Promise<Replayable>;
  /**
   * The first and the last moment that anything is known of, seconds since the epoch; null when nothing is. Of one day (`2026-11-21`)
   * its rows count. Errors as of `at`.
   */
  span(day?: string): Promise<RecordedSpan | null>;
  /** What happened in the quarter of an hour before; oldest first. */
  eventsBefore(time: number): Promise<readonly MachineEvent[]>;
}

/** Seconds before and after a moment whose events belong to it. */
const BEFORE = 900;
const AFTER = 60;
const MOST_EVENTS = 20;

/** Opens what was recorded in a data directory. `alertFile` is where the daemon keeps its alerts. It only reads, and tells `say` what it could not. */
export function openReplay(dataDir: string, alertFile: string, say: (sentence: string) => void): Replay {
  const rows = openRecordedRows(dataDir);
  const events = openEventFiles({ directory: dataDir, log: say });
  const alertsAt = (time: number): Alert[] => {
    const seen = new Set<string>();
    // The newest first: of each alert the last change before the moment counts.
    const changes = openStateFile(alertFile, KEPT_ALERTS, 'alerts', say).kept?.history ?? [];
    return changes.flatMap(({ time: changed, alert }) => {
      if (changed > time || seen.has(alert.id)) return [];
      seen.add(alert.id);
      return alert.severity === null ? [] : [alert];
    });
  };
  const eventsAround = async (time: number, after: number = AFTER): Promise<readonly MachineEvent[]> => {
    try {
      return await events.read({ from: time - BEFORE, to: time + after, limit: MOST_EVENTS });
    } catch (error) {
      if (errnoOf(error) !== 'EACCES' && errnoOf(error) !== 'EPERM') throw error;
      say(`The events in ${dataDir} may not be read by this user.`);
      return [];
    }
  };
  return {
    async at(time) {
      return {
        time,
        row: await rows.at(time),
        processes: await readProcessesAt(dataDir, time),
        events: await eventsAround(time),
        alerts: alertsAt(time),
      };
    },
    async glance(time, columns) {
      return { time, row: await rows.at(time, columns), processes: await readProcessesAt(dataDir, time) };
    },
    extent: async () => ({ days: rows.days(), processes: await recordedProcessSpan(dataDir) }),
    async span(day) {
      if (day !== undefined) return rows.span(day);
      const spans = [await rows.span(), await recordedProcessSpan(dataDir)].filter((span) => span !== null);
      if (spans.length === 0) return null;
      return { from: Math.min(...spans.map(({ from }) => from)), to: Math.max(...spans.map(({ to }) => to)) };
    },
    eventsBefore: (time) => eventsAround(time, 0),
  };
}
