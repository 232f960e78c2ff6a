import type { Tree } from '../rooted-tree.testing.ts';

const NODES = 'sys/devices/system/node';

const node = (number: number, cpus: string, total: number, free: number, distances: string): Tree => ({
  [`${NODES}/node${number}/cpulist`]: `${cpus}\n`,
  [`${NODES}/node${number}/distance`]: `${distances}\n`,
  [`${NODES}/node${number}/meminfo`]: [
    `Node ${number} MemTotal:       ${total} kB`,
    `Node ${number} MemFree:        ${free} kB`,
    `Node ${number} MemUsed:        ${total - free} kB`,
    `Node ${number} Active(anon):   ${number + 10} kB`,
    `Node ${number} FilePages:      4000 kB`,
    `Node ${number} HugePages_Total:    ${number}`,
    '',
  ].join('\n'),
  [`${NODES}/node${number}/numastat`]: `numa_hit ${number}00\nnuma_miss ${number}1\nnuma_foreign ${number}2\ninterleave_hit 3\nlocal_node ${number}90\nother_node 21\n`,
  [`${NODES}/node${number}/vmstat`]: `nr_free_pages 7\npgpromote_success ${number}5\npgdemote_kswapd 4\npgdemote_direct 6\n`,
  [`${NODES}/node${number}/hugepages/hugepages-2048kB/nr_hugepages`]: `${number + 1}\n`,
  [`${NODES}/node${number}/hugepages/hugepages-2048kB/free_hugepages`]: '1\n',
  [`${NODES}/node${number}/hugepages/hugepages-2048kB/surplus_hugepages`]: '0\n',
});

const zram = (number: number, size: number, mmStat: string): Tree => ({
  [`sys/block/zram${number}/disksize`]: `${size}\n`,
  [`sys/block/zram${number}/comp_algorithm`]: 'lzo lz4 [zstd]\n',
  [`sys/block/zram${number}/mm_stat`]: `${mmStat}\n`,
});

const edac = 'sys/devices/system/edac/mc/mc0';

/** Two nodes and one of slower memory without CPUs, huge pages, swap of three kinds, zram, zswap, KSM, ECC. */
export const tree: Tree = {
  ...node(0, '0-3', 16_000_000, 4_000_000, '10 21 14'),
  ...node(1, '4-5', 16_000_000, 8_000_000, '21 10 24'),
  ...node(2, '', 32_000_000, 30_000_000, '14 24 10'),
  'sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages': '6\n',
  'sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages': '3\n',
  'sys/kernel/mm/hugepages/hugepages-2048kB/resv_hugepages': '2\n',
  'sys/kernel/mm/hugepages/hugepages-2048kB/surplus_hugepages': '1\n',
  'sys/kernel/mm/hugepages/hugepages-2048kB/nr_overcommit_hugepages': '4\n',
  'sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages': '0\n',
  'sys/kernel/mm/transparent_hugepage/enabled': 'always [madvise] never\n',
  'sys/kernel/mm/transparent_hugepage/defrag': 'always defer defer+madvise [madvise] never\n',
  'sys/kernel/mm/transparent_hugepage/shmem_enabled': 'always within_size advise [never] deny force\n',
  'sys/kernel/mm/transparent_hugepage/hpage_pmd_size': '2097152\n',
  'sys/kernel/mm/transparent_hugepage/khugepaged/defrag': '1\n',
  'sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs': '10000\n',
  'sys/kernel/mm/transparent_hugepage/khugepaged/pages_to_scan': '4096\n',
  'sys/kernel/mm/transparent_hugepage/hugepages-64kB/enabled': 'always [inherit] madvise never\n',
  'sys/kernel/mm/transparent_hugepage/hugepages-64kB/stats/nr_anon': '12\n',
  'sys/kernel/mm/transparent_hugepage/hugepages-64kB/stats/anon_fault_alloc': '34\n',
  'proc/swaps':
    'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/sdz2                               partition\t8388604\t\t76\t\t-2\n/var/swap\\040file                      file\t\t1024\t\t0\t\t-3\n/dev/zram1                              partition\t2048\t\t4\t\t100\n',
  'sys/module/zswap/parameters/enabled': 'Y\n',
  'sys/module/zswap/parameters/compressor': 'zstd\n',
  'sys/module/zswap/parameters/max_pool_percent': '20\n',
  'sys/kernel/debug/zswap/written_back_pages': '11\n',
  'sys/kernel/debug/zswap/pool_limit_hit': '2\n',
  'proc/meminfo': 'MemTotal: 64000000 kB\nMemFree: 42000000 kB\nMemAvailable: 50000000 kB\nZswap: 1000 kB\nZswapped: 3500 kB\n',
  ...zram(0, 0, '0 0 0 0 0 0 0 0 0'),
  ...zram(1, 2_097_152, '1048576 262144 349525 0 400000 16 0 3 3'),
  'sys/kernel/mm/ksm/run': '1\n',
  'sys/kernel/mm/ksm/pages_shared': '5\n',
  'sys/kernel/mm/ksm/pages_sharing': '50\n',
  'sys/kernel/mm/ksm/general_profit': '-64\n',
  'sys/kernel/mm/ksm/sleep_millisecs': '20\n',
  'sys/kernel/mm/ksm/advisor_mode': '[none] scan-time\n',
  [`${edac}/mc_name`]: 'Skylake Socket#0 IMC#0\n',
  [`${edac}/size_mb`]: '32768\n',
  [`${edac}/seconds_since_reset`]: '3600\n',
  [`${edac}/ce_count`]: '5\n',
  [`${edac}/ue_count`]: '0\n',
  [`${edac}/ce_noinfo_count`]: '1\n',
  [`${edac}/ue_noinfo_count`]: '0\n',
  [`${edac}/csrow0/ce_count`]: '4\n',
  [`${edac}/csrow0/ue_count`]: '0\n',
  [`${edac}/csrow0/ch0_ce_count`]: '3\n',
  [`${edac}/csrow0/ch0_dimm_label`]: 'mc#0csrow#0channel#0\n',
  [`${edac}/csrow0/ch1_ce_count`]: '1\n',
  [`${edac}/dimm0/dimm_label`]: 'CPU_SrcID#0_MC#0_Chan#0_DIMM#0\n',
  [`${edac}/dimm0/dimm_location`]: 'channel 0 slot 0 \n',
  [`${edac}/dimm0/dimm_mem_type`]: 'Registered-DDR4\n',
  [`${edac}/dimm0/size`]: '16384\n',
  [`${edac}/dimm0/dimm_ce_count`]: '4\n',
  [`${edac}/dimm0/dimm_ue_count`]: '0\n',
  'sys/devices/system/edac/mc/power/runtime_status': 'unsupported\n',
};
