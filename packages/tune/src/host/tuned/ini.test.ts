import { describe, expect, test } from 'vitest';
import { parseIni } from './ini.ts';

/** Sections as plain data. */
const plain = (text: string): unknown =>
  Object.fromEntries(
    parseIni(text, 'x.conf').map(({ name, options }) => [
      name,
      Object.fromEntries([...options].map(([option, { value }]) => [option, value])),
    ]),
  );

describe('a file of tuned', () => {
  test('has sections, options and comments', () => {
    expect(plain('# c\n[main]\nsummary = A b # c\n; c\n  # c\nurl=http://x#y\n[sysctl]\nvm.swappiness=>10\r\n')).toEqual({
      main: { summary: 'A b', url: 'http://x#y' },
      sysctl: { 'vm.swappiness': '>10' },
    });
  });

  test('goes on with a value in lines that are indented deeper', () => {
    expect(plain('[a]\nx=1\n  2\n\n  3\ny=\n  4\n')).toEqual({ a: { x: '1\n2\n\n3', y: '\n4' } });
    expect(plain(' [a]\n x=1\n y=2\n')).toEqual({ a: { x: '1', y: '2' } });
  });

  test('may say a thing twice: the later words count, in the earlier place', () => {
    expect(plain('[a]\nx=1\ny=2\n[b]\n[a]\nx=3\n')).toEqual({ a: { x: '3', y: '2' }, b: {} });
    expect([...parseIni('[a]\nx=1\ny=2\nx=3', 'x.conf')[0]!.options.keys()]).toEqual(['x', 'y']);
  });

  test('tells lines', () => {
    const [main, other] = parseIni('[main]\n\n[b]\n\nx=1\n  2\ny=3', 'x.conf');
    expect([main!.line, other!.line, other!.options.get('x')!.line, other!.options.get('y')!.line]).toEqual([1, 3, 5, 7]);
  });

  test.each([
    ['x=1', 'x.conf:1: There is an option before the first section.'],
    ['[a]\nfoo', 'x.conf:2: "foo" is neither a section nor an option.'],
    ['[a]\n[]', 'x.conf:2: "[]" is neither a section nor an option.'],
    ['[a]\n=1', 'x.conf:2: There is a value without the name of its option.'],
  ])('is refused with its line: %j', (text, sentence) => {
    expect(() => parseIni(text, 'x.conf')).toThrow(expect.objectContaining({ code: 'INVALID', message: sentence }));
  });

  test('of variables needs no section, and may name one without a value', () => {
    const [section] = parseIni('a=1\nb\nc=2', 'x.conf', { first: 'variables', bare: true });
    expect([...section!.options].map(([name, { value }]) => [name, value])).toEqual([
      ['a', '1'],
      ['c', '2'],
    ]);
  });
});
