import path from 'node:path';
import { plainWords } from './ignored.ts';
import type { IniSection } from './ini.ts';

/** One setting of a unit. */
export interface TunedSetting {
  /** As it is written: variables are not put in yet. */
  readonly value: string;
  /** `FILE:LINE [SECTION]`. */
  readonly place: string;
}

/** A section of a profile of tuned: settings for one plugin. Source: tuned-profiles(7), tuned.conf(5). */
export interface TunedUnit {
  readonly name: string;
  /** The plugin. */
  readonly type: string;
  readonly place: string;
  readonly enabled: boolean;
  /** Whether it takes the place of the unit of an included profile, rather than add to it. */
  readonly replace: boolean;
  /** Settings of the included profile that go. */
  readonly drop: readonly string[];
  /** Names of devices with wildcards. */
  readonly devices: string;
  /** Regular expressions that must be found for the unit to hold; null: none. */
  readonly udevRegex: string | null;
  readonly cpuinfoRegex: string | null;
  readonly unameRegex: string | null;
  /** Everything else, in its order. */
  readonly settings: ReadonlyMap<string, TunedSetting>;
}

const isTrue = (text: string): boolean => ['True', 'true', '1'].includes(text);

/** The unit of a section. `directory` is that of the profile, which it can speak of. */
export function unitOf(section: IniSection, file: string, directory: string): TunedUnit {
  const place = (line: number): string => `${file}:${line} [${plainWords(section.name, 64)}]`;
  const settings = new Map<string, TunedSetting>();
  for (const [name, { value, line }] of section.options) {
    settings.set(name, { value: value.replaceAll(/(?<!\\)\$\{i:PROFILE_DIR\}/g, () => directory), place: place(line) });
  }
  const script = settings.get('script');
  if (script) settings.set('script', { ...script, value: path.posix.resolve(directory, script.value) });
  const take = (name: string): string | null => {
    const value = settings.get(name)?.value ?? null;
    settings.delete(name);
    return value;
  };
  return {
    name: section.name,
    place: place(section.line),
    type: take('type') ?? section.name,
    enabled: isTrue(take('enabled') ?? 'true'),
    replace: isTrue(take('replace') ?? 'false'),
    drop: take('drop')?.split(/\b\s*[,;]\s*/) ?? [],
    devices: take('devices') ?? '*',
    udevRegex: take('devices_udev_regex'),
    cpuinfoRegex: take('cpuinfo_regex'),
    unameRegex: take('uname_regex'),
    settings,
  };
}

/** A unit that comes after the one of the same name in an included profile. */
export function mergeUnit(below: TunedUnit, above: TunedUnit): TunedUnit {
  if (above.replace) return above;
  const settings = new Map(below.settings);
  for (const name of above.drop) settings.delete(name);
  for (const [name, setting] of above.settings) {
    const earlier = name === 'script' && above.name === 'script' ? settings.get(name) : undefined;
    // Scripts of an included profile run too.
    settings.set(name, earlier === undefined ? setting : { ...setting, value: `${earlier.value} ${setting.value}` });
  }
  return {
    ...above,
    udevRegex: above.udevRegex ?? below.udevRegex,
    cpuinfoRegex: above.cpuinfoRegex ?? below.cpuinfoRegex,
    unameRegex: above.unameRegex ?? below.unameRegex,
    settings,
  };
}
