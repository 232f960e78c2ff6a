import { HecateError, openHost, processStart } from '@hecate/host';
import { openHwmonFans, openSmcFans } from '@hecate/tune';
import type { FanDriver, FanDriverOptions, FanReading } from '@hecate/tune';
import { openChanges } from '../changes/open.ts';
import type { Changes } from '../changes/open.ts';
import type { FanRequest } from './request.ts';

/** Fans, and what they are changed with. */
export interface Fans extends Changes {
  readonly driver: FanDriver;
}

/** Fans by operating system. */
const WAYS: Partial<Record<NodeJS.Platform, (options: FanDriverOptions) => FanDriver>> = { linux: openHwmonFans, darwin: openSmcFans };

/** Where fans show, by operating system; what a Mac lacks its driver knows. */
const HINTS: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'Fans show where the driver of their chip is loaded (sensors-detect of lm-sensors finds it); virtual machines have none.',
};

/** Opens the fans of a machine. Throws UNSUPPORTED where hecate knows no way to them. */
export function openFans(request: FanRequest): Fans {
  const changes = openChanges(request);
  const { host, engine, guard } = changes;
  const open = WAYS[host.platform];
  if (!open) throw new HecateError('UNSUPPORTED', `hecate knows no way to fans on ${host.platform}.`);
  const lease = { pid: process.pid, started: processStart(openHost(), process.pid) };
  return { ...changes, driver: open({ host, engine, guard, lease, force: request.force === true }) };
}

/** Throws UNSUPPORTED for a machine that was recorded: nothing of it can be set. */
export function refuseRecording({ host, driver }: Fans): void {
  if (!host.recording) return;
  driver.close();
  throw new HecateError('UNSUPPORTED', 'This is a recording of a machine: its fans can be looked at, not set.');
}

/** What the driver reads. Throws UNSUPPORTED where there is no fan, with the reason. */
export async function readFans({ driver, host }: Fans): Promise<FanReading> {
  const reading = await driver.read();
  if (reading.none === null) return reading;
  const hint = HINTS[host.platform];
  throw new HecateError('UNSUPPORTED', reading.none, hint === undefined ? {} : { hint });
}
