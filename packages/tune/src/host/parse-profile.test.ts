import { HecateError } from '@hecate/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KNOBS } from './knobs/index.ts';
import { parseProfile, profileOf } from './parse-profile.ts';

const HEAD = 'name = "mine"\ntitle = "Mine"\nsummary = "For me."\n';
const REASON = 'why = "It helps."\nsource = "vm.rst"\n';
const profile = (...knobs: readonly string[]): string => HEAD + knobs.map((knob) => `[[knobs]]\n${knob}\n${REASON}`).join('');
const SWAPPINESS = 'knob = "sysctl"\nkey = "vm.swappiness"\nvalue = 10';

test('a profile is what its file says', () => {
  const text = profile(`${SWAPPINESS}\nraise = true\nwhen = { virtual = false }\nrisk = "restart"\nrequired = true`);
  expect(parseProfile(text, 'mine.toml')).toEqual({
    name: 'mine',
    title: 'Mine',
    summary: 'For me.',
    include: null,
    without: [],
    knobs: [
      {
        knob: 'sysctl',
        options: { key: 'vm.swappiness' },
        value: 10,
        bound: 'raise',
        when: { virtual: false },
        why: 'It helps.',
        source: 'vm.rst',
        risk: 'restart',
        required: true,
      },
    ],
  });
});

test('a share has its bounds in bytes', () => {
  const text = profile('knob = "sysctl"\nkey = "vm.dirty_bytes"\nvalue = { share = 0.05, of = "memory", least = "64MiB", most = "1GiB" }');
  expect(parseProfile(text, 'mine.toml').knobs[0]!.value).toEqual({
    share: 0.05,
    of: 'memory',
    least: 2 ** 26,
    most: 2 ** 30,
    unit: 'bytes',
  });
});

