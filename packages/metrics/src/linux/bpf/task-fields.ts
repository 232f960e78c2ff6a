import * as at from './task-layout.ts';

/** One value of a task's record and where the kernel keeps it. */
export interface TaskField {
  readonly name: string;
  /** Its place in the record. */
  readonly at: number;
  /** Its bytes in the record; what the kernel keeps in fewer is widened. */
  readonly bytes: 4 | 8 | 16;
  /** Members from `struct task_struct`: the first that this kernel has. */
  readonly paths: readonly string[];
  /** More members that are added, each at least 0. */
  readonly plus?: readonly (readonly string[])[];
  /** For a sum over threads: what dead threads left. Added to the leader's own. */
  readonly dead?: string;
  /** Depends on how the kernel was built; 0 where it is not there. */
  readonly optional?: true;
}

/** What is read of every task, and where. Written for kernels 5.10 to 6.18; the members are looked up in the kernel's own BTF. */
export interface TaskFields {
  /** Of every thread. */
  readonly thread: readonly TaskField[];
  /** Of the first thread of a process, which stands for the process. */
  readonly leader: readonly TaskField[];
}

/** Resident pages of one kind; a counter for each CPU since Linux 6.2. */
const pages = (kind: number): readonly string[] => [`mm.rss_stat.${kind}.count`, `mm.rss_stat.count.${kind}.counter`];

/** The fields as seen from a pid namespace of this depth: 0 is the machine's own. */
export function taskFields(level: number): TaskFields {
  return {
    thread: [
      { name: 'process', at: at.AT_PROCESS, bytes: 4, paths: [level === 0 ? 'tgid' : `signal.pids.1.numbers.${level}.nr`] },
      { name: 'thread', at: at.AT_THREAD, bytes: 4, paths: [level === 0 ? 'pid' : `thread_pid.numbers.${level}.nr`] },
      { name: 'flags', at: at.AT_FLAGS, bytes: 4, paths: ['flags'] },
      { name: 'exec', at: at.AT_EXEC, bytes: 8, paths: ['se.sum_exec_runtime'], dead: 'signal.sum_sched_runtime' },
      { name: 'user', at: at.AT_USER, bytes: 8, paths: ['utime'], dead: 'signal.utime' },
      { name: 'system', at: at.AT_SYSTEM, bytes: 8, paths: ['stime'], dead: 'signal.stime' },
      { name: 'voluntary', at: at.AT_VOLUNTARY, bytes: 8, paths: ['nvcsw'], dead: 'signal.nvcsw' },
      { name: 'involuntary', at: at.AT_INVOLUNTARY, bytes: 8, paths: ['nivcsw'], dead: 'signal.nivcsw' },
      { name: 'minor', at: at.AT_MINOR, bytes: 8, paths: ['min_flt'], dead: 'signal.min_flt' },
      { name: 'major', at: at.AT_MAJOR, bytes: 8, paths: ['maj_flt'], dead: 'signal.maj_flt' },
      { name: 'read', at: at.AT_READ, bytes: 8, paths: ['ioac.read_bytes'], optional: true },
      { name: 'write', at: at.AT_WRITE, bytes: 8, paths: ['ioac.write_bytes'], optional: true },
    ],
    leader: [
      { name: 'pastRead', at: at.AT_PAST_READ, bytes: 8, paths: ['signal.ioac.read_bytes'], optional: true },
      { name: 'pastWrite', at: at.AT_PAST_WRITE, bytes: 8, paths: ['signal.ioac.write_bytes'], optional: true },
      // Not there where every entry to the kernel is timed; then the times need no scaling.
      { name: 'givenUser', at: at.AT_GIVEN_USER, bytes: 8, paths: ['signal.prev_cputime.utime'], optional: true },
      { name: 'givenSystem', at: at.AT_GIVEN_SYSTEM, bytes: 8, paths: ['signal.prev_cputime.stime'], optional: true },
      { name: 'threads', at: at.AT_THREADS, bytes: 4, paths: ['signal.nr_threads'] },
      { name: 'start', at: at.AT_START, bytes: 8, paths: ['start_boottime'] },
      { name: 'virtual', at: at.AT_VIRTUAL_PAGES, bytes: 8, paths: ['mm.total_vm'] },
      // Files, anonymous memory, shared memory: as get_mm_rss() of include/linux/mm.h. 2 is swap.
      { name: 'rss', at: at.AT_RSS_PAGES, bytes: 8, paths: pages(0), plus: [pages(1), pages(3)] },
      { name: 'cgroup', at: at.AT_CGROUP, bytes: 8, paths: ['cgroups.dfl_cgrp.kn.id'], optional: true },
      { name: 'name', at: at.AT_NAME, bytes: 16, paths: ['comm'] },
      {
        name: 'parent',
        at: at.AT_PARENT,
        bytes: 4,
        paths: [level === 0 ? 'real_parent.tgid' : `real_parent.signal.pids.1.numbers.${level}.nr`],
      },
      // The objective credentials, as /proc shows them; `cred` may be overridden for a moment.
      { name: 'uid', at: at.AT_UID, bytes: 4, paths: ['real_cred.euid.val'] },
      { name: 'gid', at: at.AT_GID, bytes: 4, paths: ['real_cred.egid.val'] },
      { name: 'staticPriority', at: at.AT_STATIC_PRIORITY, bytes: 4, paths: ['static_prio'] },
      { name: 'priority', at: at.AT_PRIORITY, bytes: 4, paths: ['prio'] },
      // `state` before Linux 5.14.
      { name: 'state', at: at.AT_STATE, bytes: 4, paths: ['__state', 'state'] },
      { name: 'exitState', at: at.AT_EXIT_STATE, bytes: 4, paths: ['exit_state'] },
    ],
  };
}
