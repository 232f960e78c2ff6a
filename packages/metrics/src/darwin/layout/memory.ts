/** `struct vm_statistics64` of mach/vm_statistics.h: pages, and events since boot. Newer systems append fields. */
export const VM_STATISTICS = {
  struct: 'vm_statistics64',
  size: 152,
  fields: {
    free: ['free_count', 0, 'u32'],
    active: ['active_count', 4, 'u32'],
    inactive: ['inactive_count', 8, 'u32'],
    wired: ['wire_count', 12, 'u32'],
    pageIns: ['pageins', 32, 'u64'],
    pageOuts: ['pageouts', 40, 'u64'],
    faults: ['faults', 48, 'u64'],
    purgeable: ['purgeable_count', 88, 'u32'],
    speculative: ['speculative_count', 92, 'u32'],
    decompressions: ['decompressions', 96, 'u64'],
    compressions: ['compressions', 104, 'u64'],
    swapIns: ['swapins', 112, 'u64'],
    swapOuts: ['swapouts', 120, 'u64'],
    compressor: ['compressor_page_count', 128, 'u32'],
    external: ['external_page_count', 136, 'u32'],
    internal: ['internal_page_count', 140, 'u32'],
    compressed: ['total_uncompressed_pages_in_compressor', 144, 'u64'],
  },
} as const;

/** `struct xsw_usage` of sys/sysctl.h: swap files, bytes. */
export const SWAP_USAGE = {
  struct: 'xsw_usage',
  size: 32,
  fields: { total: ['xsu_total', 0, 'u64'], available: ['xsu_avail', 8, 'u64'], used: ['xsu_used', 16, 'u64'] },
} as const;
