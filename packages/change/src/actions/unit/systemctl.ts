import type { WritableHost } from '@hecate/host';
import { runTool } from '../program.ts';

/** Seconds that a job of systemd may take: as long as systemd itself waits for a service (DefaultTimeoutStartSec), and a little. */
const TIMEOUT = 100;

/** What can be done with a unit. */
export type UnitVerb = 'start' | 'stop' | 'enable' | 'disable' | 'mask' | 'unmask';

/** Does it, and waits for the job. Throws FAILED with what systemd says. */
export async function systemctl(host: WritableHost, verb: UnitVerb, unit: string): Promise<void> {
  await runTool(host, ['systemctl', '--no-ask-password', '--quiet', verb, '--', unit], { timeout: TIMEOUT });
}

/** Properties of a unit (org.freedesktop.systemd1(5)) by name. */
export async function showUnit(host: WritableHost, unit: string, ...names: readonly string[]): Promise<Map<string, string>> {
  const shown = await runTool(host, ['systemctl', '--no-pager', 'show', `--property=${names.join(',')}`, '--', unit]);
  return new Map(
    shown.split('\n').flatMap((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    }),
  );
}
