/** Kinds of units, as their names end (systemd.unit(5)). */
const UNIT_NAME = /^[\w:.\\-]+(?:@[\w:.\\@-]+)?\.(?:service|socket|target|device|mount|automount|swap|timer|path|slice|scope)$/;

/** What systemd's own part of a path says. */
export interface SystemdPath {
  readonly unit: string | null;
  readonly slice: string | null;
  readonly userUnit: string | null;
  readonly session: string | null;
  readonly uid: number | null;
}

/** The unit that a directory is named after, or null; a leading `_` keeps unit names apart from the kernel's files. */
export function unitOf(directory: string | undefined): string | null {
  if (directory === undefined || directory.length > 256) return null;
  const name = directory.charCodeAt(0) === 95 ? directory.slice(1) : directory;
  return UNIT_NAME.test(name) ? name : null;
}

function sliceOf(directory: string | undefined): string | null {
  if (directory === undefined || !directory.endsWith('.slice')) return null;
  const unit = unitOf(directory);
  return unit === null || unit.includes('@') ? null : unit;
}

/** How many slices come first from `start` on. */
function skipSlices(directories: readonly string[], start: number): number {
  let at = start;
  while (sliceOf(directories[at]) !== null) at++;
  return at;
}

/**
 * The rules of systemd (Control Group APIs, and what sd_pid_get_unit(3) and its sisters answer): slices first,
 * then one unit; a user's own service manager (`user@UID.service`) has the same below it.
 */
export function parseSystemdPath(directories: readonly string[]): SystemdPath {
  const after = skipSlices(directories, 0);
  const slice = after > 0 ? sliceOf(directories[after - 1]) : null;
  const unit = unitOf(directories[after]);
  const owner = /^user-(\d{1,10})\.slice$/.exec(slice ?? '')?.[1];
  const session = /^session-([a-zA-Z\d]+)\.scope$/.exec(unit ?? '')?.[1] ?? null;
  const isUserManager = session !== null || /^user@\d{1,10}\.service$/.test(unit ?? '');
  const userUnit = isUserManager ? unitOf(directories[skipSlices(directories, after + 1)]) : null;
  return { unit, slice, userUnit, session, uid: owner === undefined ? null : Number(owner) };
}
