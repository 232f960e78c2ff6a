import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ALERT_TABLES } from './alert-tables.testing.ts';

const PAGE = fileURLToPath(new URL('../../../../docs/alerts.md', import.meta.url));

/** The page with its tables as they should be. */
function filled(page: string): string {
  return Object.entries(ALERT_TABLES).reduce((text, [name, made]) => {
    const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const from = text.indexOf(begin);
    const to = text.indexOf(end);
    if (from < 0 || to < from) throw new Error(`docs/alerts.md lacks ${begin}.`);
    return `${text.slice(0, from + begin.length)}\n${made}\n${text.slice(to)}`;
  }, page);
}

test('docs/alerts.md has the rules and readings that there are; UPDATE_DOCS=1 brings it up to date', () => {
  const page = readFileSync(PAGE, 'utf8');
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(PAGE, filled(page));
  expect(readFileSync(PAGE, 'utf8')).toBe(filled(page));
});
