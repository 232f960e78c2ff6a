import { realpathSync } from 'node:fs';
import type { Host } from '@hecate/host';

/** A path of the machine without symbolic links in it. Throws the operating system's error when it is not there. */
export function realMachinePath(host: Host, file: string): string {
  const place = realpathSync(host.resolve(file));
  return host.root === '/' ? place : place.slice(host.root.length) || '/';
}
