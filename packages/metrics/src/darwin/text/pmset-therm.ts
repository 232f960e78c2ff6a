import type { Host } from '@hecate/host';
import { countOf } from './decimal.ts';
import { askProgram, notUnderstood } from './program.ts';

/** What macOS holds down because of heat, as `pmset -g therm` tells it. Null: it does not say, as on Apple silicon, where nothing has been held down. */
export interface PmsetThermal {
  /** Share of the speed of the CPUs that is allowed, 0 to 1 (Intel). */
  readonly speedLimit: number | null;
  /** Share of the time that the scheduler may use, 0 to 1 (Intel). */
  readonly schedulerLimit: number | null;
  /** CPUs that may be used (Intel). */
  readonly availableCpus: number | null;
  /** 0 to 2; 0 also where pmset notes that none was recorded. */
  readonly thermalWarning: number | null;
  readonly performanceWarning: number | null;
}

const share = (percent: number | null): number | null => (percent === null || percent > 100 ? null : percent / 100);

/** Reads what `pmset -g therm` prints. Throws FAILED where it says nothing that is known. */
export function parsePmsetTherm(text: string): PmsetThermal {
  const limit = (name: string): number | null => countOf(new RegExp(`\\b${name}\\s*=\\s*(\\d+)`).exec(text)?.[1]);
  const warning = (name: string): number | null => {
    const level = countOf(new RegExp(`\\b${name} warning level\\s*[=:]\\s*(\\d+)`, 'i').exec(text)?.[1]);
    return level ?? (new RegExp(`Note: No ${name} warning level has been recorded`, 'i').test(text) ? 0 : null);
  };
  const found: PmsetThermal = {
    speedLimit: share(limit('CPU_Speed_Limit')),
    schedulerLimit: share(limit('CPU_Scheduler_Limit')),
    availableCpus: limit('CPU_Available_CPUs'),
    thermalWarning: warning('thermal'),
    performanceWarning: warning('performance'),
  };
  const isKnown = Object.values(found).some((value) => value !== null) || text.includes('Note: No CPU power status has been recorded');
  if (!isKnown) throw notUnderstood('pmset', text);
  return found;
}

/** What is held down because of heat. Throws as {@link askProgram} and {@link parsePmsetTherm}. */
export async function readPmsetTherm(host: Host): Promise<PmsetThermal> {
  return parsePmsetTherm(await askProgram(host, { argv: ['/usr/bin/pmset', '-g', 'therm'] }));
}
