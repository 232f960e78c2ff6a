import path from 'node:path';
import { expandPath } from '../wildcard.ts';
import { scalar } from './assignment.ts';
import type { TunedPlugin } from './plugin.ts';

/** More files than one setting is ever for. */
const MOST_FILES = 200;

/** The plugin `sysfs`: value files of /sys, with wildcards. */
export const sysfs: TunedPlugin = {
  name: 'sysfs',
  alone: null,
  knobs({ name, value, machine }) {
    const wild = path.posix.normalize(name);
    if (!wild.startsWith('/sys/')) return 'It is no file of /sys.';
    const files = expandPath(wild, machine.look, MOST_FILES + 1);
    if (files.length === 0) return 'This machine has no such file.';
    if (files.length > MOST_FILES) return `It means more than ${MOST_FILES} files here.`;
    return files.map((file) => ({ knob: 'sysfs', path: file, value: scalar(value) }));
  },
};
