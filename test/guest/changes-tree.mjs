// What lies in a directory, as one number: names, kinds, modes, contents.
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** SHA-256 of all that lies below a directory. */
export function digestOf(directory) {
  const hash = createHash('sha256');
  const look = (place, name) => {
    const { mode } = lstatSync(place);
    hash.update(`${name} ${mode.toString(8)}\n`);
    if ((mode & 0o170000) === 0o120000) hash.update(readlinkSync(place));
    else if ((mode & 0o170000) === 0o100000) hash.update(readFileSync(place));
    else for (const entry of readdirSync(place).sort()) look(join(place, entry), join(name, entry));
  };
  look(directory, '.');
  return hash.digest('hex');
}
