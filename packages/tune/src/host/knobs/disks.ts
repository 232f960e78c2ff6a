import type { DiskFacts, HostFacts } from '../facts.ts';
import type { KnobEntry } from '../profile.ts';
import { listOf, needed, oneOf } from '../rule.ts';
import type { Option } from '../rule.ts';

/** The kinds of disks that an entry is for. */
export const DISKS: Option = needed(listOf(oneOf(['nvme', 'ssd', 'hdd', 'virtual', 'flash', 'loop', 'other'])));

const kindsOf = ({ options }: KnobEntry): readonly string[] => options['disks'] as readonly string[];

/** The kinds in one order, so that two lists of the same kinds are the same. */
export const kindsText = (entry: KnobEntry): string => kindsOf(entry).toSorted().join(',');

/** Disks of this machine that an entry is for. Sticks and cards come and go, and are left alone. */
export const disksOf = (entry: KnobEntry, { disks }: HostFacts): readonly DiskFacts[] =>
  disks.filter(({ kind, removable }) => !removable && kindsOf(entry).includes(kind));

/** The sentence for machines without such disks. */
export const noDisks = (entry: KnobEntry): string => `There is no disk of kind ${kindsOf(entry).join(' or ')}.`;

/** A file of a disk's request queue: Documentation/ABI/stable/sysfs-block. */
export const queueFile = (disk: DiskFacts, file: string): string => `/sys/block/${disk.name}/queue/${file}`;
