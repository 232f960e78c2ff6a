/**
 * Where the values of a task's record lie, in words of 32 bits. The kernel's program writes it and the decoder reads it:
 * both take the places from here. Two words where the value has 64 bits, the low one first.
 */

/** Bytes of this record; the next one follows. */
export const AT_LENGTH = 0;
/** The process, by its number in our pid namespace. */
export const AT_PROCESS = 1;
/** The thread, by its number there. */
export const AT_THREAD = 2;
/** PF_ flags of include/linux/sched.h. */
export const AT_FLAGS = 3;

// Sums over threads: the thread's own, and in a leader's record what dead threads left.
/** Nanoseconds on a CPU, exact. */
export const AT_EXEC = 4;
/** Nanoseconds in user mode, as ticks charged them. */
export const AT_USER = 6;
/** The same in the kernel. */
export const AT_SYSTEM = 8;
/** How often it gave the CPU away by itself. */
export const AT_VOLUNTARY = 10;
/** How often the CPU was taken from it. */
export const AT_INVOLUNTARY = 12;
/** Page faults without reading from storage. */
export const AT_MINOR = 14;
/** Page faults with reading from storage. */
export const AT_MAJOR = 16;
/** Bytes from storage: the thread's own, also in a leader's record. */
export const AT_READ = 18;
/** The same to storage. */
export const AT_WRITE = 20;
/** A record of a thread that is no leader ends here. */
export const THREAD_BYTES = 88;

/** Bytes from storage of dead threads and of children that were waited for. */
export const AT_PAST_READ = 22;
/** The same to storage. */
export const AT_PAST_WRITE = 24;
/** When it started: nanoseconds after boot. */
export const AT_START = 26;
/** Pages of address space. */
export const AT_VIRTUAL_PAGES = 28;
/** Pages in memory. */
export const AT_RSS_PAGES = 30;
/** Number of its control group in the unified hierarchy. */
export const AT_CGROUP = 32;
/** Nanoseconds that the kernel last gave as the time in user mode. */
export const AT_GIVEN_USER = 34;
/** The same in the kernel. */
export const AT_GIVEN_SYSTEM = 36;
/** Its name, 16 bytes. */
export const AT_NAME = 38;
/** The parent, by its number in our pid namespace. */
export const AT_PARENT = 42;
/** Effective user. */
export const AT_UID = 43;
/** Effective group. */
export const AT_GID = 44;
/** How many threads it has. */
export const AT_THREADS = 45;
/** Niceness and 120. */
export const AT_STATIC_PRIORITY = 46;
/** The priority that the scheduler goes by, and 100. */
export const AT_PRIORITY = 47;
/** State bits of include/linux/sched.h. */
export const AT_STATE = 48;
/** State bits of a task that ended. */
export const AT_EXIT_STATE = 49;
/** Depth of the reader's own pid namespace. */
export const AT_LEVEL = 50;
/** Nothing: the length is a multiple of eight. */
export const AT_NOTHING = 51;
/** A leader's record ends here. */
export const LEADER_BYTES = 208;
