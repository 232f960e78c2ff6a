import { FILESYSTEM } from './filesystem.ts';
import { GPU } from './gpu.ts';
import { BOND, NETWORK } from './network.ts';
import { CORE, UNIT } from './processor.ts';
import { FAN, TEMPERATURE } from './sensors.ts';
import { BTRFS, DISK, NVME, RAID, SMART, ZFS } from './storage.ts';
import type { AnySubject } from './subject.ts';

/** Everything that has objects which rules can be about. */
export const SUBJECTS: ReadonlyMap<string, AnySubject> = new Map(
  [FILESYSTEM, NETWORK, BOND, DISK, RAID, ZFS, BTRFS, NVME, SMART, TEMPERATURE, FAN, GPU, CORE, UNIT].map((subject) => [
    subject.name,
    subject,
  ]),
);
