import type { DiskFacts, DiskKind } from '../facts.ts';
import { parseChoice } from './choice.ts';
import type { Look } from './look.ts';

/** The unit of `size`, whatever the sector size of the disk (kernel: Documentation/block/stat.rst). */
const SECTOR = 512;

/** Not disks to be tuned: memory, optical and floppy drives, and the single paths of a namespace that is listed itself. */
const NO_DISK = /^(?:ram\d|sr\d|fd\d|nvme\d+c\d+n\d)/;

/** What a name says, whatever else is known. */
const BY_NAME: readonly (readonly [RegExp, DiskKind])[] = [
  [/^nvme\d/, 'nvme'],
  [/^(?:vd|xvd)[a-z]/, 'virtual'],
  [/^(?:mmcblk|mtdblock|ubiblock)\d/, 'flash'],
  [/^loop\d/, 'loop'],
];

/**
 * What a disk is. A hypervisor's SCSI disk often says that it spins, whatever is below. A stick says so too, but can be pulled out.
 * Disks that are made of others (`dm-0`, `md0`, `zram0`) are `other`.
 */
function kindOf(name: string, isRemovable: boolean, rotational: number | null, hypervisor: string | null): DiskKind {
  const named = BY_NAME.find(([pattern]) => pattern.test(name))?.[1];
  if (named !== undefined) return named;
  if (!/^sd[a-z]/.test(name) || rotational === null) return 'other';
  if (hypervisor !== null) return 'virtual';
  if (isRemovable) return 'flash';
  return rotational === 0 ? 'ssd' : 'hdd';
}

/** The whole disks of the machine with the settings of their queues (kernel: Documentation/ABI/stable/sysfs-block). */
export function readDisks(look: Look, hypervisor: string | null): DiskFacts[] {
  return look.names('/sys/block', /^\w[\w!.-]*$/).flatMap((name) => {
    const directory = `/sys/block/${name}`;
    const sectors = NO_DISK.test(name) ? null : look.number(`${directory}/size`);
    // Prepared devices that nothing uses have no size: loop0, zram0, nbd0.
    if (sectors === null || sectors <= 0) return [];
    const removable = look.number(`${directory}/removable`) === 1;
    const { all: schedulers, chosen: scheduler } = parseChoice(look.words(`${directory}/queue/scheduler`));
    const kibibytes = look.number(`${directory}/queue/read_ahead_kb`);
    return [
      {
        name,
        kind: kindOf(name, removable, look.number(`${directory}/queue/rotational`), hypervisor),
        size: sectors * SECTOR,
        removable,
        schedulers,
        scheduler,
        readAhead: kibibytes === null || kibibytes < 0 ? null : kibibytes * 1024,
      },
    ];
  });
}
