/** `struct kinfo_proc` of sys/sysctl.h: what everyone may know of a process. `p_un` begins with its start time here. */
export const PROCESS_ENTRY = {
  struct: 'kinfo_proc',
  size: 648,
  fields: {
    startSeconds: ['kp_proc.p_un.__p_starttime.tv_sec', 0, 'i64'],
    startMicroseconds: ['kp_proc.p_un.__p_starttime.tv_usec', 8, 'i32'],
    flags: ['kp_proc.p_flag', 32, 'i32'],
    state: ['kp_proc.p_stat', 36, 'u8'],
    pid: ['kp_proc.p_pid', 40, 'i32'],
    priority: ['kp_proc.p_priority', 240, 'u8'],
    nice: ['kp_proc.p_nice', 242, 'i8'],
    uid: ['kp_eproc.e_ucred.cr_uid', 420, 'u32'],
    gid: ['kp_eproc.e_ucred.cr_groups[0]', 428, 'u32'],
    ppid: ['kp_eproc.e_ppid', 560, 'i32'],
  },
  texts: { name: ['kp_proc.p_comm', 243, 17] },
} as const;

/** `struct proc_taskinfo` of sys/proc_info.h. Times are Mach ticks, not nanoseconds. */
export const TASK_INFO = {
  struct: 'proc_taskinfo',
  size: 96,
  fields: {
    virtual: ['pti_virtual_size', 0, 'u64'],
    resident: ['pti_resident_size', 8, 'u64'],
    user: ['pti_total_user', 16, 'u64'],
    system: ['pti_total_system', 24, 'u64'],
    faults: ['pti_faults', 52, 'i32'],
    pageIns: ['pti_pageins', 56, 'i32'],
    switches: ['pti_csw', 80, 'i32'],
    threads: ['pti_threadnum', 84, 'i32'],
    running: ['pti_numrunning', 88, 'i32'],
    priority: ['pti_priority', 92, 'i32'],
  },
} as const;

/**
 * `struct rusage_info_v6` of sys/resource.h, which macOS has since 13. That of macOS 12, `rusage_info_v4`, is its beginning: 296 bytes.
 * Times are Mach ticks, energies nanojoules.
 */
export const RESOURCE_USAGE = {
  struct: 'rusage_info_v6',
  size: 464,
  fields: {
    user: ['ri_user_time', 16, 'u64'],
    system: ['ri_system_time', 24, 'u64'],
    footprint: ['ri_phys_footprint', 72, 'u64'],
    readBytes: ['ri_diskio_bytesread', 144, 'u64'],
    writeBytes: ['ri_diskio_byteswritten', 152, 'u64'],
    energy: ['ri_energy_nj', 336, 'u64'],
  },
} as const;

/** `struct passwd` of pwd.h: an account. Its name is an address. */
export const ACCOUNT = {
  struct: 'passwd',
  size: 72,
  fields: { name: ['pw_name', 0, 'u64'] },
} as const;
