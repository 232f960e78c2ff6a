import fc from 'fast-check';
import { expect, test } from 'vitest';
import { QUERY_FIELDS } from './query-field.ts';
import { parseQuery } from './query-parse.ts';
import { encodeQuery, QUERY_OPERATORS } from './query.ts';
import type { Query } from './query.ts';

/** The query in the canonical form of its text, or what is wrong. */
function understood(text: string): string {
  const { query, problem } = parseQuery(text);
  return problem ? `${problem.position}: ${problem.sentence}` : encodeQuery(query);
}

test.each([
  ['', ''],
  ['   ', ''],
  ['node', 'node'],
  ['cpu>10 user=root name~node', 'cpu>10 user=root name~node'],
  ['cpu > 10 and user == root', 'cpu>10 user=root'],
  ['a b or c d', 'a b or c d'],
  ['a | b || c', 'a or b or c'],
  ['(a or b) c', '(a or b) c'],
  ['((a)) & (b & c)', 'a b c'],
  ['a or (b or c)', 'a or b or c'],
  ['not a', '!a'],
  ['!(a b)', '!(a b)'],
  ['-name~x', '!name~x'],
  ['not not a', '!!a'],
  ['NOT a OR b', '!a or b'],
  ['nice>-5', 'nice>-5'],
  ['RSS>=1.5G', 'mem>=1.5G'],
  ['"hello world"', '"hello world"'],
  [`'it"s'`, 'it"s'],
  ['name="a \\"b\\" \\\\"', 'name="a \\"b\\" \\\\"'],
  ['"or"', '"or"'],
  // A keyword ends where a quote begins, so a word that begins with both is quoted.
  [`'or"'`, '"or\\""'],
  [`"NOT'x"`, `"NOT'x"`],
  ['a or"b"', 'a or b'],
  [
    'or=1',
    '0: "or" at character 1 is no field; there are cpu, mem, virt, user, name, cmd, pid, ppid, state, threads, nice, read, write, io, time, age, unit, container, cgroup, kernel.',
  ],
  ['oracle andy nothing', 'oracle andy nothing'],
  ['1234', '1234'],
  ['"1234"', '"1234"'],
  ['/usr/bin/node', '/usr/bin/node'],
  ['cmd~/usr/bin/node', 'cmd~"/usr/bin/node"'],
  // A pattern has no spaces: this is a path, and words.
  ['cmd~/^node (x)/', 'cmd~"/^node" x /'],
  ['cmd~/^node|py(thon)?/ x', 'cmd~/^node|py(thon)?/ x'],
  ['cmd~--port=80', 'cmd~--port=80'],
  ['name!~x', 'name!~x'],
  ['name!=x', 'name!=x'],
  ['kernel=yes', 'kernel=yes'],
  ['age<1h30m', 'age<1h30m'],
  ['container!=none', 'container!=none'],
])('%s', (text, wanted) => {
  expect(understood(text)).toBe(wanted);
});

test.each([
  ['cpuu>10', 0, '"cpuu" at character 1 is no field; there are cpu'],
  ['cpu>abc', 4, '"abc" at character 5 is not a percentage, such as 10 or 12.5.'],
  ['cpu>10M', 4, '"10M" at character 5 is not a percentage'],
  ['mem>5%', 4, '"5%" at character 5 is not a size, such as 500M or 1.5G.'],
  ['io>1h', 3, 'is not a rate, such as 1MB/s or 200k.'],
  ['age<10x', 4, 'is not a length of time, such as 90s, 10m or 1h30m.'],
  ['threads>1.5', 8, 'is not a whole number.'],
  ['cpu~5', 4, 'cpu is a number: compare it with =, !=, <, <=, > or >=.'],
  ['name>5', 5, 'name is text: compare it with =, != or ~.'],
  ['kernel>1', 7, 'kernel is yes or no: write kernel=yes.'],
  ['kernel=maybe', 7, '"maybe" at character 8 is not yes or no.'],
  ['cpu>', 4, 'After cpu> a value is missing.'],
  ['name~""', 5, 'After name~ a text is missing.'],
  ['(a', 0, 'The parenthesis at character 1 is not closed.'],
  ['a)', 1, 'The parenthesis at character 2 closes none.'],
  ['()', 0, 'There is nothing between the parentheses at character 1.'],
  ['"a', 0, 'The quote at character 1 is not closed.'],
  ['""', 0, 'There is nothing between the quotes at character 1.'],
  ['a or', 4, 'The filter ends where something is to follow.'],
  ['or a', 0, 'Before "or" at character 1 something is missing.'],
  ['a and or b', 6, 'Before "or" at character 7 something is missing.'],
  ['>10', 0, '> at character 1 has no field before it, such as cpu or name.'],
  ['a | | b', 4, 'Before "|" at character 5 something is missing.'],
  ['!', 1, 'The filter ends where something is to follow.'],
  ['name~/(/', 5, '/(/ at character 6 is no pattern: a group is not closed.'],
  ['name~/(?=a)/', 5, 'is no pattern: it cannot look around'],
  ['\u001b[31m>1', 0, '"\\x1b[31m" at character 1 is no field'],
])('wrong: %s', (text, position, sentence) => {
  const { problem } = parseQuery(text);
  expect(problem?.position).toBe(position);
  expect(problem?.sentence).toContain(sentence);
  expect(problem?.sentence).toMatch(/[.]$/);
});

