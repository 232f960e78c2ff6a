import { errnoOf } from '@hecate/host';
import { zoneinfoGroups } from '../domain/zoneinfo.ts';
import type { ZoneinfoReading, ZoneStat } from '../domain/zoneinfo.ts';
import type { Collector, Sliced } from '../model/collector.ts';

/** Lines that are looked at before others get their turn. */
const LINES = 200;

/**
 * /proc/zoneinfo (kernel: zoneinfo_show_print in mm/vmstat.c): zones that start with `Node 0, zone Normal`, then a name and a number a line.
 * What it lists for each CPU (names that end in a colon) is left out.
 */
export function* parseZoneinfo(text: string): Sliced<ZoneinfoReading[]> {
  const zones: (ZoneinfoReading & { protection: number[]; stats: ZoneStat[] })[] = [];
  let lines = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end);
    start = end + 1;
    if (++lines % LINES === 0) yield;
    const head = /^Node (\d{1,5}), zone +(\w+)$/.exec(line);
    if (head) {
      zones.push({ node: Number(head[1]), zone: head[2]!, protection: [], stats: [] });
      continue;
    }
    const zone = zones.at(-1);
    if (!zone) continue;
    const stat = /^ +(?:pages +)?(\w+) +(\d{1,20})$/.exec(line);
    if (stat) zone.stats.push({ name: stat[1]!, value: Number(stat[2]) });
    else if (/^ +protection: \(/.test(line)) zone.protection.push(...[...line.matchAll(/\d{1,20}/g)].map(Number));
  }
  return zones;
}

/** Zones of memory: their levels and what happened to them. */
export const zoneinfo: Collector<'zoneinfo', readonly ZoneinfoReading[]> = {
  name: 'zoneinfo',
  lane: 'rare',
  sources: ['/proc/zoneinfo'],
  remedy: 'Mount /proc.',
  groups: zoneinfoGroups,
  open: (host) => ({
    *read(gaps) {
      try {
        return yield* parseZoneinfo(host.readText('/proc/zoneinfo'));
      } catch (error) {
        if (errnoOf(error) === undefined) throw error;
        gaps.addError('zoneinfo', error);
        return [];
      }
    },
    close: () => {},
  }),
};
