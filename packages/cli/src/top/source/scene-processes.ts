import { NO_PROCESS_RATES } from '@hecate/metrics';
import type { ProcessTable, Rates } from '@hecate/metrics';
import { PROCESS_FIGURES } from '../scene.ts';
import type { ProcessFigure, SceneProcesses } from '../scene.ts';

/** Figures that are columns of a table, as they are. */
const COLUMN_FIGURES = ['rss', 'virtual', 'threads', 'nice', 'priority', 'readBytes', 'writeBytes'] as const;

/** Columns for so many processes, in one piece of memory, so that a scene costs the collector one object. */
export function createFigures(length: number): Record<ProcessFigure, Float64Array> {
  const memory = new Float64Array(length * PROCESS_FIGURES.length).fill(Number.NaN);
  const entries = PROCESS_FIGURES.map((name, index) => [name, memory.subarray(index * length, (index + 1) * length)] as const);
  return Object.fromEntries(entries) as Record<ProcessFigure, Float64Array>;
}

/**
 * The processes of a scene, from a table and its rates (null: none are known yet). They are made anew each time: a scene that is frozen
 * on the screen stays what it was.
 */
export function sceneProcesses(table: ProcessTable, rates: Rates['processes']): SceneProcesses {
  const { length } = table;
  const figures = createFigures(length);
  for (const name of COLUMN_FIGURES) figures[name].set(table[name]);
  const { cpu, cpuTime, readRate, writeRate, majorFaults, switches, power } = figures;
  const { cpuUser, cpuSystem } = table;
  for (let row = 0; row < length; row++) {
    const rate = rates === null ? NO_PROCESS_RATES : rates(row);
    cpuTime[row] = cpuUser[row]! + cpuSystem[row]!;
    cpu[row] = rate.cpu ?? Number.NaN;
    readRate[row] = rate.readBytesPerSecond ?? Number.NaN;
    writeRate[row] = rate.writeBytesPerSecond ?? Number.NaN;
    majorFaults[row] = rate.majorFaultsPerSecond ?? Number.NaN;
    switches[row] = (rate.voluntarySwitchesPerSecond ?? Number.NaN) + (rate.involuntarySwitchesPerSecond ?? Number.NaN);
    power[row] = rate.power ?? Number.NaN;
  }
  return { length, identities: table.identities, state: table.state, figures };
}
