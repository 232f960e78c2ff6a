import type { Host } from '@hecate/host';
import { namesOrNone, textOrNone } from './quiet-read.ts';

/** A line of a sysctl configuration file. */
export interface SysctlSetting {
  /** With dots, as `sysctl` shows it. */
  readonly key: string;
  readonly value: string;
  readonly file: string;
  /** Whether the administrator wrote it (/etc, /run), rather than a package. */
  readonly isLocal: boolean;
}

/** The directories of sysctl.d(5), the strongest first: a file hides those of its name in later ones. */
const DIRECTORIES = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d', '/lib/sysctl.d'] as const;

/**
 * What the configuration files set at each boot, by key: for each the last one that has a say, as sysctl.d(5) orders them by file name;
 * /etc/sysctl.conf comes last, as procps reads it. Files that cannot be read are left out. Globs in keys are not followed.
 */
export function readSysctlFiles(host: Host): ReadonlyMap<string, SysctlSetting> {
  const files = new Map<string, string>();
  for (const directory of DIRECTORIES) {
    for (const name of namesOrNone(host, directory))
      if (name.endsWith('.conf') && !files.has(name)) files.set(name, `${directory}/${name}`);
  }
  const ordered = [...files].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, file]) => file);
  const settings = new Map<string, SysctlSetting>();
  for (const file of [...ordered, '/etc/sysctl.conf']) {
    for (const [key, value] of parseSysctlFile(textOrNone(host, file))) {
      settings.set(key, { key, value, file, isLocal: file.startsWith('/etc/') || file.startsWith('/run/') });
    }
  }
  return settings;
}

/** The lines `key = value` of a file; `#` and `;` begin comments, a leading `-` says that errors do not matter. */
export function parseSysctlFile(text: string): [key: string, value: string][] {
  return text.split('\n').flatMap((line): [string, string][] => {
    const found = /^\s*-?([^#;=\s][^=\s]*)\s*=\s*(.*?)\s*$/.exec(line);
    return found ? [[dotted(found[1]!), found[2]!.replace(/\s+/g, ' ')]] : [];
  });
}

/** A key in the form with dots: where the first separator is a slash, slashes separate, and dots are part of names. */
export function dotted(key: string): string {
  const first = /[./]/.exec(key)?.[0];
  return first === '/' ? key.replace(/[./]/g, (mark) => (mark === '/' ? '.' : '/')) : key;
}
