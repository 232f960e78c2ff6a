import { parseAssignment, scalar } from './assignment.ts';
import type { TunedPlugin } from './plugin.ts';

/** tuned does not set them: they are in units that nobody is sure of (Documentation/networking/ip-sysctl.rst). */
const REFUSED = /[./](?:base_reachable_time|retrans_time)$/;

/** The plugin `sysctl`: keys of /proc/sys. */
export const sysctl: TunedPlugin = {
  name: 'sysctl',
  alone: null,
  knobs({ name, value: written }) {
    if (REFUSED.test(name)) return 'tuned does not set it either: its unit differs from machine to machine.';
    const { value, bound } = parseAssignment(written.replace(/^"(.*)"$/s, '$1'));
    // To tuned a slash is a dot; to us it is a dot inside a name.
    return [{ knob: 'sysctl', key: name.replaceAll('/', '.'), value: scalar(value.trim()), ...bound }];
  },
};