test('what is too long or too deep is refused, and nothing overflows', () => {
  expect(parseQuery('a '.repeat(2000)).problem?.sentence).toBe('A filter has at most 2000 characters.');
  for (const deep of ['('.repeat(1900), '!'.repeat(1900), '-'.repeat(1900), 'not '.repeat(450)])
    expect(parseQuery(`${deep}a`).problem?.sentence).toBe('More than 50 parentheses or negations lie in each other.');
});

const queries = fc.letrec<{ query: Query; leaf: Query }>((tie) => ({
  leaf: fc.oneof(
    fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).map((text): Query => ({ kind: 'word', text, pid: null })),
    fc.nat(99_999).map((pid): Query => ({ kind: 'word', text: String(pid), pid })),
    fc
      .tuple(
        fc.constantFrom(...QUERY_FIELDS.filter(({ of }) => of.kind === 'text')),
        fc.constantFrom(...QUERY_OPERATORS.filter((operator) => operator.includes('~') || operator.endsWith('='))),
        fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
      )
      .filter(([, operator]) => !['>=', '<='].includes(operator))
      .map(([field, operator, text]): Query => ({ kind: 'compare', field, operator, value: { kind: 'text', text } })),
    fc
      .tuple(
        fc.constantFrom(...QUERY_FIELDS.filter(({ of }) => of.kind === 'number')),
        fc.constantFrom('=', '!=', '>', '<', '>=', '<='),
        fc.nat(1e6),
      )
      .map(([field, operator, number]): Query => ({
        kind: 'compare',
        field,
        operator: operator as '=',
        value: { kind: 'number', text: String(number), number },
      })),
  ),
  query: fc.oneof(
    { maxDepth: 4 },
    tie('leaf'),
    tie('query').map((part): Query => ({ kind: 'not', part })),
    fc.array(tie('query'), { minLength: 2, maxLength: 3 }).map((parts): Query => flat('and', parts)),
    fc.array(tie('query'), { minLength: 2, maxLength: 3 }).map((parts): Query => flat('or', parts)),
  ),
}));

function flat(kind: 'and' | 'or', parts: readonly Query[]): Query {
  return { kind, parts: parts.flatMap((part) => (part.kind === kind ? part.parts : [part])) };
}

test('what is printed is understood as the same query', () => {
  fc.assert(
    fc.property(queries.query, (query) => {
      const text = encodeQuery(query);
      fc.pre(text.length <= 2000);
      expect(parseQuery(text)).toEqual({ query, problem: null });
    }),
    { numRuns: 1000 },
  );
});

test('no text throws: it is a query, whose text is stable, or has a problem inside of it', () => {
  const words = fc.array(
    fc.constantFrom('a', 'cpu', 'name', ' ', '>', '=', '!', '~', '-', '(', ')', '|', '&', '"', "'", '/', '\\', 'or', 'not', '5M'),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 60 }),
        words.map((parts) => parts.join('')),
      ),
      (text) => {
        const { query, problem } = parseQuery(text);
        if (problem) {
          expect(problem.position).toBeLessThanOrEqual(text.length);
          return;
        }
        const again = encodeQuery(query);
        expect(encodeQuery(parseQuery(again).query!)).toBe(again);
      },
    ),
    { numRuns: 3000 },
  );
});