/** What is wrong, the text, the sentence, and the hint. */
const WRONG: readonly (readonly [string, string, string, string?])[] = [
  ['broken TOML', `${HEAD}include = \n`, 'mine.toml:4:11: This is no TOML: invalid value.'],
  ['a key twice', `${HEAD}title = "x"\n`, 'mine.toml:4:1: This is no TOML: trying to redefine an already defined table or value.'],
  ['no name', 'title = "x"\nsummary = "x"\n', 'mine.toml: The profile has no name.'],
  [
    'a name that is a path',
    HEAD.replace('"mine"', '"../mine"'),
    'mine.toml: The profile has a wrong name "../mine": it must be lower-case letters, digits and dashes, at most 64.',
  ],
  [
    'an include that is a path',
    `${HEAD}include = "/etc/passwd"`,
    'mine.toml: The profile has a wrong include "/etc/passwd": it must be lower-case letters, digits and dashes, at most 64.',
  ],
  ['an unknown property', `${HEAD}titel = "x"`, 'mine.toml: The profile has an unknown property "titel".', 'Did you mean title?'],
  ['knobs that are none', `${HEAD}knobs = 3`, 'mine.toml: The profile has wrong knobs: each must begin with [[knobs]].'],
  [
    'an empty title',
    HEAD.replace('"Mine"', '" "'),
    'mine.toml: The profile has a wrong title: it must be a text of one line, at most 1000 letters.',
  ],
  [
    'without what is no list',
    `${HEAD}without = "sysctl vm.swappiness"`,
    'mine.toml: The profile has a wrong without: it must be a list of texts such as "sysctl vm.swappiness".',
  ],
  [
    'without an unknown knob',
    `${HEAD}without = ["sysclt vm.swappiness"]`,
    'mine.toml: The profile has an unknown knob "sysclt".',
    'Did you mean sysctl?',
  ],
  [
    'an unknown knob',
    profile('knob = "disk-schedular"\nvalue = "bfq"'),
    'mine.toml:4: Knob 1 has an unknown knob "disk-schedular".',
    'Did you mean disk-scheduler?',
  ],
  ['no knob', profile('value = 1'), 'mine.toml:4: Knob 1 has no knob.'],
  [
    'an unknown option',
    profile(`${SWAPPINESS}\nvalu = 1`),
    'mine.toml:4: Knob 1 (sysctl) has an unknown option "valu".',
    'Did you mean value?',
  ],
  ['an option of another knob', profile(`${SWAPPINESS}\ndisks = ["nvme"]`), 'mine.toml:4: Knob 1 (sysctl) has an unknown option "disks".'],
  [
    'no option',
    profile('knob = "sysctl"\nvalue = 1'),
    'mine.toml:4: Knob 1 (sysctl) has no key: it must be the key of a sysctl such as "vm.swappiness".',
  ],
  [
    'a key that is a path',
    profile('knob = "sysctl"\nkey = "../etc/passwd"\nvalue = 1'),
    'mine.toml:4: Knob 1 (sysctl) has a wrong key: it must be the key of a sysctl such as "vm.swappiness".',
  ],
  [
    'a wrong type',
    profile('knob = "sysctl"\nkey = "vm.swappiness"\nvalue = 1.5'),
    'mine.toml:4: Knob 1 (sysctl) has a wrong value: it must be a whole number, a text of one line, true or false.',
  ],
  [
    'a date',
    profile('knob = "sysctl"\nkey = "vm.swappiness"\nvalue = 2026-01-01'),
    'mine.toml:4: Knob 1 (sysctl) has a wrong value: it must be a whole number, a text of one line, true or false.',
  ],
  [
    'no value',
    profile('knob = "sysctl"\nkey = "vm.swappiness"'),
    'mine.toml:4: Knob 1 (sysctl) has no value: it must be a whole number, a text of one line, true or false.',
  ],
  [
    'a list where there is one value',
    profile('knob = "sysctl"\nkey = "vm.swappiness"\nvalue = [1, 2]'),
    'mine.toml:4: Knob 1 (sysctl) has a list as value: it must be a whole number, a text of one line, true or false.',
  ],
  [
    'an empty list',
    profile('knob = "hugepage-mode"\nvalue = []'),
    'mine.toml:4: Knob 1 (hugepage-mode) has a wrong list of preferences: each must be one of "always", "madvise", "never".',
  ],
  [
    'a value where there is none',
    profile('knob = "cpu-idle"\nlatency_at_most = "2us"\nvalue = 1'),
    'mine.toml:4: Knob 1 (cpu-idle) has a value, and this knob takes options only.',
  ],
  [
    'a value out of range',
    profile('knob = "cpu-energy-bias"\nvalue = 16'),
    'mine.toml:4: Knob 1 (cpu-energy-bias) has a wrong value: it must be one of "performance", "balance-performance", "normal", "balance-power", "power", or a whole number from 0 to 15.',
  ],
  [
    'a share where there is none',
    profile('knob = "cpu-boost"\nvalue = { share = 0.5, of = "memory" }'),
    'mine.toml:4: Knob 1 (cpu-boost) has a share as value, and this knob takes none.',
  ],
  [
    'a share above all',
    profile('knob = "hugepages"\nvalue = { share = 1.5, of = "memory" }'),
    'mine.toml:4: Knob 1 (hugepages), value has a wrong share: it must be a number above 0 and at most 1.',
  ],
  ['a share of nothing', profile('knob = "hugepages"\nvalue = { share = 0.5 }'), 'mine.toml:4: Knob 1 (hugepages), value has no of.'],
  [
    'a share with a wrong size',
    profile('knob = "hugepages"\nvalue = { share = 0.5, of = "memory", most = "1GB" }'),
    'mine.toml:4: Knob 1 (hugepages), value has a wrong most: it must be a size such as "64MiB".',
  ],
  [
    'a share that contradicts itself',
    profile('knob = "hugepages"\nvalue = { share = 0.5, of = "memory", least = "2GiB", most = "1GiB" }'),
    'mine.toml:4: Knob 1 (hugepages), value has a least above its most.',
  ],
  [
    'an unknown option of a share',
    profile('knob = "hugepages"\nvalue = { share = 0.5, of = "memory", units = "KiB" }'),
    'mine.toml:4: Knob 1 (hugepages), value has an unknown option "units".',
    'Did you mean unit?',
  ],
  [
    'both bounds',
    profile(`${SWAPPINESS}\nraise = true\nlower = true`),
    'mine.toml:4: Knob 1 (sysctl) may be raised only and lowered only, which is a contradiction.',
  ],
  [
    'a bound where there is none',
    profile('knob = "cpu-boost"\nvalue = true\nraise = true'),
    'mine.toml:4: Knob 1 (cpu-boost) has raise, and this knob takes no such option.',
  ],
  [
    'an unknown condition',
    profile(`${SWAPPINESS}\nwhen = { memory_atleast = "8GiB" }`),
    'mine.toml:4: Knob 1 (sysctl), when has an unknown condition "memory_atleast".',
    'Did you mean memory_at_least?',
  ],
  [
    'a condition of a wrong type',
    profile(`${SWAPPINESS}\nwhen = { memory_at_least = 8 }`),
    'mine.toml:4: Knob 1 (sysctl), when has a wrong memory_at_least: it must be a size such as "64MiB".',
  ],
  [
    'conditions that are none',
    profile(`${SWAPPINESS}\nwhen = true`),
    'mine.toml:4: Knob 1 (sysctl) has a wrong when: it must be a table such as { virtual = false }.',
  ],
  [
    'an unknown risk',
    profile(`${SWAPPINESS}\nrisk = "none"`),
    'mine.toml:4: Knob 1 (sysctl) has a wrong risk: it must be one of "live", "restart", "reboot".',
  ],
  ['no reason', `${HEAD}[[knobs]]\n${SWAPPINESS}\nsource = "x"\n`, 'mine.toml:4: Knob 1 (sysctl) has no why.'],
  ['no source', `${HEAD}[[knobs]]\n${SWAPPINESS}\nwhy = "x"\n`, 'mine.toml:4: Knob 1 (sysctl) has no source.'],
  [
    'one thing twice',
    profile(SWAPPINESS, SWAPPINESS),
    'mine.toml:10: Knob 2 sets sysctl vm.swappiness a second time.',
    'One thing may be set twice when each has a `when` of its own.',
  ],
  [
    'one thing twice under one condition',
    profile(`${SWAPPINESS}\nwhen = { swap = true, numa = true }`, `${SWAPPINESS}\nwhen = { numa = true, swap = true }`),
    'mine.toml:11: Knob 2 sets sysctl vm.swappiness a second time.',
  ],
  [
    'the same disks twice',
    profile(
      'knob = "disk-scheduler"\ndisks = ["ssd", "hdd"]\nvalue = "bfq"',
      'knob = "disk-scheduler"\ndisks = ["hdd", "ssd"]\nvalue = "none"',
    ),
    'mine.toml:10: Knob 2 sets disk-scheduler hdd,ssd a second time.',
  ],
  [
    'a path with a wildcard',
    profile('knob = "sysfs"\npath = "/sys/block/*/queue/rotational"\nvalue = 1'),
    'mine.toml:4: Knob 1 (sysfs) has a wrong path: it must be an absolute path of one file below /sys or /proc/irq, without ".." and wildcards.',
  ],
  [
    'a path that escapes',
    profile('knob = "sysfs"\npath = "/sys/../etc/passwd"\nvalue = 1'),
    'mine.toml:4: Knob 1 (sysfs) has a wrong path: it must be an absolute path of one file below /sys or /proc/irq, without ".." and wildcards.',
  ],
  [
    'a file that escapes',
    profile('knob = "file"\npath = "/etc/../dev/sda"\ncontent = "x"'),
    'mine.toml:4: Knob 1 (file) has a wrong path: it must be an absolute path below /etc/, /usr/, /var/, /opt/, /srv/, /boot/, /root/, /home/, /lib/, /run/ without ".." and wildcards.',
  ],
  [
    'a unit without a wish',
    profile('knob = "unit"\nunit = "irqbalance.service"'),
    'mine.toml:4: Knob 1 (unit) needs active, enabled or masked.',
  ],
  ['a GPU without a wish', profile('knob = "nvidia-power"'), 'mine.toml:4: Knob 1 (nvidia-power) needs persistence or limit_share.'],
  [
    'a GPU that is starved',
    profile('knob = "amd-power"\nlimit_share = 0.2'),
    'mine.toml:4: Knob 1 (amd-power) has a wrong limit_share: it must be a number from 0.5 to 1.',
  ],
  [
    'a unit that is an option',
    profile('knob = "unit"\nunit = "--now.service"\nactive = true'),
    'mine.toml:4: Knob 1 (unit) has a wrong unit: it must be the name of a unit with its ending such as "irqbalance.service".',
  ],
];

