import type { SceneProcesses } from '../scene.ts';
import type { Query, QueryOperator } from './query.ts';

/** Whether a row is let through. */
export type RowTest = (row: number) => boolean;

/** A query made ready for the processes of a moment, `time` in seconds since the epoch. */
export type QueryTest = (processes: SceneProcesses, time: number) => RowTest;

/** Texts of which it is kept whether they match: processes keep theirs from moment to moment. */
const MOST_KEPT = 10_000;
const MOST_UNITS = 1 << 22; // UTF-16 units of all of them: a command line can have megabytes.

const always: RowTest = () => true;

/** Makes a query ready. What is not known of a process (`NaN`, null) matches no comparison, not even `!=`. */
export function compileQuery(query: Query): QueryTest {
  switch (query.kind) {
    case 'all':
      return () => always;
    case 'not': {
      const part = compileQuery(query.part);
      return (processes, time) => {
        const test = part(processes, time);
        return (row) => !test(row);
      };
    }
    case 'and':
    case 'or': {
      const parts = query.parts.map(compileQuery);
      const isOr = query.kind === 'or';
      return (processes, time) => {
        const tests = parts.map((part) => part(processes, time));
        return (row) => {
          for (const test of tests) if (test(row) === isOr) return isOr;
          return !isOr;
        };
      };
    }
    case 'word': {
      const contains = kept(containing(query.text));
      const { pid } = query;
      return ({ identities }) =>
        (row) => {
          const identity = identities[row]!;
          return identity.pid === pid || contains(identity.name) || (identity.command !== null && contains(identity.command));
        };
    }
    case 'compare':
      return compileComparison(query);
  }
}

function compileComparison({ field, operator, value }: Extract<Query, { kind: 'compare' }>): QueryTest {
  const { of } = field;
  if (of.kind === 'number') {
    const wanted = value.kind === 'number' ? value.number : Number.NaN;
    return (processes, time) => compare(of.read(processes, time), operator, wanted);
  }
  if (of.kind === 'flag') {
    const wanted = /^(?:yes|true|1)$/i.test(value.text) === (operator === '=');
    return (processes) => (row) => of.read(processes, row) === wanted;
  }
  const isNot = operator.startsWith('!');
  if (of.hasNone && value.text === 'none' && (operator === '=' || operator === '!=')) {
    return (processes) => (row) => (of.read(processes, row) === null) !== isNot;
  }
  const { text } = value;
  const matches =
    operator === '=' || operator === '!='
      ? (found: string): boolean => found === text
      : kept(value.kind === 'pattern' ? (found) => value.pattern.test(found) : containing(text));
  return (processes) => (row) => {
    const found = of.read(processes, row);
    const other = of.other?.(processes, row) ?? null;
    if (found === null && other === null) return false;
    return ((found !== null && matches(found)) || (other !== null && matches(other))) !== isNot;
  };
}

function compare(read: (row: number) => number, operator: QueryOperator, wanted: number): RowTest {
  switch (operator) {
    case '>':
      return (row) => read(row) > wanted;
    case '>=':
      return (row) => read(row) >= wanted;
    case '<':
      return (row) => read(row) < wanted;
    case '<=':
      return (row) => read(row) <= wanted;
    case '!=':
      return (row) => {
        const found = read(row);
        return found !== wanted && !Number.isNaN(found);
      };
    default:
      return (row) => read(row) === wanted;
  }
}

function containing(text: string): (found: string) => boolean {
  const small = text.toLowerCase();
  return (found) => found.toLowerCase().includes(small);
}

/** The same answers, each found once for a text. */
function kept(test: (text: string) => boolean): (text: string) => boolean {
  const answers = new Map<string, boolean>();
  let units = 0;
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    units += text.length;
    if (answers.size >= MOST_KEPT || units > MOST_UNITS) {
      answers.clear();
      units = text.length;
    }
    const answer = test(text);
    answers.set(text, answer);
    return answer;
  };
}
