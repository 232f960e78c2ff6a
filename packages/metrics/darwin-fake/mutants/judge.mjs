// What tests import as `vitest` when they judge a mutant: their own assertions, run one after the other until the first that fails.
// A runner that starts in a tenth of a second, because there are hundreds of mutants.
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  customMatchers,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';
import * as chai from 'chai';
import fc from 'fast-check';

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);
// The same samples at each run: a mutant that random ones catch is always caught, or never.
fc.configureGlobal({ seed: 1 });
/** The assertions of vitest. */
export const expect = chai.expect;
globalThis[GLOBAL_EXPECT] = expect;
Object.assign(expect, globalThis[ASYMMETRIC_MATCHERS_OBJECT]);
setState({ assertionCalls: 0, isExpectingAssertions: false, isExpectingAssertionsError: null, expectedAssertionsNumber: null }, expect);
expect.extend(expect, customMatchers);

/** What happens in turn: tests, and what a group does before and after them. */
const steps = [];
let names = [];

/** Collects a test. */
export function test(name, run) {
  steps.push({ name: [...names, name].join(' > '), run, isTest: true });
}
/** Collects the tests of a group at once. */
export function describe(name, define) {
  names = [...names, name];
  const first = steps.length;
  define();
  const own = steps.splice(first).sort((a, b) => (a.place ?? 0) - (b.place ?? 0));
  // They stay where they are when the group around this one puts its own in order.
  for (const step of own) steps.push({ ...step, place: 0 });
  names = names.slice(0, -1);
}
/** Comes before the tests of its group. */
export function beforeAll(run) {
  steps.push({ name: [...names, 'before all'].join(' > '), run, place: -1 });
}
/** Comes after the tests of its group, unless one failed. */
export function afterAll(run) {
  steps.push({ name: [...names, 'after all'].join(' > '), run, place: 1 });
}
const nameOf = (row) => row.map((one) => (typeof one === 'object' || typeof one === 'function' ? '…' : String(one))).join(' ');
const eachOf = (declare) => (rows) => (name, run) => {
  for (const row of rows) {
    const given = Array.isArray(row) ? row : [row];
    declare(`${name} ${nameOf(given)}`, () => run(...given));
  }
};
for (const declare of [test, describe]) {
  declare.each = eachOf(declare);
  declare.skipIf = (isSkipped) => {
    if (isSkipped) throw new Error('The judge needs everything that tests need: nothing is skipped.');
    return declare;
  };
  declare.runIf = (runs) => declare.skipIf(!runs);
}

/** Runs what was collected. The first failure is told and ends the process with status 1. */
export async function judge() {
  for (const { name, run } of steps) {
    try {
      await run();
    } catch (error) {
      process.stdout.write(`${name}: ${String(error.message).split('\n')[0]}\n`);
      process.exit(1);
    }
  }
  const count = steps.filter(({ isTest }) => isTest).length;
  if (count === 0) throw new Error('There is no test.');
  process.stdout.write(`${count} tests\n`);
  process.exit(0);
}
