import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'smol-toml';
import { parseTopSettings } from '../settings.ts';
import { startState } from './start.ts';
import { makeKeyMap } from './keys.ts';
import { THEME_NAMES } from '../theme/open-theme.ts';
import { TOP } from '../declaration.ts';
import { COMMAND_GROUPS, NAMED_COMMANDS } from './named-commands.ts';

const page = readFileSync(fileURLToPath(new URL('../../../../../docs/terminal.md', import.meta.url)), 'utf8');

test.each(NAMED_COMMANDS)('docs/terminal.md has the command $name with its keys', ({ name, keys, does }) => {
  const row = `| \`${name}\` | ${keys.map((key) => `\`${key}\``).join(' ')} | ${does} |`;
  expect(page).toContain(row);
});

test('docs/terminal.md has no command that there is not', () => {
  const table = page.slice(page.indexOf('\n## Keys'), page.indexOf('\n## Settings'));
  const named = [...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
  expect(named).toEqual(NAMED_COMMANDS.map(({ name }) => name).toSorted((a, b) => named.indexOf(a) - named.indexOf(b)));
  for (const heading of Object.values(COMMAND_GROUPS)) expect(table).toContain(`### ${heading}\n`);
});

test('docs/terminal.md and the completions know every theme', () => {
  for (const name of THEME_NAMES) expect(page).toContain(`\`${name}\``);
  expect(TOP.options.find(({ flags }) => flags.startsWith('--theme'))?.offers).toEqual(THEME_NAMES);
});

test('the settings that docs/terminal.md shows are taken', () => {
  const [, toml] = /```toml\n([\s\S]*?)```/.exec(page)!;
  const { top, ...rest } = parse(toml!);
  expect(rest).toEqual({});
  const settings = parseTopSettings(top, 'docs');
  expect(startState({}, settings, 'true')).toMatchObject({ sort: 'rss', theme: 'nord', tree: true, span: 300 });
  expect(makeKeyMap(settings.keys, { vi: settings.viKeys }).keys.get('quit')).toEqual(['x', 'f10', 'ctrl+c']);
});
