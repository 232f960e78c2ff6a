import { errnoOf, HecateError } from '@hecate/host';
import type { WritableHost } from '@hecate/host';

/** State of the kind `module`. */
export type ModuleState = {
  readonly loaded: boolean;
  /** Values by name; none while it is not loaded. */
  readonly parameters: Readonly<Record<string, string>>;
};

/** A module that the kernel has. */
export interface KernelModule {
  /** Part of the kernel's own image. */
  readonly isBuiltIn: boolean;
  /** How often it is used, other modules included. */
  readonly references: number;
  /** Modules that use it. */
  readonly users: readonly string[];
  /** Those that can be read, as /sys/module shows them. */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * A module by its name with underscores; null when it is not loaded. Throws UNAVAILABLE where the kernel takes no modules,
 * CONFLICT while it comes or goes.
 */
export function readModule(host: WritableHost, name: string): KernelModule | null {
  const line = readLines(host, '/proc/modules')?.find((one) => one.startsWith(`${name} `));
  if (line === undefined)
    return isBuiltIn(host, name) ? { isBuiltIn: true, references: 0, users: [], parameters: readParameters(host, name) } : null;
  // NAME SIZE REFERENCES USER,USER, STATE ADDRESS; without users a dash, and [permanent] may stand among them (proc_modules(5)).
  const [, , references, users = '-', state] = line.split(' ');
  if (state !== 'Live')
    throw new HecateError('CONFLICT', `The module ${name} is just being ${state === 'Loading' ? 'loaded' : 'unloaded'}.`, {
      hint: 'Try again.',
    });
  return {
    isBuiltIn: false,
    references: Number(references),
    users: users.split(',').filter((user) => user !== '' && user !== '-'),
    parameters: readParameters(host, name),
  };
}

/** Whether a module is part of the kernel's image: by the list that the kernel was installed with, or by a directory of /sys without loadable parts. */
function isBuiltIn(host: WritableHost, name: string): boolean {
  const release = host.readText('/proc/sys/kernel/osrelease').trim();
  const listed = readLines(host, `/lib/modules/${release}/modules.builtin`);
  // A path a line: kernel/drivers/block/loop.ko. Names of files may have dashes for underscores.
  if (
    listed?.some(
      (file) =>
        file
          .slice(file.lastIndexOf('/') + 1)
          .replace(/\.ko$/, '')
          .replaceAll('-', '_') === name,
    )
  )
    return true;
  const inSysfs = host.status(`/sys/module/${name}`);
  if (inSysfs !== null && host.status(`/sys/module/${name}/initstate`) === null) return true;
  if (host.status('/proc/modules') !== null) return false;
  throw new HecateError('UNAVAILABLE', `This kernel takes no modules, and ${name} is not built into it.`);
}

function readParameters(host: WritableHost, name: string): Record<string, string> {
  const directory = `/sys/module/${name}/parameters`;
  const parameters: Record<string, string> = {};
  let names: string[] = [];
  try {
    names = host.list(directory).sort();
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
  for (const parameter of names) {
    try {
      parameters[parameter] = host.readText(`${directory}/${parameter}`).trim();
    } catch (error) {
      // Some can only be written.
      if (errnoOf(error) === undefined) throw error;
    }
  }
  return parameters;
}

function readLines(host: WritableHost, file: string): string[] | null {
  try {
    return host.readText(file).split('\n').filter(Boolean);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return null;
  }
}

/** Whether the kernel shows a parameter as it was given: `Y` for `1`, `16` for `0x10`. */
export function isSameParameter(seen: string, given: string): boolean {
  if (seen === given) return true;
  if (/^[YN]$/.test(seen))
    return (/^(?:y|yes|1|on|true|t)$/i.test(given) ? 'Y' : /^(?:n|no|0|off|false|f)$/i.test(given) ? 'N' : null) === seen;
  const isNumber = (text: string): boolean => /^(?:0x[\da-f]+|\d+)$/i.test(text);
  return isNumber(seen) && isNumber(given) && BigInt(seen) === BigInt(given);
}
