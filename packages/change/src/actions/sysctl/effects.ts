/** Writing these starts something, and nothing is kept that could be brought back. */
const TRIGGERS: Readonly<Record<string, string>> = {
  'vm.drop_caches': 'throws caches away',
  'vm.compact_memory': 'compacts memory',
  'vm.stat_refresh': 'counts statistics anew',
  'net.ipv4.route.flush': 'empties the cache of routes',
  'net.ipv6.route.flush': 'empties the cache of routes',
  'fs.binfmt_misc.register': 'registers a format of programs',
  'kernel.ns_last_pid': 'sets the number of the next process',
  'kernel.random.boot_id': 'is made anew at each boot',
  'kernel.random.uuid': 'is made anew at each read',
};

/** What a sysctl that is no setting does when it is written; null for a setting. */
export const triggerOf = (key: string): string | null => TRIGGERS[key] ?? null;

/** Values that the kernel takes back only at a reboot: Documentation/admin-guide/sysctl/kernel.rst, admin-guide/LSM/Yama.rst. */
const FINAL: Readonly<Record<string, string>> = {
  'kernel.modules_disabled': '1',
  'kernel.kexec_load_disabled': '1',
  'kernel.unprivileged_bpf_disabled': '1',
  'kernel.yama.ptrace_scope': '3',
};

/** Whether the kernel never lets go of a value once it is written. */
export const isFinal = (key: string, value: string): boolean => FINAL[key] === value;

/** What writing a key does beside; the first pattern that fits counts. */
const EFFECTS: readonly (readonly [pattern: RegExp, sentence: string])[] = [
  [
    /^net\.ipv4\.(?:ip_forward|conf\.all\.forwarding)$/,
    'Sets forwarding of every IPv4 interface, and net.ipv4.conf.all.accept_redirects to the opposite.',
  ],
  [
    /^net\.ipv6\.conf\.(?:all|default)\.forwarding$/,
    'Sets forwarding of every IPv6 interface; routers no longer accept router advertisements.',
  ],
  [
    /^net\.ipv6\.conf\..+\.disable_ipv6$/,
    'Removes the IPv6 addresses and routes of the interface; switching it on again does not bring them back.',
  ],
  [
    /^net\.ipv4\.tcp_congestion_control$/,
    'Loads the module of the algorithm, which stays loaded; only connections made afterwards use it.',
  ],
  [/^net\.core\.default_qdisc$/, 'Holds for interfaces that are set up afterwards; those that are there keep their queue.'],
  [/^net\.core\.(?:[rw]mem_(?:max|default)|somaxconn)$/, 'Holds for sockets that are made afterwards.'],
  [/^net\.netfilter\.nf_conntrack_buckets$/, 'Builds the table of connections anew, which takes a moment.'],
  [
    /^vm\.nr_(?:overcommit_)?hugepages(?:_mempolicy)?$/,
    'Takes memory from all other uses; the kernel may find fewer pages than were asked for.',
  ],
  [/^vm\.min_free_kbytes$/, 'All watermarks are computed anew, and the kernel no longer adjusts it by itself when memory is added.'],
  [
    /^vm\.overcommit_(?:memory|ratio|kbytes)$/,
    'Programs may be refused memory at once when the new limit is below what is promised already.',
  ],
  [/^vm\.dirty_(?:background_)?(?:bytes|ratio)$/, 'Its counterpart (bytes or ratio) becomes 0: one of both is in force.'],
  [/^vm\.(?:zone_reclaim_mode|watermark_scale_factor|watermark_boost_factor)$/, 'Reclaim may start at once.'],
  [/^kernel\.sched_/, 'Changes how every process of the machine is scheduled, at once.'],
  [/^kernel\.numa_balancing$/, 'Page faults are made to see which node uses memory, and pages begin or cease to move.'],
  [/^kernel\.(?:nmi_)?watchdog$/, 'Stops or starts a timer on each processor; without it lockups are not noticed.'],
  [/^kernel\.hostname$/, 'Programs that run keep the name they know.'],
];

/** What writing a key does beside setting it, in one sentence; null for nothing. */
export const effectOf = (key: string): string | null => EFFECTS.find(([pattern]) => pattern.test(key))?.[1] ?? null;
