import { directoriesOf, isUnifiedAlone } from './mounts.ts';
import type { CgroupMounts } from './mounts.ts';
import type { CgroupMembership } from './membership.ts';

/** The controllers whose v1 directories we read. */
export const V1_CONTROLLERS = ['memory', 'cpu', 'cpuacct', 'cpuset', 'pids', 'blkio', 'freezer'] as const;

/** One of {@link V1_CONTROLLERS}. */
export type V1Controller = (typeof V1_CONTROLLERS)[number];

/**
 * Where the files of one control group lie. `unified` is its directory in the v2 tree. Of v1 hierarchies each controller has
 * its own; with v2 alone `controllers` is null. A directory that is not mounted is null.
 */
export interface CgroupPlace {
  readonly unified: string | null;
  readonly controllers: Readonly<Record<V1Controller, string | null>> | null;
}

const eachController = (directory: (controller: V1Controller) => string | null): Readonly<Record<V1Controller, string | null>> => ({
  memory: directory('memory'),
  cpu: directory('cpu'),
  cpuacct: directory('cpuacct'),
  cpuset: directory('cpuset'),
  pids: directory('pids'),
  blkio: directory('blkio'),
  freezer: directory('freezer'),
});

/**
 * The place of a path that is the same in every hierarchy, as engines and systemd make them: `path` begins at the mount
 * points, without a slash at its end (`` for the root).
 */
export function placeOf(mounts: CgroupMounts, path: string): CgroupPlace {
  return {
    unified: mounts.unified ? mounts.unified.mountpoint + path : null,
    controllers: isUnifiedAlone(mounts)
      ? null
      : eachController((controller) => (mounts.controllers[controller] ? mounts.controllers[controller].mountpoint + path : null)),
  };
}

/** The directories of a process in one hierarchy, the innermost first; none where it is not mounted. */
export type Ancestry = Readonly<Record<V1Controller | 'unified', readonly string[]>>;

/** The groups of a process and those above them, by hierarchy. */
export function ancestryOf(mounts: CgroupMounts, membership: CgroupMembership): Ancestry {
  const of = (controller: V1Controller): readonly string[] => {
    const mount = mounts.controllers[controller];
    const path = membership.controllers[controller];
    return mount && path !== undefined ? directoriesOf(mount, path) : [];
  };
  const unified = mounts.unified && membership.unified !== null ? directoriesOf(mounts.unified, membership.unified) : [];
  return {
    unified,
    memory: of('memory'),
    cpu: of('cpu'),
    cpuacct: of('cpuacct'),
    cpuset: of('cpuset'),
    pids: of('pids'),
    blkio: of('blkio'),
    freezer: of('freezer'),
  };
}

/** The innermost groups of an ancestry. */
export function innermost(mounts: CgroupMounts, ancestry: Ancestry): CgroupPlace {
  return {
    unified: ancestry.unified[0] ?? null,
    controllers: isUnifiedAlone(mounts) ? null : eachController((controller) => ancestry[controller][0] ?? null),
  };
}
