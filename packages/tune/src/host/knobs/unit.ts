import { FLAG, needed, optional, text } from '../rule.ts';
import { does, textOption } from './knob.ts';
import type { Knob } from './knob.ts';

const STATES = ['active', 'enabled', 'masked'] as const;
const UNIT = text(
  'the name of a unit with its ending such as "irqbalance.service"',
  /^[A-Za-z0-9_][A-Za-z0-9:_.@\\-]{0,200}\.(?:service|socket|timer|target|path|mount|automount|swap|slice)$/,
);

/** A unit of systemd: systemctl(1). */
export const unit: Knob = {
  name: 'unit',
  help: 'Whether a unit of systemd runs, starts with the machine, or may not start at all.',
  options: { unit: needed(UNIT), active: optional(FLAG), enabled: optional(FLAG), masked: optional(FLAG) },
  value: null,
  refuse: ({ options }) => (STATES.some((state) => options[state] !== undefined) ? null : 'needs active, enabled or masked'),
  subject: (entry) => textOption(entry, 'unit'),
  plan({ entry }) {
    const states = STATES.flatMap((state) => (entry.options[state] === undefined ? [] : [[state, entry.options[state]] as const]));
    return does({ kind: 'unit', unit: textOption(entry, 'unit'), ...Object.fromEntries(states) });
  },
};
