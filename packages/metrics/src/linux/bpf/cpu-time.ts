/** A process's CPU time, in nanoseconds. */
export interface CpuTime {
  user: number;
  system: number;
}

/**
 * Splits the exact CPU time into user mode and kernel, in proportion to what ticks charged, as cputime_adjust() of
 * kernel/sched/cputime.c does for /proc/PID/stat. `given` is what was given last: neither part goes back.
 * The result is written into `given`. (The kernel divides whole numbers; the difference is below one nanosecond in 10^15.)
 */
export function adjustCpuTime(exec: number, user: number, system: number, given: CpuTime): void {
  if (given.user + given.system >= exec) return;
  let inSystem = system === 0 ? 0 : user === 0 ? exec : Math.min(exec, Math.floor(system * (exec / (system + user))));
  if (inSystem < given.system) inSystem = given.system;
  let inUser = exec - inSystem;
  if (inUser < given.user) {
    inUser = given.user;
    inSystem = exec - inUser;
  }
  given.user = inUser;
  given.system = inSystem;
}
