import type { Host } from '@hecate/host';
import { errnoOf } from '@hecate/host';
import { raidGroups } from '../domain/raid.ts';
import type { RaidComponent, RaidReading } from '../domain/raid.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { attributesOf, listMatching, parseAttributeNumber } from './attribute.ts';
import { parseMdstat } from './storage/mdstat.ts';
import type { MdstatArray } from './storage/mdstat.ts';

const SYS = '/sys/block';

/** What only /sys knows of an array (kernel: Documentation/admin-guide/md.rst). */
type SysfsArray = Pick<
  RaidReading,
  'level' | 'arrayState' | 'metadata' | 'uuid' | 'chunkSize' | 'members' | 'degraded' | 'mismatches' | 'syncAction' | 'components'
>;

const UNKNOWN: SysfsArray = {
  level: null,
  arrayState: null,
  metadata: null,
  uuid: null,
  chunkSize: null,
  members: null,
  degraded: null,
  mismatches: null,
  syncAction: null,
  components: [],
};

/** A text that says something; the kernel writes an empty line or `none` for what an array does not have. */
const said = (text: string | null): string | null => (text === '' || text === 'none' ? null : text);

function readComponents(host: Host, device: string, gaps: GapSink): RaidComponent[] {
  return listMatching(host, `${SYS}/${device}/md`, /^dev-/).map((entry) => {
    const component = entry.slice('dev-'.length);
    const file = attributesOf(host, `${SYS}/${device}/md/${entry}`, `raid.${device}.${component}`, gaps);
    return {
      component,
      slot: file.number('slot'),
      states: said(file.text('state'))?.split(',') ?? [],
      errors: file.number('errors'),
    };
  });
}

function readSysfs(host: Host, device: string, gaps: GapSink): SysfsArray {
  const file = attributesOf(host, `${SYS}/${device}/md`, `raid.${device}`, gaps);
  // While an array is reshaped this is `4 (3)`: what it will have, and what it had.
  const members = parseAttributeNumber(file.text('raid_disks')?.split(' ')[0] ?? null);
  const level = said(file.text('level'));
  return {
    level,
    arrayState: said(file.text('array_state')),
    metadata: said(file.text('metadata_version')),
    uuid: said(file.text('uuid')),
    chunkSize: file.number('chunk_size') || null,
    // Containers have no disks of their own, and an array without a level is not assembled.
    members: level === null || /^(?:container|imsm|ddf)$/.test(level) ? null : members,
    degraded: file.number('degraded'),
    mismatches: file.number('mismatch_cnt'),
    syncAction: said(file.text('sync_action')),
    components: readComponents(host, device, gaps),
  };
}

/** Puts together what /proc and /sys say of one array; one of them may be missing. */
function toReading(device: string, listed: MdstatArray | undefined, known: SysfsArray): RaidReading {
  return {
    device,
    ...known,
    level: listed?.level ?? known.level,
    activity: listed?.activity ?? null,
    readOnly: listed?.readOnly ?? null,
    metadata: listed?.metadata ?? known.metadata,
    size: listed?.size ?? null,
    required: listed?.required ?? null,
    active: listed?.active ?? null,
    failed: listed?.failed ?? null,
    spare: listed?.spare ?? null,
    sync: listed?.sync ?? null,
    components: known.components.length > 0 ? known.components : (listed?.components ?? []),
  };
}

/** Linux software RAID. A machine without md has none: an empty reading, and no gap. */
export const raid: Collector<'raid', readonly RaidReading[]> = {
  name: 'raid',
  lane: 'slow',
  sources: ['/proc/mdstat', '/sys/block/md*/md'],
  remedy: 'Mount /proc and /sys.',
  groups: raidGroups,
  open(host) {
    const file = host.keep('/proc/mdstat');
    const readList = (): MdstatArray[] => {
      try {
        const { buffer, length } = file.read();
        return parseMdstat(buffer.toString('utf8', 0, length));
      } catch (error) {
        if (errnoOf(error) === 'ENOENT') return [];
        throw error;
      }
    };
    return {
      *read(gaps) {
        const listed = new Map(readList().map((array) => [array.device, array]));
        const inSysfs = new Set(
          listMatching(host, SYS, /^md/).filter((name) => listMatching(host, `${SYS}/${name}/md`, /^level$/).length > 0),
        );
        const readings: RaidReading[] = [];
        for (const device of new Set([...listed.keys(), ...inSysfs])) {
          readings.push(toReading(device, listed.get(device), inSysfs.has(device) ? readSysfs(host, device, gaps) : UNKNOWN));
          yield;
        }
        return readings;
      },
      close: file.close,
    };
  },
};
