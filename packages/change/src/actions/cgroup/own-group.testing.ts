import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { openHost, openWritableHost } from '@hecate/host';
import type { ActionPlace } from '../action-contract.testing.ts';

/** Where a file of that name can be on this machine: the v1 hierarchy of its controller, or the v2 tree; null for nowhere. */
function hierarchyOf(file: string): string | null {
  if (process.platform !== 'linux') return null;
  const controller = file.split('.', 1)[0]!;
  for (const line of readFileSync('/proc/self/mountinfo', 'utf8').split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const [type, , options = ''] = after.split(' ');
    const isPlace = controller === 'cgroup' ? type === 'cgroup2' : type === 'cgroup' && options.split(',').includes(controller);
    if (isPlace) return before.split(' ')[4] ?? null;
  }
  return null;
}

/** Why no group with such a file can be made here; null when it can. */
export function ownGroupMissing(file: string): string | null {
  if (process.getuid?.() !== 0) return 'making control groups needs root';
  return hierarchyOf(file) === null ? `no hierarchy is mounted that has ${file}` : null;
}

/** Makes an empty group at the top of a hierarchy, of which one file is looked at. */
export function openOwnGroup(name: string, file: string): ActionPlace {
  const directory = `${hierarchyOf(file)}/${name}`;
  // One that a killed test left.
  if (existsSync(directory)) rmdirSync(directory);
  mkdirSync(directory);
  return {
    host: openWritableHost(openHost()),
    picture: () => readFileSync(`${directory}/${file}`, 'utf8'),
    close: () => rmdirSync(directory),
  };
}
