import { needed, optional, path, text } from '../rule.ts';
import type { Rule } from '../rule.ts';
import { does, textOption } from './knob.ts';
import type { Knob } from './knob.ts';

const MOST_BYTES = 2 ** 20;
const CONTENT: Rule = {
  must: 'a text of at most 1 MiB',
  holds: (value) => typeof value === 'string' && Buffer.byteLength(value) <= MOST_BYTES && !value.includes('\0'),
};
const PLACES = ['/etc/', '/usr/', '/var/', '/opt/', '/srv/', '/boot/', '/root/', '/home/', '/lib/', '/run/'];

/** A file that is put in place whole; it outlives a reboot. */
export const file: Knob = {
  name: 'file',
  help: 'A file with this content.',
  options: {
    path: needed(path(`an absolute path below ${PLACES.join(', ')} without ".." and wildcards`, PLACES)),
    content: needed(CONTENT),
    mode: optional(text('a mode such as "0644"', /^0[0-7]{3}$/)),
  },
  value: null,
  subject: (entry) => textOption(entry, 'path'),
  plan({ entry }) {
    const action = { kind: 'file', path: textOption(entry, 'path'), content: textOption(entry, 'content') } as const;
    return does(entry.options['mode'] === undefined ? action : { ...action, mode: Number.parseInt(textOption(entry, 'mode'), 8) });
  },
};
