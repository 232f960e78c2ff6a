import { expect, test } from 'vitest';
import { SORT_ALIASES, SORT_CHOICES } from '../declaration.ts';
import { SORT_COLUMNS } from '../process/columns.ts';
import { parseTopSettings } from '../settings.ts';
import { startState } from './start.ts';

const start = (options: Parameters<typeof startState>[0] = {}, raw: object = {}, depth: Parameters<typeof startState>[2] = 'true') =>
  startState(options, parseTopSettings(raw, 'config.toml, [top]'), depth);

test('the command line offers every column that there is', () => {
  expect([...SORT_CHOICES].toSorted()).toEqual([...SORT_COLUMNS].toSorted());
});

test('the command line comes before config.toml', () => {
  const raw = { sort: 'rss', filter: 'user=root', tree: true, theme: 'nord', boxes: ['cpu'], span: '1h' };
  expect(start({}, raw)).toMatchObject({ sort: 'rss', descending: true, filter: 'user=root', tree: true, theme: 'nord', span: 3600 });
  expect([...start({}, raw).boxes]).toEqual(['cpu']);
  expect(start({ sort: 'pid', filter: '', theme: 'light' }, raw)).toMatchObject({
    sort: 'pid',
    descending: false,
    filter: '',
    theme: 'light',
  });
});

test('the order may be turned round', () => {
  expect(start({}, { reverse: true }).descending).toBe(false);
  expect(start({ sort: 'name' }, { reverse: true }).descending).toBe(true);
});

test('without colours there is a theme without colours, if none is asked for', () => {
  expect(start({}, {}, 'none').theme).toBe('mono');
  expect(start({}, {}, 256).theme).toBe('hecate');
  expect(start({}, { theme: 'light' }, 'none').theme).toBe('light');
});

test.each([
  [{ theme: 'hecat' }, {}, /^There is no theme "hecat"/, /Did you mean hecate/],
  [{}, { theme: 'solarized' }, /^config.toml, \[top\]: There is no theme/, /Choose from hecate/],
  [{}, { sort: 'cpuu' }, /^config.toml, \[top\]: There is no column/, /Did you mean cpu/],
  [{ filter: 'cpu>>' }, {}, /./, /cpu>10/],
  [{}, { filter: '(((' }, /./, /cpu>10/],
])('%j, %j is refused', (options, raw, message, hint) => {
  expect(() => start(options, raw)).toThrow(
    expect.objectContaining({ code: 'INVALID', message: expect.stringMatching(message), hint: expect.stringMatching(hint) }),
  );
});

test('what is sorted by may be called as the filter calls it', () => {
  expect(start({ sort: 'mem' }).sort).toBe('rss');
  expect(start({}, { sort: 'time' }).sort).toBe('cpuTime');
  for (const column of Object.values(SORT_ALIASES)) expect(SORT_CHOICES).toContain(column);
  expect(() => start({}, { sort: 'toString' })).toThrow(/config\.toml, \[top\]: There is no column to sort by/);
});
