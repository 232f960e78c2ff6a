import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { checkValueFile, expectInside, normaliseValue, parseChoice, readValueText, valueIn, writeValue } from './value-file.ts';
import { osError } from './fake-kernel.testing.ts';
import { createWritableTree } from './tree-picture.testing.ts';
import type { WritableTree } from './tree-picture.testing.ts';

const word = fc.stringMatching(/^[a-z\d_-]{1,12}$/);

describe('forms', () => {
  test.each([
    ['always [madvise] never\n', 'madvise', ['always', 'madvise', 'never']],
    ['[none] mq-deadline kyber bfq \n', 'none', ['none', 'mq-deadline', 'kyber', 'bfq']],
    ['[none]\n', 'none', ['none']],
  ])('%j is a choice', (text, chosen, offered) => {
    expect(parseChoice(text)).toEqual({ chosen, offered });
    expect(valueIn(text)).toBe(chosen);
  });

  test.each(['none\n', '', '[a] [b]\n', 'x[0] [a]\n', '[]\n', 'name[3]\n', '[a b]\n'])('%j is none', (text) => {
    expect(parseChoice(text)).toBeNull();
  });

  test('any list of words with one marked gives that word and all of them', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), fc.nat(), (words, which) => {
        const chosen = which % words.length;
        const text = `${words.map((one, index) => (index === chosen ? `[${one}]` : one)).join(' ')}\n`;
        expect(parseChoice(text)).toEqual({ chosen: words[chosen], offered: words });
      }),
    );
  });

  test('a value is in one form however the kernel separates it, and what is in form stays', () => {
    const numbers = fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(numbers, fc.constantFrom('\t', ' ', '  ', ' \t'), (values, separator) => {
        expect(normaliseValue(`${values.join(separator)}\n`)).toBe(values.join(' '));
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(normaliseValue(normaliseValue(text))).toBe(normaliseValue(text));
      }),
    );
    expect(normaliseValue('|/usr/bin/taker  %p\n')).toBe('|/usr/bin/taker  %p');
  });
});

describe('files', () => {
  let tree: WritableTree | undefined;
  afterEach(() => tree?.remove());
  const file = { path: '/sys/a/value', name: 'the value' };

  test('only what holds one value is read', () => {
    tree = createWritableTree({
      '/sys/a/value': '1\n2\n',
      '/sys/a/trigger': { content: '', mode: 0o200 },
      '/sys/a/deep/value': '1\n',
    });
    const { host } = tree;
    expect(() => readValueText(host, file)).toThrow('the value holds more than one line');
    expect(() => readValueText(host, { path: '/sys/a/trigger', name: 'reset' })).toThrow('reset can only be written');
    expect(() => readValueText(host, { path: '/sys/a/deep', name: 'deep' })).toThrow('deep is a directory');
    expect(() => readValueText(host, { path: '/sys/a/none', name: 'none' })).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }));
    expect(() => readValueText(host, { path: '/sys/a/value/none', name: 'none' })).toThrow(
      expect.objectContaining({ code: 'UNAVAILABLE' }),
    );
  });

  test('what nobody may write is told before, also to root', () => {
    tree = createWritableTree({ '/sys/a/value': { content: '1\n', mode: 0o444 } });
    expect(() => checkValueFile(tree!.host, file)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
    expect(() => checkValueFile(tree!.host, { ...file, path: '/sys/a/other' })).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }));
  });

  test.each([
    ['EINVAL', 'INVALID'],
    ['ERANGE', 'INVALID'],
    ['EACCES', 'DENIED'],
    ['EPERM', 'DENIED'],
    ['EROFS', 'DENIED'],
    ['EBUSY', 'CONFLICT'],
    ['EIO', 'UNSUPPORTED'],
    ['EOPNOTSUPP', 'UNSUPPORTED'],
    ['ENODEV', 'UNAVAILABLE'],
    // The file is there: the value names what is not.
    ['ENOENT', 'INVALID'],
  ])('%s of the kernel is %s with a sentence', (errno, code) => {
    tree = createWritableTree({ '/sys/a/value': '1\n' });
    const host = {
      ...tree.host,
      setValue: () => {
        throw osError(errno);
      },
    };
    expect(() => writeValue(host, file, '2')).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(/the value.*\.$/) as string }),
    );
  });

  test('an error that only the kernel has a name for is one of the machine too', () => {
    tree = createWritableTree({ '/sys/a/value': '1\n' });
    const setValue = (): void => {
      throw Object.assign(new Error('Unknown system error -524'), { errno: -524, code: 'Unknown system error -524' });
    };
    expect(() => writeValue({ ...tree!.host, setValue }, file, '2')).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
  });

  test('links may stay inside, and not lead out', () => {
    tree = createWritableTree({
      '/sys/devices/x/value': '1\n',
      '/sys/class/x': { link: '../devices/x' },
      '/etc/passwd': 'root\n',
      '/sys/class/out': { link: '../../etc' },
      '/sysadmin/value': '1\n',
      '/sys/class/near': { link: '../../sysadmin' },
    });
    const { host } = tree;
    expectInside(host, '/sys/class/x/value', '/sys');
    expectInside(host, '/sys/class/none/value', '/sys');
    expect(() => expectInside(host, '/sys/class/out/passwd', '/sys')).toThrow('leads out of /sys');
    expect(() => expectInside(host, '/sys/class/near/value', '/sys')).toThrow('leads out of /sys');
  });
});
