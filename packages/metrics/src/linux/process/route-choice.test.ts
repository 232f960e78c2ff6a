import { expect, test } from 'vitest';
import { HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import { finish } from '../../model/collector.ts';
import type { Sliced } from '../../model/collector.ts';
import { collectGaps } from '../../model/gap.ts';
import { createTree } from '../rooted-tree.testing.ts';
import { createColumns } from './columns.ts';
import { chooseRoute } from './route-choice.ts';
import type { RouteChoice } from './route-choice.ts';
import type { ProcessColumns, ProcessRoute } from './route.ts';
import { openProcessTable } from './table.ts';

const host = {} as Host;
const sink = collectGaps([]);
const refusal = new HecateError('DENIED', 'The kernel refuses it.');

/** A route that writes down what is done with it. */
function fakeRoute(name: 'proc' | 'bpf', log: string[], more: Partial<ProcessRoute> = {}): ProcessRoute {
  return {
    name,
    *pass() {
      log.push(`${name} pass`);
      yield;
    },
    close: () => void log.push(`${name} close`),
    ...more,
  };
}

const passes = (choice: RouteChoice, count: number): void => {
  for (let time = 0; time < count; time++) finish(choice.pass(createColumns(), sink));
};

/** Opens a route in a slice of its own. */
function* opening(route: ProcessRoute): Sliced<ProcessRoute> {
  yield;
  return route;
}

test('the fast route is opened at the third pass, and the other one closed', () => {
  const log: string[] = [];
  const choice = chooseRoute(host, { plain: () => fakeRoute('proc', log), fast: () => opening(fakeRoute('bpf', log)) });
  passes(choice, 2);
  expect([choice.name, choice.detour]).toEqual(['proc', expect.stringContaining('third')]);
  passes(choice, 2);
  expect([choice.name, choice.detour]).toEqual(['bpf', null]);
  choice.close();
  expect(log).toEqual(['proc pass', 'proc pass', 'proc close', 'bpf pass', 'bpf pass', 'bpf close']);
});

test('a fast route that does not open says why, and is not tried again', () => {
  const log: string[] = [];
  let tries = 0;
  const fast = (): Sliced<ProcessRoute> => {
    tries++;
    throw refusal;
  };
  const choice = chooseRoute(host, { plain: () => fakeRoute('proc', log), fast });
  passes(choice, 5);
  expect([choice.name, choice.detour, tries]).toEqual(['proc', 'The kernel refuses it.', 1]);
});

test('a fast route that fails later gives its place back at the same pass', () => {
  const log: string[] = [];
  let left = 2;
  const bpf = fakeRoute('bpf', log, {
    *pass() {
      if (left-- === 0) throw refusal;
      log.push('bpf pass');
      yield;
    },
    changedRows: () => new Uint8Array(0),
  });
  const choice = chooseRoute(host, { plain: () => fakeRoute('proc', log), fast: () => opening(bpf) });
  passes(choice, 3);
  // What changed since another route's pass, it cannot know.
  expect(choice.changedRows()).toBeNull();
  passes(choice, 1);
  expect(choice.changedRows()).toEqual(new Uint8Array(0));
  passes(choice, 1);
  expect([choice.name, choice.detour, choice.changedRows()]).toEqual(['proc', 'The kernel refuses it.', null]);
  expect(log.slice(2)).toEqual(['proc close', 'bpf pass', 'bpf pass', 'bpf close', 'proc pass']);
});

test('a mistake of our own is no reason for another route', () => {
  const plain = (): ProcessRoute => fakeRoute('proc', []);
  const fast = (): Sliced<ProcessRoute> => {
    throw new TypeError('wrong');
  };
  expect(() => passes(chooseRoute(host, { plain, fast }), 3)).toThrow(TypeError);
});

test('who is closed while the fast route opens leaves none open', () => {
  const log: string[] = [];
  const choice = chooseRoute(host, { plain: () => fakeRoute('proc', log), fast: () => opening(fakeRoute('bpf', log)) });
  passes(choice, 2);
  const pass = choice.pass(createColumns(), sink);
  pass.next();
  choice.close();
  finish(pass);
  expect(log.filter((line) => line === 'bpf close').length).toBe(1);
});

test('a table looks only at the rows that a route says have changed', () => {
  const tree = createTree({ 'proc/stat': 'btime 1000\n', 'etc/passwd': 'one:x:1:1\ntwo:x:2:2\n' });
  const uids = [1, 1];
  let changed: Uint8Array | null = null;
  const route: ProcessRoute = {
    name: 'proc',
    *pass(columns: ProcessColumns) {
      for (const row of [0, 1]) {
        columns.pid[row] = row + 5;
        columns.startTicks[row] = 1;
        columns.uid[row] = uids[row]!;
        columns.names[row] = 'x';
        columns.time[row] = 1;
      }
      columns.length = 2;
      yield;
    },
    changedRows: () => changed,
    close: () => undefined,
  };
  try {
    const reader = openProcessTable(tree.host, { plain: () => route, fast: null });
    const users = (): (string | null)[] => finish(reader.read(sink)).identities.map(({ user }) => user);
    // Young processes are looked at in any case.
    expect([users(), users(), users()]).toEqual([
      ['one', 'one'],
      ['one', 'one'],
      ['one', 'one'],
    ]);
    [uids[0], uids[1]] = [2, 2];
    changed = Uint8Array.of(0, 1);
    expect(users()).toEqual(['one', 'two']);
    changed = null;
    expect(users()).toEqual(['two', 'two']);
    reader.close();
  } finally {
    tree.remove();
  }
});
