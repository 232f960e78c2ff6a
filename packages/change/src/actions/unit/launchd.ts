import type { WritableHost } from '@hecate/host';
import { runTool } from '../program.ts';
import type { UnitState } from './unit-state.ts';

/** Where jobs of the system lie (launchd.plist(5)). */
const DAEMONS = '/Library/LaunchDaemons';
/** Seconds that starting or ending a job may take. */
const TIMEOUT = 60;

const labelOf = (name: string): string => name.slice(0, -'.plist'.length);

/**
 * How a job of launchd is: `hecate.daemon.plist`, labelled as its file is named. Active is loaded: launchd starts it when it is due.
 * A job that nobody disabled is enabled. Null where there is no such file.
 */
export async function readJob(host: WritableHost, name: string): Promise<UnitState | null> {
  if (host.status(`${DAEMONS}/${name}`) === null) return null;
  const label = labelOf(name);
  const { status } = await host.run(['launchctl', 'print', `system/${label}`]);
  const disabled = (await runTool(host, ['launchctl', 'print-disabled', 'system']))
    .split('\n')
    // Newer systems write `disabled`, older ones `true`.
    .some((line) => line.includes(`"${label}"`) && /=>\s*(?:true|disabled)\s*$/.test(line));
  return { active: status === 0, enabled: !disabled, masked: false };
}

/** Brings a job to a state: a disabled one cannot be loaded, so enabling comes first and disabling last. */
export async function reachJob(host: WritableHost, name: string, now: UnitState, wanted: Partial<UnitState>): Promise<void> {
  const target = `system/${labelOf(name)}`;
  const launchctl = (...words: readonly string[]): Promise<string> => runTool(host, ['launchctl', ...words], { timeout: TIMEOUT });
  if (wanted.enabled === true && !now.enabled) await launchctl('enable', target);
  if (wanted.active === true && !now.active) await launchctl('bootstrap', 'system', `${DAEMONS}/${name}`);
  if (wanted.active === false && now.active) await launchctl('bootout', target);
  if (wanted.enabled === false && now.enabled) await launchctl('disable', target);
}
