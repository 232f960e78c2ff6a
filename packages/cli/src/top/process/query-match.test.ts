import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NOON, processesOf } from '../view/picture.testing.ts';
import type { SceneProcesses } from '../scene.ts';
import { compileQuery } from './query-match.ts';
import { parseQuery } from './query-parse.ts';

/** Eight processes that differ in everything that can be asked for. */
function some(): SceneProcesses {
  const made = processesOf(8);
  const { identities, figures } = made;
  const put = (row: number, more: Partial<(typeof identities)[number]>): unknown => Object.assign(identities[row]!, more);
  put(0, { name: 'systemd', command: '/sbin/init', user: 'root', uid: 0, unit: 'init.scope', startTime: NOON - 7200 });
  put(1, { name: 'Node', command: '/usr/bin/node --port=80 a.js', user: 'ada', uid: 1000, container: 'abc123' });
  put(2, { name: 'kworker/0:1', command: '', kernel: true, unit: null, cgroup: null, user: 'root', uid: 0 });
  put(3, { name: 'secret', command: null, user: null, uid: null });
  put(4, { name: 'x (or) "y"', command: '(a b)|c', startTime: NOON - 30 });
  put(5, { user: 'ada', name: '名前🎉', command: '名前🎉\u001b[31m' });
  figures.cpu.set([0, 0.5, 0.1, Number.NaN, 2, 0.05, 0, 0]);
  figures.rss.set([1, 500, 0, 3, 2000, 5, 6, 7].map((mib) => mib * 2 ** 20));
  figures.readRate.set([0, 1e6, Number.NaN, Number.NaN, 0, 0, 0, 0]);
  figures.writeRate.set([0, 1e6, Number.NaN, 5e5, 0, 0, 0, 0]);
  figures.nice.set([0, -5, 0, 0, 19, 0, 0, 0]);
  figures.cpuTime.set([4000, 1, 1, 1, 1, 1, 1, 1]);
  figures.threads.set([1, 11, 1, 1, 1, 1, 1, 1]);
  return { ...made, state: [...'SRIZDSSS'].map((letter) => letter.charCodeAt(0)) };
}

const matching = (text: string, processes: SceneProcesses = some()): number[] => {
  const { query, problem } = parseQuery(text);
  if (problem) throw new Error(problem.sentence);
  const lets = compileQuery(query)(processes, NOON);
  return Array.from({ length: processes.length }, (_, row) => row).filter(lets);
};

test.each<[string, number[]]>([
  ['', [0, 1, 2, 3, 4, 5, 6, 7]],
  ['cpu>10', [1, 4]],
  ['cpu>=10', [1, 2, 4]],
  ['cpu<=10 !cpu=0', [2, 5]],
  // What is not known is neither equal nor unequal, but what does not match is let through by not.
  ['cpu!=0', [1, 2, 4, 5]],
  ['not cpu>=0', [3]],
  ['mem>500M', [4]],
  ['mem>=500MiB', [1, 4]],
  ['mem>500MB', [1, 4]],
  ['io>1MB/s', [1]],
  ['io>400k', [1, 3]],
  ['read=1M', [1]],
  ['time>1h', [0]],
  ['age<1m', [4]],
  ['age>1h59m', [0]],
  ['nice<0 or nice>10', [1, 4]],
  ['threads>10', [1]],
  ['user=root', [0, 2]],
  ['user=0', [0, 2]],
  ['user!=root', [1, 4, 5, 6, 7]],
  ['user~AD', [1, 4, 5, 6, 7]],
  ['name=node', []],
  ['name~node', [1]],
  ['node', [1]],
  ['name=Node', [1]],
  ['cmd~/bin.NODE/', [1]],
  ['cmd~/^/', [0, 1, 2, 4, 5, 6, 7]],
  ['cmd!~/node$|init/ pid<4', [1, 2]],
  ['"--port=80"', [1]],
  ['cmd~--port=80', [1]],
  ['2', [1]],
  ['"2"', []],
  ['pid>=7', [6, 7]],
  ['ppid=0', [0]],
  ['state=D', [4]],
  ['state=zombie', [3]],
  ['state~RUN or state=idle', [1, 2]],
  ['kernel=yes', [2]],
  ['kernel!=yes pid=1', [0]],
  ['kernel=no pid<3', [0, 1]],
  ['unit=none', [2]],
  ['unit~init', [0]],
  ['container!=none', [1]],
  ['container=abc123', [1]],
  ['cgroup=none', [2]],
  ['"x (or)"', [4]],
  ['名前', [5]],
  ['🎉', [5]],
  ['(user=root or name~x) !kernel=yes', [0, 4]],
])('%s', (text, rows) => {
  expect(matching(text)).toEqual(rows);
});

test('"not" is the complement, "and" and "or" are what they are in logic', () => {
  const processes = processesOf(60);
  const atoms = ['cpu>150', 'user=root', 'name~1', 'mem<300M', 'state=R', '7', 'age>16m', 'kernel=yes', 'cmd~/2|3$/'];
  fc.assert(
    fc.property(fc.constantFrom(...atoms), fc.constantFrom(...atoms), (one, two) => {
      const [a, b] = [new Set(matching(one, processes)), new Set(matching(two, processes))];
      expect(new Set(matching(`!(${one})`, processes))).toEqual(new Set([...Array(60).keys()].filter((row) => !a.has(row))));
      expect(new Set(matching(`${one} ${two}`, processes))).toEqual(new Set([...a].filter((row) => b.has(row))));
      expect(new Set(matching(`${one} or ${two}`, processes))).toEqual(new Set([...a, ...b]));
    }),
    { numRuns: 60 },
  );
});
