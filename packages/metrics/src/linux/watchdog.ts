import type { Host } from '@hecate/host';
import { watchdogGroups } from '../domain/watchdog.ts';
import type { Watchdog } from '../domain/watchdog.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { attributesOf } from './attribute.ts';
import { byNumber, namesIn } from './device-files/device-path.ts';

const WATCHDOG = '/sys/class/watchdog';

/** One watchdog. What it says is read from /sys: opening its device would start it. */
function readWatchdog(host: Host, name: string, gaps: GapSink): Watchdog {
  const { text, number } = attributesOf(host, `${WATCHDOG}/${name}`, `watchdog.${name}`, gaps);
  return {
    name,
    identity: text('identity'),
    state: text('state'),
    status: text('status'),
    options: text('options'),
    pretimeoutGovernor: text('pretimeout_governor'),
    bootStatus: number('bootstatus'),
    firmwareVersion: number('fw_version'),
    noWayOut: number('nowayout'),
    timeLeft: number('timeleft'),
    timeout: number('timeout'),
    pretimeout: number('pretimeout'),
    accessCs0: number('access_cs0'),
  };
}

/** Watchdogs. A machine without has none: an empty reading, and no gap. */
export const watchdog: Collector<'watchdog', readonly Watchdog[]> = {
  name: 'watchdog',
  lane: 'slow',
  sources: [WATCHDOG],
  remedy: 'Mount /sys; the kernel needs CONFIG_WATCHDOG_SYSFS=y.',
  groups: watchdogGroups,
  open: (host) => ({
    read: (gaps) =>
      namesIn(host, WATCHDOG)
        .filter((name) => /^watchdog\d{1,6}$/.test(name))
        .toSorted(byNumber)
        .map((name) => readWatchdog(host, name, gaps)),
    close: () => {},
  }),
};
