import type { Host } from '@hecate/host';
import type { Action } from '../action.ts';
import type { Plan } from '../plan.ts';
import { findRivals } from './rivals.ts';
import type { RunningProcess } from './rivals.ts';
import { dotted, readSysctlFiles } from './sysctl-files.ts';

/** Something else that has a say in what a plan changes. */
export interface Conflict {
  /**
   * - `program`: it sets this while it runs, and would set it back
   * - `administrator`: a file in /etc or /run sets it at each boot; somebody wanted it so
   * - `distribution`: a file of a package does
   */
  readonly kind: 'program' | 'administrator' | 'distribution';
  /** The program or the file. */
  readonly name: string;
  /** The change that it is about. */
  readonly action: Action;
  readonly sentence: string;
  readonly hint: string;
}

/**
 * What contradicts a plan on a machine: programs at work, and configuration files that set another value. Reads only. `processes` are
 * those of the machine; by default what /proc tells: without it, as on macOS, no program is found.
 */
export function findConflicts(host: Host, plan: Plan, processes?: Iterable<RunningProcess>): Conflict[] {
  const rivals = findRivals(host, processes);
  const files = readSysctlFiles(host);
  return plan.changes.flatMap(({ action }): Conflict[] => {
    const found = rivals
      .filter(({ writes }) => writes(action))
      .map(({ name, pid, hint }): Conflict => ({
        kind: 'program',
        name,
        action,
        sentence: `${name}${pid === null ? '' : ` (pid ${pid})`} sets this too.`,
        hint,
      }));
    if (action.kind !== 'sysctl') return found;
    const setting = files.get(dotted(action.key));
    if (!setting || setting.value === action.value) return found;
    return [
      ...found,
      {
        kind: setting.isLocal ? 'administrator' : 'distribution',
        name: setting.file,
        action,
        sentence: `${setting.file} sets it to ${setting.value} at each boot.`,
        hint: `Change the file, or leave ${setting.key} out.`,
      },
    ];
  });
}

/** The plan without what the administrator's own files decide: somebody wanted it so. */
export function withoutDecided(plan: Plan, conflicts: readonly Conflict[]): Plan {
  const decided = new Set(conflicts.flatMap(({ kind, action }) => (kind === 'administrator' ? [action] : [])));
  return { ...plan, changes: plan.changes.filter(({ action }) => !decided.has(action)) };
}
