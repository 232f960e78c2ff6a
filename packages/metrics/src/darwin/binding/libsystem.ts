/**
 * What is called of libSystem. `getfsstat64` has the same name and layout on both architectures; the plain `getfsstat` is, looked up
 * by its name on Intel, an old function with other structures.
 */
export const LIBSYSTEM = {
  clock_gettime_nsec_np: ['u64', 'u32'],
  close: ['i32', 'i32'],
  fcntl: ['i32', 'i32', 'i32', '...', 'i32'],
  getfsstat64: ['i32', 'memory', 'i32', 'i32'],
  getloadavg: ['i32', 'memory', 'i32'],
  getpwuid: ['pointer', 'u32'],
  host_processor_info: ['i32', 'u32', 'i32', 'memory', 'memory', 'memory'],
  host_statistics64: ['i32', 'u32', 'i32', 'memory', 'memory'],
  ioctl: ['i32', 'i32', 'u64', '...', 'memory'],
  kevent64: ['i32', 'i32', 'memory', 'i32', 'memory', 'i32', 'u32', 'memory'],
  kqueue: ['i32'],
  mach_host_self: ['u32'],
  mach_port_deallocate: ['i32', 'u32', 'u32'],
  notify_cancel: ['u32', 'i32'],
  notify_get_state: ['u32', 'i32', 'memory'],
  notify_register_check: ['u32', 'text', 'memory'],
  notify_register_file_descriptor: ['u32', 'text', 'memory', 'i32', 'memory'],
  proc_pid_rusage: ['i32', 'i32', 'i32', 'memory'],
  proc_pidinfo: ['i32', 'i32', 'i32', 'u64', 'memory', 'i32'],
  proc_pidpath: ['i32', 'i32', 'memory', 'u32'],
  socket: ['i32', 'i32', 'i32', 'i32'],
  sysctl: ['i32', 'memory', 'u32', 'memory', 'memory', 'pointer', 'u64'],
  sysctlbyname: ['i32', 'text', 'memory', 'memory', 'pointer', 'u64'],
  vm_deallocate: ['i32', 'u32', 'u64', 'u64'],
} as const;

/** Variables of libSystem: their widths. `mach_task_self_` holds the port of our own task. */
export const LIBSYSTEM_VARIABLES = { mach_task_self_: 4 } as const;
