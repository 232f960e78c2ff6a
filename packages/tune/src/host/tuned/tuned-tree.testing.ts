import { createMachine } from '../detect/machine-tree.testing.ts';
import type { Tree } from '../detect/machine-tree.testing.ts';
import { detect } from '../detect.ts';
import type { KnobEntry } from '../profile.ts';
import { importTuned } from './import.ts';
import type { Imported } from './import.ts';

/** Files of tuned by profile, in the directory of packages. */
export const profiles = (texts: Readonly<Record<string, string>>): Tree =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [`usr/lib/tuned/${name}/tuned.conf`, text]));

/** Imports the profile `one` of a machine of files. */
export async function importOn(files: Tree): Promise<Imported> {
  const tree = createMachine(files);
  try {
    return importTuned('one', { host: tree.host, facts: await detect(tree.host) });
  } finally {
    tree.remove();
  }
}

/** Knobs in short: `sysctl {"key":"vm.swappiness"} 10 raise`. */
export const brief = ({ knob, options, value, bound }: KnobEntry): string =>
  [knob, JSON.stringify(options), value === null ? '' : JSON.stringify(value), bound ?? ''].join(' ').trim();

/** Settings that are left out, in short: `timeout = 10: It …`. */
export const reasons = ({ ignored }: Imported): string[] => ignored.map(({ setting, why }) => `${setting}: ${why}`);
