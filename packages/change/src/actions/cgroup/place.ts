import { errnoOf, HecateError } from '@hecate/host';
import type { WritableHost } from '@hecate/host';

/** Where a hierarchy of control groups is mounted, and which group its mount point shows. */
interface Mount {
  readonly point: string;
  readonly root: string;
}

/** The mounts that can have a file: the v2 tree first, then the v1 hierarchy of the controller that the file's name begins with. */
function mountsFor(mountinfo: string, file: string): Mount[] {
  const controller = file.split('.', 1)[0]!;
  const unified: Mount[] = [];
  const old: Mount[] = [];
  for (const line of mountinfo.split('\n')) {
    // Documentation/filesystems/proc.rst, 3.5: what is mounted stands behind the dash, v1 controllers among its options.
    const [before, after] = line.split(' - ');
    const [type, , options = ''] = after?.split(' ') ?? [];
    const [, , , root = '', point = ''] = before!.split(' ');
    if (type === 'cgroup2') unified.push({ point: unescape(point), root: unescape(root) });
    else if (type === 'cgroup' && options.split(',').includes(controller)) old.push({ point: unescape(point), root: unescape(root) });
  }
  return [...unified, ...old];
}

/** Spaces and the like are written as octal numbers. */
const unescape = (word: string): string =>
  word.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/** The mounts as we see them; on a machine of files those of its first process. Throws UNAVAILABLE where there are none. */
function readMountinfo(host: WritableHost): string {
  for (const process of host.kind === 'real' ? ['self'] : ['1', 'self']) {
    try {
      return host.readText(`/proc/${process}/mountinfo`);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }
  throw new HecateError('UNAVAILABLE', 'This machine does not say what is mounted: control groups cannot be found.');
}

/** A group below the mount point; null when the mount does not show it. */
function directoryOf({ point, root }: Mount, group: string): string | null {
  const above = root === '/' ? '' : root;
  if (group !== root && !group.startsWith(`${above}/`)) return null;
  const inside = group.slice(above.length);
  return inside === '/' || inside === '' ? point : point + inside;
}

/** The path of a group's file. Throws UNAVAILABLE when there is no such group, or it has no such file. */
export function findGroupFile(host: WritableHost, group: string, file: string): string {
  let found = false;
  for (const mount of mountsFor(readMountinfo(host), file)) {
    const directory = directoryOf(mount, group);
    if (directory === null || statusOf(host, directory) !== 'directory') continue;
    if (statusOf(host, `${directory}/${file}`) === 'file') return `${directory}/${file}`;
    found = true;
  }
  const sentence = found
    ? `The control group ${group} has no ${file}: its controller is not there, or not enabled for that group.`
    : `This machine has no control group ${group} with a ${file}.`;
  throw new HecateError('UNAVAILABLE', sentence);
}

function statusOf(host: WritableHost, path: string): string | null {
  try {
    return host.status(path)?.kind ?? null;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
}
