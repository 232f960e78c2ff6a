import type { KnobEntry } from '../host/profile.ts';
import type { Scalar } from '../host/value.ts';

/** One thing that can be searched: a knob without its value, and the values that are safe to try. */
export interface Dimension {
  /** As a profile has it; its value is one of `values`. */
  readonly knob: Omit<KnobEntry, 'value'>;
  readonly values: readonly Scalar[];
}

const VM = 'Documentation/admin-guide/sysctl/vm.rst';
const NET = 'Documentation/admin-guide/sysctl/net.rst';
const IP = 'Documentation/networking/ip-sysctl.rst';
const THP = 'Documentation/admin-guide/mm/transhuge.rst';

const dimension = (knob: string, options: KnobEntry['options'], values: Dimension['values'], why: string, source: string): Dimension => ({
  knob: { knob, options, bound: null, when: {}, why, source, risk: 'live', required: false },
  values,
});
const sysctl = (document: string, key: string, values: Dimension['values'], why: string): Dimension =>
  dimension('sysctl', { key }, values, why, `${document}, ${key.slice(key.lastIndexOf('.') + 1)}`);

/**
 * What is searched when nothing else is said. Each of these values trades speed for speed: none can lose data that is safe by default,
 * open the machine to anybody, overheat it or keep it from working, and all take effect at once and go back at once.
 * Durability, security, memory that is set aside for good and the number of CPUs are not for a search.
 */
export const SAFE_SET: readonly Dimension[] = [
  sysctl(VM, 'vm.swappiness', [1, 10, 30, 60, 100, 150], 'How readily memory of programs is swapped out rather than cached files dropped.'),
  sysctl(VM, 'vm.vfs_cache_pressure', [50, 100, 200], 'How readily the caches of names and inodes are dropped.'),
  sysctl(VM, 'vm.page-cluster', [0, 1, 3], 'How many pages are read from swap at once, as a power of two.'),
  sysctl(VM, 'vm.dirty_background_ratio', [2, 5, 10, 20], 'From which share of memory on changed data is written back.'),
  sysctl(VM, 'vm.dirty_ratio', [10, 20, 40], 'At which share of memory whoever writes has to write back himself.'),
  sysctl(VM, 'vm.compaction_proactiveness', [0, 20, 60], 'How much is done ahead so that huge pages can be had.'),
  sysctl(VM, 'vm.watermark_scale_factor', [10, 50, 150], 'How early memory is reclaimed in the background.'),
  sysctl(NET, 'net.core.busy_read', [0, 50], 'How many microseconds a read of a socket spins before it sleeps.'),
  sysctl(NET, 'net.core.busy_poll', [0, 50], 'How many microseconds poll spins before it sleeps.'),
  sysctl(NET, 'net.core.netdev_budget', [300, 600], 'How many packets are taken in one go.'),
  sysctl(IP, 'net.ipv4.tcp_slow_start_after_idle', [0, 1], 'Whether a connection starts slowly again after a pause.'),
  dimension('tcp-congestion', {}, ['cubic', 'bbr'], 'How TCP finds out how fast it may send.', `${IP}, tcp_congestion_control`),
  dimension('autogroup', {}, [false, true], 'Whether sessions share the CPUs, rather than threads.', 'sched(7), The autogroup feature'),
  dimension(
    'numa-balancing',
    {},
    [false, true],
    'Whether memory is moved to the node that uses it.',
    'Documentation/admin-guide/sysctl/kernel.rst, numa_balancing',
  ),
  dimension('hugepage-mode', {}, ['always', 'madvise', 'never'], 'Who gets huge pages without asking.', THP),
  dimension('hugepage-defrag', {}, ['always', 'defer', 'defer+madvise', 'madvise', 'never'], 'Who waits for a huge page to be made.', THP),
  dimension(
    'cpu-governor',
    {},
    ['performance', 'schedutil', 'ondemand', 'powersave'],
    'How the frequency follows the load.',
    'Documentation/admin-guide/pm/cpufreq.rst',
  ),
  dimension(
    'disk-scheduler',
    { disks: ['nvme', 'ssd', 'virtual'] },
    ['none', 'mq-deadline', 'kyber', 'bfq'],
    'In which order requests are served.',
    'Documentation/block/switching-sched.rst',
  ),
  dimension(
    'disk-read-ahead',
    { disks: ['nvme', 'ssd', 'hdd', 'virtual'] },
    ['128KiB', '512KiB', '1MiB', '4MiB'],
    'How much is read ahead of who reads in order.',
    'Documentation/ABI/stable/sysfs-block, read_ahead_kb',
  ),
];
