/**
 * State bits of a task (kernel: include/linux/sched.h; they are macros, so BTF does not know them; these have been the same
 * since Linux 4.14, where one exists at all).
 */
const REPORTED = 0x7f;
const UNINTERRUPTIBLE = 0x02;
const NO_LOAD = 0x400;
const IDLE = UNINTERRUPTIBLE | NO_LOAD;
/** Waits for a lock of a real-time kernel (5.15), frozen (6.1): both shown as uninterruptible. */
const WAITS_FOR_LOCK = 0x1000;
const FROZEN = 0x8000;

/** Letters by the highest bit that is set, as task_index_to_char() has them; none set is running, and idle is one above. */
const LETTERS = Buffer.from('RSDTtXZPI', 'latin1');

/** The character code of field 3 of /proc/PID/stat, as get_task_state() of fs/proc/array.c finds it. */
export function stateLetter(state: number, exitState: number): number {
  if ((state & (WAITS_FOR_LOCK | FROZEN)) !== 0) return LETTERS[2]!;
  if ((state & IDLE) === IDLE) return LETTERS[8]!;
  return LETTERS[32 - Math.clz32((state | exitState) & REPORTED)]!;
}
