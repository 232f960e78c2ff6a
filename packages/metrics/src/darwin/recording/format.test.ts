import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HecateError } from '@hecate/host';
import { encodeRecording, parseRecording } from './format.ts';
import type { DarwinRecording } from './format.ts';

const moment = (more: object = {}): object => ({ time: 1_790_000_000, answers: [], trees: [], registry: [], ...more });
const file = (more: object = {}): string =>
  JSON.stringify({ format: 'hecate-darwin', version: 1, lacks: [], moments: [moment()], ...more });
const withTree = (tree: unknown): string => file({ moments: [moment({ trees: [['IOReport', tree]] })] });
const withAnswers = (...answers: unknown[]): string => file({ moments: [moment({ answers })] });
const withEntry = (entry: object): string =>
  file({ moments: [moment({ registry: [{ name: 'disk0', classes: ['IOMedia'], properties: {}, ...entry }] })] });

function nested(depth: number): unknown {
  let tree: unknown = 1;
  for (let level = 0; level < depth; level++) tree = [tree];
  return tree;
}

describe('what is no recording is refused with a reason', () => {
  test.each<[string, string, RegExp]>([
    ['nothing', '', /not written as JSON, or cut/],
    ['half a file', file().slice(0, 60), /not written as JSON, or cut/],
    ['a list', '[]', /format is another one/],
    ['null', 'null', /format is another one/],
    ['another format', '{"format":"x"}', /format is another one/],
    ['no moments', file({ moments: [] }), /0 moments/],
    ['very many moments', file({ moments: Array.from({ length: 17 }, () => moment()) }), /17 moments/],
    ['moments that are none', file({ moments: [1] }), /a moment is none/],
    ['a moment without a time', file({ moments: [{ ...moment(), time: 'now' }] }), /no time/],
    ['an answer of no bytes', withAnswers(['sysctl:x', {}]), /sysctl:x is empty/],
    ['an answer that is null', withAnswers(['sysctl:x', null]), /sysctl:x is none/],
    ['bytes that are no base64', withAnswers(['sysctl:x', { base64: 'a-_b' }]), /not written as base64/],
    ['bytes that are cut', withAnswers(['sysctl:x', { base64: 'abc' }]), /not written as base64/],
    ['a result that is no integer', withAnswers(['sysctl:x', { result: 0.5 }]), /no integer/],
    ['the same key twice', withAnswers(['a', { text: 'x' }], ['a', { text: 'y' }]), /has a twice/],
    ['a very long key', withAnswers(['a'.repeat(2000), { text: 'x' }]), /very long/],
    ['a pair that is none', withAnswers('sysctl:x'), /no list/],
    ['a null in a tree', withTree([null]), /holds a null/],
    ['an unknown kind in a tree', withTree({ $function: 'x' }), /\$function, which is not known/],
    ['two kinds in one', withTree({ $data: '', more: 1 }), /beside something else/],
    ['an integer that is none', withTree({ $integer: '1e9' }), /integer that is none/],
    [
      'pairs with the same key',
      withTree({
        $pairs: [
          ['$a', 1],
          ['$a', 2],
        ],
      }),
      /twice/,
    ],
    ['a deep tree', withTree(nested(100)), /deeper than 80 levels/],
    ['a very deep tree', withTree('X').replace('"X"', '['.repeat(100_000) + ']'.repeat(100_000)), /deeper|JSON/],
    ['very many values', withTree(Array.from({ length: 500_001 }, () => 1)), /more than 500000 values/],
    ['a parent that is not there', withEntry({ parent: 7 }), /parent of entry 0 of the registry is not there/],
    ['an entry in itself', withEntry({ parent: 0 }), /is not there/],
    ['an entry without classes', withEntry({ classes: 'IOMedia' }), /classes of entry 0/],
  ])('%s', (_what, text, why) => {
    expect(() => parseRecording(text)).toThrow(expect.objectContaining({ code: 'INVALID', message: expect.stringMatching(why) }));
  });

  test('another version of the format is told apart from a damaged file', () => {
    expect(() => parseRecording(file({ version: 2 }))).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringContaining('version 2') }),
    );
  });

  test('whatever is cut or changed in a file, it is read or refused', () => {
    const whole = encodeRecording(sample);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.string({ maxLength: 4 }), fc.boolean(), (at, put, isCut) => {
        try {
          parseRecording(isCut ? whole.slice(0, at) : whole.slice(0, at) + put + whole.slice(at + 1));
        } catch (error) {
          expect(error).toBeInstanceOf(HecateError);
        }
      }),
      { numRuns: 400 },
    );
  });
});

const sample: DarwinRecording = {
  lacks: ['IOReportCreateSamples'],
  moments: [
    {
      time: 1_790_000_000.25,
      answers: {
        'sysctl:kern.osrelease': Buffer.from('23.0.0\0'),
        'sysctl:empty': Buffer.alloc(0),
        'sysctl:hw.ncpu': Buffer.from([8, 0, 0, 0]),
        'sysctl:vm.swapusage': { result: -1, error: 1 },
        getfsstat64: { bytes: Buffer.alloc(16, 7), error: 2168 },
        __proto__x: Buffer.from('a\0'),
      },
      trees: {
        all: [1, -1.5, 2n ** 63n, true, 'ü\0"', Buffer.from([0, 255]), { $other: 1 }, { $double: 3 }, { a: { b: [] } }],
        keys: Object.fromEntries([
          ['__proto__', 1],
          ['$data', 'x'],
          ['', 2],
          ['constructor', 3],
        ]),
        numbers: [Number.NaN, Number.NEGATIVE_INFINITY],
      },
      registry: [
        { name: 'AppleARMIODevice', classes: ['IOService'], properties: {} },
        { name: 'disk0', classes: ['IOMedia', 'IOStorage'], parent: 0, properties: { Size: 5n }, result: -5 },
      ],
    },
  ],
};

test('what is written is read back as it was', () => {
  expect(parseRecording(encodeRecording(sample))).toEqual(sample);
});

test('texts stand as texts, so that people can look through what they send', () => {
  expect(encodeRecording(sample)).toContain('"text": "23.0.0"');
});

test('names that JavaScript knows by another meaning are only names', () => {
  const { moments } = parseRecording(withTree({ $pairs: [['__proto__', { $pairs: [['polluted', 1]] }]] }));
  expect(Object.keys(moments[0]!.trees['IOReport'] as object)).toEqual(['__proto__']);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  const answers = parseRecording(withAnswers(['__proto__', { text: 'x' }])).moments[0]!.answers;
  expect(Object.hasOwn(answers, '__proto__')).toBe(true);
});
