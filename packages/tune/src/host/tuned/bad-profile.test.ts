import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HecateError, openHost } from '@hecate/host';
import { encodeProfile } from '../../evidence/encode-profile.ts';
import { detect } from '../detect.ts';
import type { HostFacts } from '../facts.ts';
import { parseProfile } from '../parse-profile.ts';
import { importTuned } from './import.ts';
import type { Imported } from './import.ts';

const host = openHost();
const directory = mkdtempSync(path.join(tmpdir(), 'hecate-tuned-'));
let facts: HostFacts;
beforeAll(async () => {
  facts = await detect(host);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const file = path.join(directory, 'one', 'tuned.conf');
function write(content: string | Uint8Array): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}
const load = (name = 'one'): Imported => importTuned(name, { host, facts, directories: [directory] });

test.each([
  ['x=1', `${file}:1: There is an option before the first section.`],
  ['[a]\nb', `${file}:2: "b" is neither a section nor an option.`],
  ['[a]\nb=\0', `${file} is no text file of tuned.`],
  [Uint8Array.of(0x5b, 0xff, 0xfe, 0x5d), `${file} is no text file of tuned.`],
  ['#'.repeat(2 ** 18 + 1), `${file} is no text file of tuned.`],
  ['[main]\ninclude=two', `${file}:2 [main]: There is no tuned profile two.`],
  ['[main]\ninclude=../two', `${file}:2 [main]: "../two" is no name of a profile.`],
  ['[main]\ninclude=', `${file}:2 [main]: "" is no name of a profile.`],
  ['[main]\ninclude=${x}', `${file}:2 [main]: "\${x}" is no name of a profile.`],
  [
    '[variables]\na=${f:assertion:cores are set:1:2}',
    `${file}:2 [variables]: The profile refuses this machine: "cores are set" does not hold.`,
  ],
])('%j is refused with a sentence', (content, sentence) => {
  write(content);
  expect(() => load()).toThrow(expect.objectContaining({ code: 'INVALID', message: sentence }));
});

test.each([
  ['onee', 'There is no tuned profile onee.', 'Did you mean one?'],
  ['throughput', 'There is no tuned profile throughput.', `It is looked for in ${directory}.`],
  ['../one', '"../one" is no name of a profile.', 'It is a name, not a path: throughput-performance.'],
  ['', '"" is no name of a profile.', 'It is a name, not a path: throughput-performance.'],
  ['..', '".." is no name of a profile.', 'It is a name, not a path: throughput-performance.'],
  ['_', '"_" has no letter that the name of a profile could have.', undefined],
])('the name %j', (name, sentence, hint) => {
  write('[main]\n');
  mkdirSync(path.join(directory, '_'), { recursive: true });
  writeFileSync(path.join(directory, '_', 'tuned.conf'), '');
  expect(() => load(name)).toThrow(expect.objectContaining({ code: 'INVALID', message: sentence, hint }));
});

test.skipIf(process.getuid?.() === 0)('a file that may not be read is told from one that is not there', () => {
  write('[main]\n');
  chmodSync(file, 0);
  try {
    expect(() => load()).toThrow(expect.objectContaining({ code: 'DENIED', message: `${file} may not be read by this user.` }));
  } finally {
    chmodSync(file, 0o644);
  }
});

test('a directory in the place of a file', () => {
  mkdirSync(path.join(directory, 'dir', 'tuned.conf'), { recursive: true });
  expect(() => load('dir')).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }));
});

test('an empty file is a profile of nothing', () => {
  write('');
  expect(load()).toMatchObject({ profile: { name: 'tuned-one', knobs: [] }, ignored: [] });
});

/** Whatever stands in a file: knobs that a file of ours can have, or an error that says why. */
function expectSane(content: string | Uint8Array): void {
  write(content);
  let imported: Imported;
  try {
    imported = load();
  } catch (error) {
    expect(error).toBeInstanceOf(HecateError);
    expect((error as HecateError).message).toMatch(/\.$/);
    return;
  }
  const { profile, ignored } = imported;
  expect(parseProfile(encodeProfile(profile), 'one.toml')).toEqual(profile);
  for (const { place, setting, why } of ignored) {
    expect(place).toContain('tuned.conf:');
    expect(`${setting}${why}`).not.toMatch(/\p{Cc}/u);
    expect(why).toMatch(/\.$/);
  }
}

const PARTS = [
  '[main]',
  '[sysctl]',
  '[cpu]',
  '[disk]',
  '[variables]',
  '[sysfs]',
  '[x]',
  '[',
  ']',
  '\n',
  '\n',
  '\n',
  '=',
  '=',
  ' ',
  '  ',
  '#',
  ';',
  ',',
  '|',
  ':',
  '\\',
  '"',
  '>',
  '<',
  '!',
  '*',
  'include',
  'type',
  'replace',
  'drop',
  'enabled',
  'devices',
  'priority',
  'uname_regex',
  'one',
  'true',
  'cpu',
  'disk',
  'vm.swappiness',
  'governor',
  'force_latency',
  'readahead',
  'elevator',
  '/sys/',
  '/sys/kernel/mm/*',
  '..',
  '${',
  '}',
  '${f:',
  'a',
  'exec',
  'cpulist2hex',
  'cpulist_unpack',
  'regex_search_ternary',
  'assertion',
  '0',
  '1',
  '-1',
  '0x',
  '0-9',
  '^',
  '(',
  '__proto__',
  'constructor',
  '',
  'é',
  '\t',
] as const;

test('no text brings it down', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PARTS), { maxLength: 60 }), (parts) => expectSane(parts.join(''))),
    { numRuns: 800 },
  );
  const option = fc
    .tuple(fc.constantFrom(...PARTS), fc.array(fc.constantFrom(...PARTS), { maxLength: 8 }))
    .map(([name, value]) => `${name}=${value.join('')}`);
  const section = fc.tuple(
    fc.constantFrom('main', 'sysctl', 'cpu', 'disk', 'variables', 'sysfs', 'net', '__proto__'),
    fc.array(option, { maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(section, { maxLength: 5 }), (all) =>
      expectSane(all.map(([name, lines]) => `[${name}]\n${lines.join('\n')}\n`).join('')),
    ),
    { numRuns: 800 },
  );
});

test('no bytes bring it down', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => expectSane(bytes)),
    { numRuns: 300 },
  );
});
