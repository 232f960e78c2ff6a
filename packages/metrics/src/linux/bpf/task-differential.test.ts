import { existsSync } from 'node:fs';
import { openHost, openNative } from '@hecate/host';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { finish } from '../../model/collector.ts';
import { compareWithProc } from './differential.testing.ts';
import type { Options } from './differential.testing.ts';
import { populationMissing, startPopulation } from './hostile-population.testing.ts';
import type { Population } from './hostile-population.testing.ts';
import { readKernelTypes } from './kernel-types.ts';
import { openIterator } from './pass.ts';
import type { Iterator } from './pass.ts';
import { taskFields } from './task-fields.ts';
import type { TaskField } from './task-fields.ts';
import { openTaskIterator } from './task-iterator.ts';
import * as at from './task-layout.ts';
import { TASK_NAMES, taskProgram } from './task-program.ts';

function whyNot(): string | null {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'loading BPF programs needs root';
  if (!existsSync('/sys/kernel/btf/vmlinux')) return 'this kernel has no BTF';
  return populationMissing();
}

const missing = whyNot();
if (missing) console.warn(`SKIPPED: the BPF task iterator against /proc: ${missing}`);

let population: Population;
let level = 0;
beforeAll(async () => {
  if (missing) return;
  population = await startPopulation();
  const iterator = finish(openTaskIterator(openHost()));
  level = iterator.level;
  iterator.close();
});
afterAll(() => population?.stop());

test.skipIf(missing)('every field of every process is what /proc says', () => {
  const iterator = finish(openTaskIterator(openHost()));
  try {
    for (let round = 0; round < 3; round++) {
      const { compared, differences, hidden } = compareWithProc(iterator, { absent: iterator.absent });
      expect(differences).toEqual([]);
      expect(compared).toBeGreaterThanOrEqual(population.pids.size);
      for (const pid of population.pids.values()) expect(hidden).not.toContain(pid);
    }
  } finally {
    iterator.close();
  }
});

/** An iterator with one field taken from elsewhere. */
function mistaken(name: string, change: Partial<TaskField>): Iterator {
  const types = finish(readKernelTypes(openHost(), TASK_NAMES));
  const fields = taskFields(level);
  const replace = (list: readonly TaskField[]): TaskField[] => list.map((field) => (field.name === name ? { ...field, ...change } : field));
  try {
    return openIterator(openNative(), taskProgram(types, level, { thread: replace(fields.thread), leader: replace(fields.leader) }));
  } finally {
    types.release();
  }
}

/** Mistakes that somebody could make in the table of fields, and the fields in which the check must notice them. */
const MISTAKES: readonly [what: string, name: string, change: Partial<TaskField>, caught: string][] = [
  ['real user for the effective one', 'uid', { paths: ['real_cred.uid.val'] }, 'uid'],
  ['saved user for the effective one', 'uid', { paths: ['real_cred.suid.val'] }, 'uid'],
  ['real group for the effective one', 'gid', { paths: ['real_cred.gid.val'] }, 'gid'],
  ['CPU time without dead threads', 'exec', { dead: 'signal.nr_threads' }, 'exec'],
  ['memory without shared memory', 'rss', { plus: [['mm.rss_stat.1.count', 'mm.rss_stat.count.1.counter']] }, 'rss'],
  ['memory with swap for files', 'rss', { paths: ['mm.rss_stat.2.count', 'mm.rss_stat.count.2.counter'] }, 'rss'],
  ['thread group leader for the parent', 'parent', { paths: ['group_leader.tgid'] }, 'ppid'],
  ['state without the state of exit', 'exitState', { paths: ['no_such_member'], optional: true }, 'state'],
  ['priority with niceness for niceness alone', 'staticPriority', { paths: ['prio'] }, 'nice'],
  ['faults with reading for those without', 'minor', { paths: ['maj_flt'], dead: 'signal.maj_flt' }, 'minor'],
  ['voluntary switches for the others', 'involuntary', { paths: ['nvcsw'], dead: 'signal.nvcsw' }, 'involuntary'],
  ['bytes that were read for those that were written', 'write', { paths: ['ioac.read_bytes'] }, 'write'],
  ['without the storage of dead threads and children', 'pastWrite', { paths: ['no_such_member'], optional: true }, 'write'],
];

test.skipIf(missing).each(MISTAKES)('the check notices %s', (_what, name, change, caught) => {
  const iterator = mistaken(name, change);
  try {
    expect(compareWithProc(iterator).fields).toContain(caught);
  } finally {
    iterator.close();
  }
});

/** Leaves out the records of threads, and gives their leaders one thread. */
function withoutThreads(words: Uint32Array, length: number): number {
  let to = 0;
  for (let from = 0; from < length >>> 2;) {
    const size = words[from]! >>> 2;
    if (words[from] === at.LEADER_BYTES) {
      words.copyWithin(to, from, from + size);
      to += size;
    }
    from += size;
  }
  return to * 4;
}

const MISREADINGS: readonly [what: string, options: Options, caught: string][] = [
  ['CPU time without living threads', { spoil: withoutThreads }, 'exec'],
  ['CPU time as ticks charged it', { absent: new Set(['givenUser']) }, 'system'],
];

test.skipIf(missing).each(MISREADINGS)('the check notices %s', (_what, options, caught) => {
  const iterator = finish(openTaskIterator(openHost()));
  try {
    expect(compareWithProc(iterator, options).fields).toContain(caught);
  } finally {
    iterator.close();
  }
});
