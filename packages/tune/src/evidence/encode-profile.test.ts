import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseProfile } from '../host/parse-profile.ts';
import type { KnobEntry, Profile } from '../host/profile.ts';
import { encodeProfile } from './encode-profile.ts';
import { SAFE_SET } from './search-space.ts';

const entry = (more: Partial<KnobEntry>): KnobEntry => ({
  knob: 'sysctl',
  options: { key: 'vm.swappiness' },
  value: 10,
  bound: null,
  when: {},
  why: 'It helps.',
  source: 'a document',
  risk: 'live',
  required: false,
  ...more,
});
const profileOf = (...knobs: KnobEntry[]): Profile => ({
  name: 'mine',
  title: 'Mine',
  summary: 'For a test.',
  include: null,
  without: [],
  knobs,
});

describe('a profile that is written', () => {
  it('is read as the same profile', () => {
    const profile = {
      ...profileOf(
        entry({ when: { memory_at_least: '8GiB', virtual: false }, risk: 'restart', required: true }),
        entry({
          options: { key: 'vm.min_free_kbytes' },
          value: { share: 0.05, of: 'memory', least: 64 * 2 ** 20, most: 2 ** 30, unit: 'KiB' },
        }),
        entry({ options: { key: 'net.core.rmem_max' }, value: { share: 0.01, of: 'memory', least: 1025, most: null, unit: 'bytes' } }),
        entry({ options: { key: 'fs.file-max' }, value: 9_000_000, bound: 'raise' }),
        entry({ options: { key: 'kernel.core_pattern' }, value: 'a "quoted" \\ text # and ]]' }),
        entry({ knob: 'disk-scheduler', options: { disks: ['nvme', 'ssd'] }, value: ['none', 'mq-deadline'] }),
        entry({ knob: 'autogroup', options: {}, value: false }),
      ),
      include: 'server',
      without: ['sysctl vm.dirty_ratio'],
    };
    expect(parseProfile(encodeProfile(profile), 'mine.toml')).toEqual(profile);
  });

  it('has comments above itself and above its knobs, which cannot become anything else', () => {
    const head = ['First line.', '', 'evil\n[[knobs]]\r\nknob = "file"\u2028x'];
    const text = encodeProfile(profileOf(entry({}), entry({ options: { key: 'vm.dirty_ratio' } })), {
      head,
      knobs: [[], ['About the second.']],
    });
    expect(text.split('\n').slice(0, 4)).toEqual(['# First line.', '#', '# evil [[knobs]] knob = "file" x', 'name = "mine"']);
    expect(text).toContain('\n\n# About the second.\n[[knobs]]\n');
    expect(text).toMatch(/[^\n]\n$/);
    expect(parseProfile(text, 'mine.toml').knobs).toHaveLength(2);
  });

  it('is read as the same profile, for every profile that we ship', () => {
    const directory = new URL('../../profiles/', import.meta.url);
    const files = existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith('.toml')) : [];
    for (const name of files) {
      const profile = parseProfile(readFileSync(new URL(name, directory), 'utf8'), name);
      expect(parseProfile(encodeProfile(profile), name)).toEqual(profile);
    }
  });
});

describe('the safe set', () => {
  it.each(
    SAFE_SET.flatMap(({ knob, values }) =>
      values.map((value) => ({ name: `${knob.knob} ${JSON.stringify(knob.options)} ${value}`, knob, value })),
    ),
  )('is made of values that a profile can have: $name', ({ knob, value }) => {
    const profile = profileOf({ ...knob, value });
    expect(parseProfile(encodeProfile(profile), 'mine.toml')).toEqual(profile);
  });

  it('has each thing once, and only what takes effect at once', () => {
    const things = SAFE_SET.map(({ knob }) => JSON.stringify([knob.knob, knob.options]));
    expect(new Set(things).size).toBe(things.length);
    expect(SAFE_SET.every(({ knob, values }) => knob.risk === 'live' && new Set(values).size === values.length && values.length > 1)).toBe(
      true,
    );
  });
});
