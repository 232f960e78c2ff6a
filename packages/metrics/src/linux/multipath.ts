import type { Host } from '@hecate/host';
import { multipathGroups } from '../domain/multipath.ts';
import type { MultipathPath, MultipathReading } from '../domain/multipath.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { attributesOf, listMatching } from './attribute.ts';
import { volumeKind } from './volumes.ts';

const SYS = '/sys/block';
const SECTOR = 512;

/** States in which I/O goes through: SCSI says `running`, NVMe `live`. */
const WORKING = new Set(['running', 'live']);

function readPath(host: Host, device: string, path: string, gaps: GapSink): MultipathPath {
  return { path, state: attributesOf(host, `${SYS}/${path}/device`, `multipath.${device}.${path}`, gaps).text('state') || null };
}

function readMultipath(host: Host, device: string, gaps: GapSink): MultipathReading | null {
  const file = attributesOf(host, `${SYS}/${device}`, `multipath.${device}`, gaps);
  const uuid = file.text('dm/uuid');
  if (uuid === null || volumeKind(uuid) !== 'multipath') return null;
  const paths = listMatching(host, `${SYS}/${device}/slaves`, /./).map((path) => readPath(host, device, path, gaps));
  const activePaths = paths.filter(({ state }) => state !== null && WORKING.has(state)).length;
  const sectors = file.number('size');
  return {
    device,
    name: file.text('dm/name') || device,
    uuid,
    size: sectors === null ? null : sectors * SECTOR,
    active: file.number('dm/suspended') !== 1,
    paths,
    activePaths,
    failedPaths: paths.length - activePaths,
  };
}

/** Disks with several ways to them (device mapper multipath). NVMe's own multipath is in `nvme`. */
export const multipath: Collector<'multipath', readonly MultipathReading[]> = {
  name: 'multipath',
  lane: 'slow',
  sources: ['/sys/block/dm-*'],
  remedy: 'Mount /sys.',
  groups: multipathGroups,
  open: (host) => ({
    *read(gaps) {
      const readings: MultipathReading[] = [];
      for (const device of listMatching(host, SYS, /^dm-\d+$/)) {
        const reading = readMultipath(host, device, gaps);
        if (reading) readings.push(reading);
        yield;
      }
      return readings;
    },
    close: () => {},
  }),
};