test.each(WRONG.map((row) => [row[0], row] as const))('%s', (_, [, text, sentence, hint]) => {
  const found = caught(() => parseProfile(text, 'mine.toml'));
  expect(found.message).toBe(sentence);
  expect(found.code).toBe('INVALID');
  if (hint !== undefined) expect(found.hint).toBe(hint);
});

test.each([
  ['with and without a condition', `${SWAPPINESS}\nwhen = { mains = true }`, SWAPPINESS],
  ['without and with a condition', SWAPPINESS, `${SWAPPINESS}\nwhen = { mains = true }`],
])('one thing twice, %s', (_, first, second) => {
  expect(caught(() => parseProfile(profile(first, second), 'mine.toml')).message).toContain(
    'Knob 2 sets sysctl vm.swappiness a second time.',
  );
});

test('one thing may be set twice under different conditions', () => {
  const text = profile(`${SWAPPINESS}\nwhen = { mains = true }`, `${SWAPPINESS}\nwhen = { mains = false }`);
  expect(parseProfile(text, 'mine.toml').knobs).toHaveLength(2);
});

test('a file that is too long or has too many knobs is none', () => {
  expect(caught(() => parseProfile('#'.repeat(300_000), 'mine.toml')).message).toBe('mine.toml is too long for a profile.');
  const many = { name: 'mine', title: 'x', summary: 'x', knobs: Array.from({ length: 501 }, () => ({})) };
  expect(caught(() => profileOf(many, 'mine')).message).toBe('mine: The profile has more than 500 knobs.');
});

