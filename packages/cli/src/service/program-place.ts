import { realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { HecateError } from '@hecate/host';

/** The command line of this hecate, by absolute paths without links: a service has another directory and another PATH. */
export function ownCommand(): readonly [string, string] {
  return [realpathSync(process.execPath), realpathSync(join(__dirname, '..', '..', 'bin', 'hecate.cjs'))];
}

/** Places that a service sees as empty (PrivateTmp=), or that a reboot empties. */
const PASSING = ['/tmp', '/var/tmp', '/run', '/dev/shm'];

/**
 * Throws INVALID for a program that a service could not start: it lies in a place that passes, or its user may not read it.
 * `anybody`: the service has a user of its own.
 */
export function refuseUnreachable(file: string, anybody: boolean): void {
  const place = resolve(file);
  const passing = PASSING.find((directory) => place.startsWith(`${directory}/`));
  const hint = 'Install it for everybody: npm install --global into /usr/local or /opt, and Node from a package.';
  if (passing !== undefined) throw new HecateError('INVALID', `${place} lies under ${passing}, which a service does not see.`, { hint });
  if (!anybody) return;
  const shut = [...directoriesOf(place)].find((directory) => (statSync(directory).mode & 0o001) === 0);
  if (shut !== undefined) {
    throw new HecateError('INVALID', `The user of the service may not enter ${shut}, where ${place} lies.`, { hint });
  }
  if ((statSync(place).mode & 0o004) === 0) throw new HecateError('INVALID', `The user of the service may not read ${place}.`, { hint });
}

function* directoriesOf(file: string): Generator<string> {
  for (let at = dirname(file); ; at = dirname(at)) {
    yield at;
    if (at === dirname(at)) return;
  }
}
