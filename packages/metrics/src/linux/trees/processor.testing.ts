import type { Tree } from '../rooted-tree.testing.ts';

const CPUS = 'sys/devices/system/cpu';

/** A CPU of the tree: two threads on each performance core, one on each efficiency core, as on Intel's hybrid processors. */
interface Cpu {
  readonly cpu: number;
  readonly core: number;
  readonly threads: string;
  readonly cluster: number;
  readonly cluster_cpus: string;
  readonly isFast: boolean;
  readonly throttles: number;
}

const cpus: readonly Cpu[] = [
  { cpu: 0, core: 0, threads: '0-1', cluster: 0, cluster_cpus: '0-1', isFast: true, throttles: 7 },
  { cpu: 1, core: 0, threads: '0-1', cluster: 0, cluster_cpus: '0-1', isFast: true, throttles: 7 },
  { cpu: 2, core: 4, threads: '2-3', cluster: 8, cluster_cpus: '2-3', isFast: true, throttles: 0 },
  { cpu: 3, core: 4, threads: '2-3', cluster: 8, cluster_cpus: '2-3', isFast: true, throttles: 0 },
  { cpu: 4, core: 8, threads: '4', cluster: 16, cluster_cpus: '4-5', isFast: false, throttles: 2 },
  { cpu: 5, core: 9, threads: '5', cluster: 16, cluster_cpus: '4-5', isFast: false, throttles: 0 },
];

const cache = (level: number, type: string, size: string, shared: string): Record<string, string> => ({
  level: `${level}\n`,
  type: `${type}\n`,
  size: `${size}\n`,
  shared_cpu_list: `${shared}\n`,
  coherency_line_size: '64\n',
  ways_of_associativity: '12\n',
});

const under = (folder: string, files: Readonly<Record<string, string>>): Tree =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]));

const cpuTree = ({ cpu, core, threads, cluster, cluster_cpus, isFast, throttles }: Cpu): Tree => ({
  ...under(`${CPUS}/cpu${cpu}/topology`, {
    physical_package_id: '0\n',
    die_id: '0\n',
    core_id: `${core}\n`,
    cluster_id: `${cluster}\n`,
    core_cpus_list: `${threads}\n`,
  }),
  ...under(`${CPUS}/cpu${cpu}/cache/index0`, cache(1, 'Data', isFast ? '48K' : '32K', threads)),
  ...under(`${CPUS}/cpu${cpu}/cache/index1`, cache(1, 'Instruction', isFast ? '32K' : '64K', threads)),
  ...under(`${CPUS}/cpu${cpu}/cache/index2`, cache(2, 'Unified', '2048K', cluster_cpus)),
  ...under(`${CPUS}/cpu${cpu}/cache/index3`, cache(3, 'Unified', '24576K', '0-5')),
  ...under(`${CPUS}/cpu${cpu}/thermal_throttle`, {
    core_throttle_count: `${throttles}\n`,
    core_throttle_total_time_ms: `${throttles * 100}\n`,
    package_throttle_count: '9\n',
    package_throttle_total_time_ms: '1250\n',
  }),
});

const policyTree = ({ cpu, isFast }: Cpu): Tree =>
  under(`${CPUS}/cpufreq/policy${cpu}`, {
    affected_cpus: `${cpu}\n`,
    related_cpus: `${cpu}\n`,
    scaling_cur_freq: isFast ? '4812345\n' : '3300000\n',
    scaling_min_freq: '400000\n',
    scaling_max_freq: isFast ? '5000000\n' : '3800000\n',
    cpuinfo_min_freq: '400000\n',
    cpuinfo_max_freq: isFast ? '5400000\n' : '4100000\n',
    base_frequency: isFast ? '2500000\n' : '1800000\n',
    scaling_driver: 'intel_pstate\n',
    scaling_governor: 'powersave\n',
    scaling_available_governors: 'performance powersave\n',
    energy_performance_preference: 'balance_performance\n',
    scaling_setspeed: '<unsupported>\n',
  });

const cpuinfo = ({ cpu, core, isFast }: Cpu): string =>
  [
    `processor\t: ${cpu}`,
    'vendor_id\t: GenuineIntel',
    'cpu family\t: 6',
    'model\t\t: 183',
    'model name\t: Hybrid(R) Test(TM) CPU @ 2.50GHz',
    'stepping\t: 1',
    'microcode\t: 0x129',
    `cpu MHz\t\t: ${isFast ? '4812.345' : '3300.000'}`,
    'cache size\t: 24576 KB',
    'physical id\t: 0',
    `core id\t\t: ${core}`,
    'flags\t\t: fpu vme avx2 hwp hwp_epp',
    'bugs\t\t: spectre_v1 spectre_v2 rfds',
    '',
    '',
  ].join('\n');

/** A hybrid processor: frequencies of each CPU, throttling, caches, one CPU offline. */
export const tree: Tree = {
  'proc/cpuinfo': cpus.map(cpuinfo).join(''),
  'sys/devices/cpu_core/cpus': '0-3\n',
  'sys/devices/cpu_atom/cpus': '4-5\n',
  [`${CPUS}/online`]: '0-5\n',
  [`${CPUS}/offline`]: '6\n',
  [`${CPUS}/isolated`]: '3\n',
  [`${CPUS}/nohz_full`]: '3,5\n',
  [`${CPUS}/smt/active`]: '1\n',
  [`${CPUS}/smt/control`]: 'on\n',
  [`${CPUS}/cpu6/online`]: '0\n',
  [`${CPUS}/intel_pstate/no_turbo`]: '0\n',
  [`${CPUS}/vulnerabilities/meltdown`]: 'Not affected\n',
  [`${CPUS}/vulnerabilities/reg_file_data_sampling`]: 'Mitigation: Clear Register File\n',
  [`${CPUS}/vulnerabilities/spec_store_bypass`]: 'Vulnerable\n',
  [`${CPUS}/vulnerabilities/mmio_stale_data`]: 'Vulnerable: Clear CPU buffers attempted, no microcode; SMT vulnerable\n',
  [`${CPUS}/vulnerabilities/itlb_multihit`]: 'KVM: Mitigation: VMX disabled\n',
  ...Object.assign({}, ...cpus.map(cpuTree), ...cpus.map(policyTree)),
};
