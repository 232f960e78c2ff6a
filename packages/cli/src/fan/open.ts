import { HecateError, openHost, processStart } from '@hecate/host';
import { openHwmonFans } from '@hecate/tune';
import type { FanDriver, FanReading } from '@hecate/tune';
import { openChanges } from '../changes/open.ts';
import type { Changes } from '../changes/open.ts';
import type { FanRequest } from './request.ts';

/** Fans, and what they are changed with. */
export interface Fans extends Changes {
  readonly driver: FanDriver;
}

/** Opens the fans of a machine. Throws UNSUPPORTED where hecate knows no way to them. */
export function openFans(request: FanRequest): Fans {
  const changes = openChanges(request);
  const { host, engine, guard } = changes;
  if (host.platform !== 'linux') throw new HecateError('UNSUPPORTED', `hecate cannot look at fans on ${host.platform} yet.`);
  const lease = { pid: process.pid, started: processStart(openHost(), process.pid) };
  return { ...changes, driver: openHwmonFans({ host, engine, guard, lease, force: request.force === true }) };
}

/** What the driver reads. Throws UNSUPPORTED where there is no fan, with the reason. */
export async function readFans({ driver }: Fans): Promise<FanReading> {
  const reading = await driver.read();
  if (reading.none === null) return reading;
  throw new HecateError('UNSUPPORTED', reading.none, {
    hint: 'Fans show where the driver of their chip is loaded (sensors-detect of lm-sensors finds it); virtual machines have none.',
  });
}
