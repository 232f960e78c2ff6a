import type { TunedPlugin } from './plugin.ts';

/** The plugin `modules`: kernel modules and their options. */
export const modules: TunedPlugin = {
  name: 'modules',
  alone: null,
  knobs({ name, value }) {
    const [, options] = /^\+r\s*,?\s*(.*)$/s.exec(value.trim()) ?? [];
    if (options === undefined) return 'It is for the next time that the module is loaded: /etc/modprobe.d is the place for it.';
    const parts = options.split(/\s+/).filter(Boolean);
    if (parts.some((part) => part.indexOf('=') < 1)) return 'Its options are not all of the form name=value.';
    const parameters = Object.fromEntries(parts.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]));
    return [{ knob: 'module', module: name, value: true, ...(parts.length === 0 ? {} : { parameters }) }];
  },
};
