import { HecateError } from '@hecate/host';
import type { CgroupController } from '../../domain/cgroup.ts';
import type { ByteCursor } from '../../model/cursor.ts';

const HASH = 35;

/**
 * /proc/cgroups (cgroups(7)): `memory 4 26 1` after a line of headings: name, hierarchy, groups, enabled.
 * Throws FAILED when a line is not so.
 */
export function parseControllers(cursor: ByteCursor): CgroupController[] {
  const controllers: CgroupController[] = [];
  for (; !cursor.done; cursor.nextLine()) {
    if (cursor.lineDone || cursor.peek() === HASH) continue;
    const name = cursor.word();
    if (!/^\w+$/.test(name)) throw new HecateError('FAILED', 'A line of /proc/cgroups does not begin with a controller.');
    cursor.integer();
    controllers.push({ name, groups: cursor.integer(), enabled: cursor.integer() !== 0 });
  }
  return controllers;
}
