import type { TunedPlugin } from './plugin.ts';

const WORDS: Readonly<Record<string, Readonly<Record<string, boolean>>>> = {
  start: { active: true },
  stop: { active: false },
  enable: { enabled: true },
  disable: { enabled: false },
};

/** The plugin `service`: units of the service manager. */
export const service: TunedPlugin = {
  name: 'service',
  alone: null,
  knobs({ name, value }) {
    const unit = /^service\.(.+)$/.exec(name)?.[1];
    if (unit === undefined) return 'Its plugin has no such setting.';
    const words = value.split(/\s*[,;]\s*/).filter(Boolean);
    if (words.some((word) => word.startsWith('file:'))) return 'It puts a file of its own over that of the service.';
    const strange = words.find((word) => !Object.hasOwn(WORDS, word));
    if (strange !== undefined) return `A service can be started, stopped, enabled and disabled, and not ${strange}.`;
    const states: Record<string, boolean> = Object.assign({}, ...words.map((word) => WORDS[word]));
    return [{ knob: 'unit', unit: /\.[a-z]+$/.test(unit) ? unit : `${unit}.service`, ...states }];
  },
};
