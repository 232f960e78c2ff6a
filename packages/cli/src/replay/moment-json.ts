import { countProcesses } from '@hecate/metrics';
import { orderedRows } from '@hecate/observe';
import type { Moment } from '@hecate/observe';
import type { ProcessChoice } from './moment-panels.ts';

type Glance = Pick<Moment, 'time' | 'row' | 'processes'>;

/** A moment as plain data: what is not known is null. */
function glanceData({ time, row, processes }: Glance, { sort, limit }: ProcessChoice): object {
  return {
    time,
    row: row && { time: row.time, values: Object.fromEntries(row.values) },
    processes: processes && {
      time: processes.time,
      count: processes.table.length,
      ...countProcesses(processes.table),
      list: orderedRows(processes.table, processes.rates, sort, limit),
    },
  };
}

/** A glance as one line of JSON. */
export function encodeGlanceJson(glance: Glance, choice: ProcessChoice): string {
  return `${JSON.stringify(glanceData(glance, choice))}\n`;
}

/** A moment as JSON. */
export function encodeMomentJson(moment: Moment, choice: ProcessChoice): string {
  const { events, alerts } = moment;
  return `${JSON.stringify({ ...glanceData(moment, choice), events, alerts }, null, 2)}\n`;
}
