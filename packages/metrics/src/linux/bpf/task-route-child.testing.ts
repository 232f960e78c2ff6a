/** A program of its own, started by `task-route.test.ts`: what the route does inside a pid namespace and after privileges are dropped. */
import { readdirSync, readlinkSync } from 'node:fs';
import { messageOf, openHost } from '@hecate/host';
import { finish } from '../../model/collector.ts';
import { collectGaps } from '../../model/gap.ts';
import { createColumns } from '../process/columns.ts';
import { compareWithProc } from './differential.testing.ts';
import { openTaskIterator } from './task-iterator.ts';
import { openBpfRoute } from './task-route.ts';

/** What can be told of a route's pass: the processes, and what is known of process `pid`. */
function pass(route: ReturnType<typeof openRoute>, pid: number): object {
  const columns = createColumns();
  finish(route.pass(columns, collectGaps([])));
  const row = columns.pid.subarray(0, columns.length).indexOf(pid);
  return { many: columns.length > 1, uid: columns.uid[row], io: !Number.isNaN(columns.readBytes[row]!), start: columns.startTicks[row] };
}

const openRoute = () => finish(openBpfRoute(openHost()));

const scenarios: Record<string, () => object> = {
  /** Process 1 of a namespace: numbers are the namespace's own, and parents outside of it are 0. */
  namespace() {
    const iterator = finish(openTaskIterator(openHost()));
    const { differences, compared, hidden } = compareWithProc(iterator, { absent: iterator.absent });
    return { pid: process.pid, level: iterator.level, differences, compared, hidden };
  },
  /** Opened as root, used as nobody. */
  dropped() {
    const route = openRoute();
    const before = pass(route, process.ppid);
    process.setgroups!([]);
    process.setgid!(65_534);
    process.setuid!(65_534);
    const after = pass(route, process.ppid);
    let again = '';
    try {
      openRoute().close();
    } catch (error) {
      again = messageOf(error);
    }
    route.close();
    return { before, after, again };
  },
  /** Nothing may stay open. */
  descriptors() {
    const open = (): string[] =>
      readdirSync('/proc/self/fd')
        .map((fd) => {
          try {
            return readlinkSync(`/proc/self/fd/${fd}`);
          } catch {
            return 'gone'; // The descriptor of the listing itself.
          }
        })
        .toSorted();
    openRoute().close();
    const before = open();
    for (let turn = 0; turn < 5; turn++) {
      const route = openRoute();
      for (let passes = 0; passes < 3; passes++) pass(route, process.pid);
      route.close();
    }
    return { before, after: open() };
  },
};

process.stdout.write(JSON.stringify(scenarios[process.argv[2]!]!()));
