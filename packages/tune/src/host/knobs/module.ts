import type { OptionValue } from '../profile.ts';
import { needed, optional, text } from '../rule.ts';
import type { Rule } from '../rule.ts';
import { FLAG } from '../rule.ts';
import { does, plain, textOption } from './knob.ts';
import type { Knob } from './knob.ts';

const PARAMETERS: Rule = {
  must: 'a table of texts such as { num_devices = "1" }',
  holds: (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(([name, setting]) => /^[A-Za-z0-9_]{1,64}$/.test(name) && typeof setting === 'string'),
};

/** A module of the kernel: modprobe(8). */
export const module: Knob = {
  name: 'module',
  help: 'Whether a module of the kernel is loaded.',
  options: { module: needed(text('the name of a module such as "tcp_bbr"', /^[A-Za-z0-9_-]{1,64}$/)), parameters: optional(PARAMETERS) },
  value: plain(FLAG),
  // What a module brings can be set when it is there.
  phase: 0,
  subject: (entry) => textOption(entry, 'module').replaceAll('-', '_'),
  plan({ entry }) {
    const name = textOption(entry, 'module');
    const parameters: OptionValue | undefined = entry.options['parameters'];
    const action = { kind: 'module', module: name, loaded: entry.value === true } as const;
    return does(parameters === undefined ? action : { ...action, parameters: parameters as Readonly<Record<string, string>> });
  },
};
