import type { MountEvent } from '../../events/event.ts';
import type { Mount } from '../mountinfo.ts';

/**
 * What lies between two lists of mounts. One is the same as long as it has its number, which the kernel gives to another one only
 * after it is gone; its device and type must agree too, because the number may have been given anew between two looks.
 */
export function mountChanges(before: readonly Mount[], after: readonly Mount[]): MountEvent[] {
  const isSame = (one: Mount, other: Mount): boolean =>
    one.id === other.id && one.number === other.number && one.fstype === other.fstype && one.root === other.root;
  const old = new Map(before.map((mount) => [mount.id, mount]));
  const now = new Map(after.map((mount) => [mount.id, mount]));
  const event = (change: MountEvent['change'], { mountpoint, device, fstype, readOnly }: Mount): MountEvent => ({
    kind: 'mount',
    change,
    mountpoint,
    device,
    fstype,
    readOnly,
  });
  const removed = before.filter((mount) => {
    const still = now.get(mount.id);
    return !still || !isSame(mount, still);
  });
  const came = after.flatMap((mount) => {
    const was = old.get(mount.id);
    if (!was || !isSame(was, mount)) return [event('added', mount)];
    return was.readOnly !== mount.readOnly || !was.path.equals(mount.path) ? [event('changed', mount)] : [];
  });
  // The last one mounted is the first one to be unmounted: what lies on another goes before it.
  return [...removed.reverse().map((mount) => event('removed', mount)), ...came];
}
