import { filesystemGroups } from '../domain/filesystem.ts';
import type { FilesystemReading } from '../domain/filesystem.ts';
import type { Collector } from '../model/collector.ts';
import { APPLE } from './apple-numbers.ts';
import { withWaitingPrograms } from './fallback.ts';
import { readField, readText } from './layout/layout.ts';
import { MOUNT } from './layout/mount.ts';
import { IGNORED_TYPES, readMounts } from './libsystem/mount-list.ts';
import { openReader } from './reader.ts';
import { filesystemTier } from './text/tiers.ts';

function readingOf(bytes: Buffer, base: number): FilesystemReading {
  const field = (name: keyof typeof MOUNT.fields): number => readField(bytes, MOUNT.fields[name], base);
  const block = field('blockSize');
  const device = field('device') >>> 0;
  const size = field('blocks') * block;
  const free = field('free') * block;
  return {
    device: readText(bytes, MOUNT.texts.source, base),
    mountpoint: readText(bytes, MOUNT.texts.mountpoint, base),
    fstype: readText(bytes, MOUNT.texts.type, base),
    // dev_t of macOS (sys/types.h): 8 bits and 24.
    major: device >>> 24,
    minor: device & 0xff_ffff,
    root: '/',
    readOnly: (field('flags') & APPLE.MNT_RDONLY) !== 0,
    error: null,
    size,
    free,
    available: field('available') * block,
    used: Math.max(0, size - free),
    files: field('files') || null,
    filesFree: field('files') ? field('filesFree') : null,
  };
}

/** The mounted volumes. Those of one APFS container share its free space, so `used` is what all of them hold. */
export const filesystem: Collector<'filesystem', readonly FilesystemReading[]> = {
  name: 'filesystem',
  lane: 'slow',
  asynchronous: true,
  sources: ['getfsstat(2)', 'else df(1) and mount(8)'],
  remedy: 'Nothing is known to help; tell us with the output of hecate doctor.',
  groups: filesystemGroups,
  open(machine) {
    const reader = openReader(machine, (darwin) => (): readonly FilesystemReading[] => {
      const { bytes, count } = readMounts(darwin);
      return Array.from({ length: count }, (_, index) => readingOf(bytes, index * MOUNT.size)).filter(
        ({ fstype }) => !IGNORED_TYPES.has(fstype),
      );
    });
    return withWaitingPrograms(machine, reader, filesystemTier);
  },
};
