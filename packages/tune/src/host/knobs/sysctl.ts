import { needed, text, anyOf, whole } from '../rule.ts';
import type { Rule } from '../rule.ts';
import { isShare, preferencesOf, scalarText, shareNumber } from '../value.ts';
import { boundedValue } from './bounded.ts';
import { does, setSysctl, skips, textOption } from './knob.ts';
import type { Knob } from './knob.ts';

const KEY = text('the key of a sysctl such as "vm.swappiness"', /^[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_:-]+){1,8}$/);
const VALUE: Rule = {
  ...anyOf(whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER), text('', /^[^\p{Cc}]+$/u), {
    must: '',
    holds: (value) => typeof value === 'boolean',
  }),
  must: 'a whole number, a text of one line, true or false',
};

/** Where a key lies: a dot separates, and a slash stands for a dot inside a name, as in sysctl.d(5). */
const pathOf = (key: string): string =>
  `/proc/sys/${key
    .split('.')
    .map((part) => part.replaceAll('/', '.'))
    .join('/')}`;

/** A sysctl: Documentation/admin-guide/sysctl of the kernel. */
export const sysctl: Knob = {
  name: 'sysctl',
  help: 'A setting of the kernel under /proc/sys.',
  options: { key: needed(KEY) },
  value: { rule: VALUE, preferences: false, share: true, bounds: true },
  subject: (entry) => textOption(entry, 'key'),
  plan({ entry, facts, look }) {
    const key = textOption(entry, 'key');
    const wanted = isShare(entry.value) ? String(shareNumber(entry.value, facts)) : scalarText(preferencesOf(entry.value)[0]!);
    const bounded = boundedValue(wanted, entry.bound, pathOf(key), look);
    return 'skipped' in bounded ? skips(bounded.skipped) : does(setSysctl(key, bounded.value));
  },
};