test('[[knobs]] inside a text does not move the lines of the others: then none is given', () => {
  const text = `${profile(SWAPPINESS)}[[knobs]]\nknob = "file"\npath = "/etc/x"\ncontent = """\n[[knobs]]\n"""\n`;
  expect(caught(() => parseProfile(text, 'mine.toml')).message).toBe('mine.toml: Knob 2 (file) has no why.');
});

test('whatever the data, it is a profile or a sentence', () => {
  const anyTable = fc.dictionary(
    fc.oneof(fc.constantFrom('knob', 'value', 'when', 'why', 'source', 'key', 'raise'), fc.string()),
    fc.anything(),
  );
  const anyKnob = fc.record(
    {
      knob: fc.constantFrom(...KNOBS.keys()),
      value: fc.anything(),
      key: fc.anything(),
      path: fc.anything(),
      disks: fc.anything(),
      when: fc.oneof(fc.anything(), anyTable),
      why: fc.constant('x'),
      source: fc.constant('x'),
    },
    { requiredKeys: ['knob', 'why', 'source'] },
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(anyTable, anyKnob, fc.anything()), { maxLength: 3 }), (knobs) => {
      try {
        profileOf({ name: 'mine', title: 'x', summary: 'x', knobs }, 'mine');
      } catch (error) {
        expect(error).toBeInstanceOf(HecateError);
        expect((error as HecateError).message).toMatch(/^mine: .*\.$/s);
      }
    }),
    { numRuns: 1000 },
  );
});

test('whatever the text, it is a profile or a sentence', () => {
  const pieces = fc.constantFrom(
    ...profile(SWAPPINESS, 'knob = "cpu-boost"\nvalue = true').split(/(?<=[\s="])/),
    '"""',
    '[',
    ']]',
    '\u0000',
    '\\',
    '{',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
      try {
        parseProfile(parts.join(''), 'mine.toml');
      } catch (error) {
        expect(error).toBeInstanceOf(HecateError);
      }
    }),
    { numRuns: 1000 },
  );
});

function caught(work: () => unknown): HecateError {
  try {
    work();
  } catch (error) {
    if (error instanceof HecateError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}
