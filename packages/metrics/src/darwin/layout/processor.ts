/** `struct processor_cpu_load_info` of mach/processor_info.h: ticks of one CPU since boot, in 32 bits that wrap. */
export const PROCESSOR_LOAD = {
  struct: 'processor_cpu_load_info',
  size: 16,
  fields: {
    user: ['cpu_ticks[0]', 0, 'u32'],
    system: ['cpu_ticks[1]', 4, 'u32'],
    idle: ['cpu_ticks[2]', 8, 'u32'],
    nice: ['cpu_ticks[3]', 12, 'u32'],
  },
} as const;

/** `struct timeval` of sys/_types/_timeval.h, as `kern.boottime` gives it. */
export const TIMEVAL = {
  struct: 'timeval',
  size: 16,
  fields: { seconds: ['tv_sec', 0, 'i64'], microseconds: ['tv_usec', 8, 'i32'] },
} as const;
