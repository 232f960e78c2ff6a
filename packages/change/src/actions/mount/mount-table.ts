import { HecateError } from '@hecate/host';
import type { WritableHost } from '@hecate/host';

/** A file system where it is mounted. */
export interface Mount {
  /** Major and minor number: the same as long as it is the same file system. */
  readonly number: string;
  readonly source: string;
  readonly fstype: string;
  /** Of this mount: rw, noatime, nosuid. */
  readonly own: readonly string[];
  /** Of the file system, wherever it is mounted: rw, commit=60. */
  readonly shared: readonly string[];
}

/** What one sees at a mount point: the last that was mounted there. Throws UNAVAILABLE when nothing is. */
export function readMount(host: WritableHost, target: string): Mount {
  const found = parseMounts(host.readText('/proc/self/mountinfo')).findLast((mount) => mount.target === target);
  if (!found) throw new HecateError('UNAVAILABLE', `Nothing is mounted at ${target}.`);
  return found;
}

/** The lines of /proc/PID/mountinfo (proc_pid_mountinfo(5)): ID PARENT MAJOR:MINOR ROOT TARGET OPTIONS [TAG…] - TYPE SOURCE OPTIONS. */
export function parseMounts(text: string): (Mount & { readonly target: string })[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.split(' ');
    const dash = fields.indexOf('-', 6);
    const [, , number, , target, own] = fields;
    const [fstype, source, shared = ''] = fields.slice(dash + 1);
    if (dash < 0 || number === undefined || target === undefined || own === undefined || fstype === undefined || source === undefined)
      return [];
    return [{ number, target: unescape(target), source: unescape(source), fstype, own: own.split(','), shared: shared.split(',') }];
  });
}

/** Space, tab, newline and backslash are three octal digits behind a backslash. */
const unescape = (text: string): string =>
  Buffer.from(
    Buffer.from(text)
      .toString('latin1')
      .replace(/\\([0-3][0-7]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8))),
    'latin1',
  ).toString();
