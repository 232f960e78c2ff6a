import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporary } from './cli.testing.ts';
import { makeTree } from './tree.testing.ts';

/** Values that the profiles of the tests change, as they are at first. `test.*` are keys that no kernel has. */
const VALUES: Readonly<Record<string, string>> = {
  'vm.swappiness': '60',
  'vm.vfs_cache_pressure': '100',
  'net.core.somaxconn': '4096',
  ...Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`test.k${index}`, String(index)])),
};

/** A machine of files that hecate can change. */
export interface TunedTree {
  readonly root: string;
  read(key: string): string;
  write(key: string, value: string): void;
  /** Every file with its content and mode, but for what hecate keeps for itself. */
  picture(): Record<string, string>;
  /** Whether hecate has written anything about it yet. */
  hasJournal(): boolean;
}

/** Makes one. */
export function makeTunedTree(changes: Readonly<Record<string, string | null>> = {}): TunedTree {
  const fileOf = (key: string): string => `proc/sys/${key.replaceAll('.', '/')}`;
  const values = Object.fromEntries(Object.entries(VALUES).map(([key, value]) => [fileOf(key), `${value}\n`]));
  const root = makeTree({ ...values, 'proc/sys/kernel/random/boot_id': 'b0070000-0000-4000-8000-000000000001\n', ...changes });
  return {
    root,
    read: (key) => readFileSync(join(root, fileOf(key)), 'utf8').trim(),
    write: (key, value) => writeFileSync(join(root, fileOf(key)), `${value}\n`),
    picture: () =>
      Object.fromEntries(
        readdirSync(root, { recursive: true, encoding: 'utf8' })
          .filter((file) => !file.startsWith('var'))
          .toSorted()
          .map((file) => {
            const { mode } = statSync(join(root, file));
            return [file, `${mode.toString(8)} ${statSync(join(root, file)).isFile() ? readFileSync(join(root, file), 'utf8') : ''}`];
          }),
      ),
    hasJournal: () => existsSync(join(root, 'var/lib/hecate/journal')) && readdirSync(join(root, 'var/lib/hecate/journal')).length > 0,
  };
}

/** A profile as its file has it. */
export function profileText(name: string, values: Readonly<Record<string, string | number>>): string {
  const knobs = Object.entries(values).map(
    ([key, value]) =>
      `[[knobs]]\nknob = "sysctl"\nkey = "${key}"\nvalue = ${JSON.stringify(value)}\nwhy = "The tests want ${key} so."\nsource = "the tests"\n`,
  );
  return `name = "${name}"\ntitle = "Test ${name}"\nsummary = "A profile of the tests, called ${name}."\n\n${knobs.join('\n')}`;
}

/** An environment in which these profiles are found, and the user's own are not. */
export function withProfiles(profiles: Readonly<Record<string, string>>): { XDG_CONFIG_HOME: string } {
  const directory = temporary('config');
  for (const [name, text] of Object.entries(profiles)) {
    const file = join(directory, 'hecate/profiles', `${name}.toml`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return { XDG_CONFIG_HOME: directory };
}

/** Profiles `first` and `second`, which overlap, and `long`, which takes a while. */
export const PROFILES: Readonly<Record<string, string>> = {
  first: profileText('first', { 'vm.swappiness': 10, 'vm.vfs_cache_pressure': 50 }),
  second: profileText('second', { 'vm.swappiness': 1, 'net.core.somaxconn': 8192 }),
  long: profileText('long', Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`test.k${index}`, index + 100]))),
};

/** Processes that guard changes of this tree. */
export function guardsOf({ root }: TunedTree): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return words.includes('changes') && words.some((word) => word.startsWith('guard')) && words.some((word) => word.startsWith(root));
      } catch {
        // It has ended meanwhile.
        return false;
      }
    })
    .map(Number);
}
