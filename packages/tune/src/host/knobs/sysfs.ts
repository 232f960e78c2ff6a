import { parseChoice } from '../detect/choice.ts';
import { anyOf, FLAG, needed, path as pathRule, text, whole } from '../rule.ts';
import type { Rule } from '../rule.ts';
import { preferencesOf, scalarText } from '../value.ts';
import { boundedValue } from './bounded.ts';
import { does, setFile, skips, textOption } from './knob.ts';
import type { Knob } from './knob.ts';

const PATH = pathRule('an absolute path of one file below /sys or /proc/irq, without ".." and wildcards', ['/sys/', '/proc/irq/']);
const VALUE: Rule = {
  ...anyOf(whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER), FLAG, text('', /^[^\p{Cc}]+$/u)),
  must: 'a whole number, a text of one line, true or false',
};

/** A value file of /sys, for what no other knob knows: Documentation/ABI of the kernel. */
export const sysfs: Knob = {
  name: 'sysfs',
  help: 'One value file under /sys or /proc/irq.',
  options: { path: needed(PATH) },
  value: { rule: VALUE, preferences: true, share: false, bounds: true },
  subject: (entry) => textOption(entry, 'path'),
  plan({ entry, look }) {
    const path = textOption(entry, 'path');
    const wishes = preferencesOf(entry.value).map(scalarText);
    const offered = parseChoice((look?.text(path) ?? '').split(/\s+/)).all;
    // A file that is no list of choices takes the first: what it refuses is found when it is written.
    const wanted = offered.length === 0 ? wishes[0] : wishes.find((wish) => offered.includes(wish));
    if (wanted === undefined) return skips(`${path} offers ${offered.join(', ')}, and none of ${wishes.join(', ')}.`);
    const bounded = boundedValue(wanted, entry.bound, path, look);
    return 'skipped' in bounded ? skips(bounded.skipped) : does(setFile(path, bounded.value));
  },
};
