import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compilePattern } from './query-pattern.ts';

const matches = (source: string, text: string): boolean => {
  const pattern = compilePattern(source);
  if (typeof pattern === 'string') throw new Error(pattern);
  return pattern.test(text);
};

test.each([
  ['a.c', 'xABCx', true],
  ['^node$', 'node', true],
  ['^node$', 'nodes', false],
  ['^$', '', true],
  ['$^', 'a', false],
  ['', 'anything', true],
  ['no{2,3}pe', 'nooope', true],
  ['no{2,3}pe', 'nope', false],
  ['a{2}', 'a', false],
  ['a{2,}', 'aaaa', true],
  ['{2}', '{2}', true],
  ['[a-c]+$', 'xabc', true],
  ['[A-C]', 'b', true],
  ['[^a-z]', 'abc', false],
  ['[^a-z]', 'ABC', false],
  ['[]', 'a', false],
  ['[\\d.]{3}', 'v1.2', true],
  ['\\.js$', 'a.js', true],
  ['\\w+\\s\\w+', 'two words', true],
  ['(?:py|ruby)(thon)?3*$', 'python3', true],
  ['a|b|', 'zzz', true],
  ['é', 'É', true],
  ['^.{2}$', '🎉', true],
  ['(((((){1000}){1000}){1000}){1000})b', 'ab', true],
])('%s in %j', (source, text, wanted) => {
  expect(matches(source, text)).toBe(wanted);
});

test.each([
  ['(', 'a group is not closed'],
  [')', 'a parenthesis closes no group'],
  ['[a', 'a class is not closed'],
  ['[z-a]', 'a class has a range that is none'],
  ['*a', 'there is nothing for * to repeat'],
  ['a**', 'what is repeated is repeated again'],
  ['^*', '^ and $ cannot be repeated'],
  ['a{3,2}', '{3,2} counts down'],
  ['a{1001}', 'nothing can be repeated more than 1000 times'],
  ['(a{900}){900}', 'it comes to more than 2000 steps'],
  ['(a)\\1', '\\1 is not known'],
  ['\\bx', '\\b is not known'],
  ['a\\', 'it ends with a backslash'],
  ['(?=a)', 'it cannot look around, and has no names for groups'],
  ['('.repeat(60), 'more than 50 groups lie in each other'],
])('%s is refused', (source, why) => {
  expect(compilePattern(source)).toBe(why);
});

/** Patterns that the engine of the runtime understands in the same way, over few letters, so that they match often. */
const patterns = fc.letrec<{ piece: string; atom: string }>((tie) => ({
  atom: fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '\\w', '\\d', 'B'),
  piece: fc.oneof(
    { maxDepth: 3 },
    tie('atom'),
    fc.tuple(tie('atom'), fc.constantFrom('*', '+', '?', '{1,2}', '*?')).map(([piece, often]) => piece + often),
    fc.tuple(tie('piece'), tie('piece')).map(([one, two]) => one + two),
    fc.tuple(tie('piece'), tie('piece')).map(([one, two]) => `(${one}|${two})`),
    fc.tuple(tie('piece'), fc.constantFrom('*', '+', '?', '{2}')).map(([piece, often]) => `(?:${piece})${often}`),
    tie('piece').map((piece) => `^${piece}`),
    tie('piece').map((piece) => `${piece}$`),
  ),
}));

test('it finds what the engine of the runtime finds', () => {
  fc.assert(
    fc.property(
      patterns.piece,
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'A', '1', ' '), maxLength: 8 }), { minLength: 5 }),
      (source, texts) => {
        const pattern = compilePattern(source);
        if (typeof pattern === 'string') throw new Error(`${source}: ${pattern}`);
        const theirs = new RegExp(source, 'i');
        for (const text of texts) expect([source, text, pattern.test(text)]).toEqual([source, text, theirs.test(text)]);
      },
    ),
    { numRuns: 1000 },
  );
});

test('patterns that others take for ever for are done at once, and what is kept of them is bounded', () => {
  const text = `${'a'.repeat(4000)}!`;
  for (const source of ['(a+)+$', '^(a|a)*$', '(a*)*b', 'a?'.repeat(30) + 'a'.repeat(30) + '$', '(.*a){20}b']) {
    // Each letter is looked at once: the runtime's engine would not come back from the first of these.
    expect([source, matches(source, text)]).toEqual([source, false]);
  }
  const pattern = compilePattern('(a|b)*a(a|b){12}c');
  if (typeof pattern === 'string') throw new Error(pattern);
  // 8,192 states if all were kept.
  expect(pattern.test(Array.from({ length: 4000 }, (_, at) => ((at * at) % 7 < 3 ? 'a' : 'b')).join(''))).toBe(false);
});
