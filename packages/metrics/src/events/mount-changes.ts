import type { MountEvent } from './event.ts';

/** A mounted file system, as an event tells of it. */
export type MountedVolume = Omit<MountEvent, 'kind' | 'change'>;

/** How the mounts of an operating system are told apart. */
export interface MountIdentity<Mount> {
  /** What one keeps as long as it is mounted. It may be given anew after that. */
  key(mount: Mount): string | number;
  /** Whether two with the same key are one mount. */
  isSame(one: Mount, other: Mount): boolean;
  /** Whether one that stayed lies somewhere else now. */
  hasMoved(before: Mount, after: Mount): boolean;
}

/** What lies between two lists of mounts, in the order in which they were mounted. */
export function mountChanges<Mount extends MountedVolume>(
  before: readonly Mount[],
  after: readonly Mount[],
  { key, isSame, hasMoved }: MountIdentity<Mount>,
): MountEvent[] {
  const old = new Map(before.map((mount) => [key(mount), mount]));
  const now = new Map(after.map((mount) => [key(mount), mount]));
  const event = (change: MountEvent['change'], { mountpoint, device, fstype, readOnly }: Mount): MountEvent => ({
    kind: 'mount',
    change,
    mountpoint,
    device,
    fstype,
    readOnly,
  });
  const removed = before.filter((mount) => {
    const still = now.get(key(mount));
    return !still || !isSame(mount, still);
  });
  const came = after.flatMap((mount) => {
    const was = old.get(key(mount));
    if (!was || !isSame(was, mount)) return [event('added', mount)];
    return was.readOnly !== mount.readOnly || hasMoved(was, mount) ? [event('changed', mount)] : [];
  });
  // The last one mounted is the first one to be unmounted: what lies on another goes before it.
  return [...removed.reverse().map((mount) => event('removed', mount)), ...came];
}
