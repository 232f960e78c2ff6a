import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';

/** A kind of terminal: numbers of devices, and how their files are called. */
interface TerminalDriver {
  readonly path: string;
  readonly major: number;
  readonly first: number;
  readonly last: number;
  /** `console`, `serial`, `pty:slave`; `system:...` are single devices. */
  readonly type: string;
}

/** /proc/tty/drivers: `name path major minor[-minor] type`. Other lines are skipped. */
export function parseTerminalDrivers(text: string): TerminalDriver[] {
  return text.split('\n').flatMap((line) => {
    const [, path, major, first, last = first, type] = /^\S+ +(\/\S+) +(\d+) +(\d+)(?:-(\d+))? +(\S+)$/.exec(line) ?? [];
    return path === undefined ? [] : [{ path, major: Number(major), first: Number(first), last: Number(last), type: type! }];
  });
}

/** The file of a terminal by the number in /proc/PID/stat (new_encode_dev of include/linux/kdev_t.h); null where it has no name. */
export function terminalPath(number: number, drivers: readonly TerminalDriver[]): string | null {
  const major = (number >> 8) & 0xfff;
  const minor = (number & 0xff) | ((number >> 12) & 0xfff00);
  const driver = drivers.find(({ major: its, first, last }) => its === major && minor >= first && minor <= last);
  if (!driver) return null;
  if (driver.type.startsWith('system')) return driver.path;
  if (driver.path === '/dev/pts') return `${driver.path}/${minor}`;
  // Consoles are called by the number of the device itself, others by their place in the range.
  return `${driver.path}${driver.type === 'console' ? minor : minor - driver.first}`;
}

/** The controlling terminal of a process; null when it has none or it has no name. */
export function readTerminal(host: Host, number: number): string | null {
  if (number === 0) return null;
  try {
    return terminalPath(number, parseTerminalDrivers(host.readText('/proc/tty/drivers')));
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
}
