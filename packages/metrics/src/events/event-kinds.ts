import type { EventKind } from './event.ts';

/** What is declared of a kind of event, for help and docs. */
export interface EventKindDeclaration {
  /** What happened, in at most 60 letters: it stands in a column of the help. */
  readonly help: string;
  /** Where it comes from on Linux. What it comes from on macOS is in docs/events.md. */
  readonly source: string;
  /** What is done where that source is closed; null when nothing is. */
  readonly fallback: string | null;
  /** Who may watch it on Linux; on macOS anyone may watch what there is. */
  readonly permission: string;
  /** Watched only where it is named: it needs more to be said, or is loud. */
  readonly onRequest?: true;
}

/** Every kind of event that can be watched. */
export const EVENT_KINDS: Readonly<Record<EventKind, EventKindDeclaration>> = {
  link: {
    help: 'an interface came or went, was renamed, went up or down',
    source: 'rtnetlink, group link',
    fallback: null,
    permission: 'anyone',
  },
  address: {
    help: 'an IP address was added or removed',
    source: 'rtnetlink, groups IPv4 and IPv6 addresses',
    fallback: null,
    permission: 'anyone',
  },
  mount: {
    help: 'a file system was mounted or unmounted, or made read-only',
    source: 'poll on /proc/self/mountinfo',
    fallback: null,
    permission: 'anyone',
  },
  pressure: {
    help: 'tasks waited for cpu, io or memory beyond a threshold',
    source: 'PSI triggers of /proc/pressure/* or of a control group',
    fallback: 'reads total= every second',
    permission:
      'triggers: CAP_SYS_RESOURCE; anyone since Linux 6.4, with windows of a multiple of 2 s. The files of a control group: who may write them',
    onRequest: true,
  },
  'memory-pressure': {
    help: 'memory became scarce, or is no longer',
    source: 'a PSI trigger of /proc/pressure/memory, then its averages until all is well',
    fallback: 'reads the averages every 2 s',
    permission: 'anyone',
  },
  'oom-kill': {
    help: 'the kernel killed a process to get memory',
    source: '/dev/kmsg',
    fallback: 'memory.events of the own control group (v2) and oom_kill of /proc/vmstat every 10 s: no name, no pid',
    permission: '/dev/kmsg: root, or anyone where kernel.dmesg_restrict is 0; its fallback: anyone',
  },
  'process-exit': {
    help: 'one of the processes that were named ended',
    source: 'pidfd_open',
    fallback: null,
    permission: 'anyone; the exit status: anyone since Linux 6.15, before that root or the same user, and only while it is a zombie',
    onRequest: true,
  },
  process: {
    help: 'any process started, became another program, or ended',
    source: 'process events connector (netlink)',
    fallback: null,
    permission: 'root, in the first pid and user namespace; anyone there since Linux 6.6',
    onRequest: true,
  },
  device: {
    help: 'a device was added, removed or changed',
    source: 'kernel uevents (netlink)',
    fallback: null,
    permission: 'anyone, outside of user namespaces',
  },
  'power-source': {
    help: 'the machine went from mains to battery or back',
    source: 'kernel uevents, then /sys/class/power_supply',
    fallback: null,
    permission: 'anyone, outside of user namespaces',
  },
  throttle: {
    help: 'something was slowed down to get cooler, or no longer is',
    source: 'events of the thermal family (generic netlink), then cooling devices and throttle counters of /sys',
    fallback: 'reads both every 5 s, which processors that only count need in any case',
    permission: 'anyone',
  },
  clock: {
    help: 'the clock was set, or the machine slept',
    source: 'a timerfd that is cancelled when the clock is set',
    fallback: null,
    permission: 'anyone',
  },
};

/** Names of all kinds. */
export const EVENT_KIND_NAMES: readonly EventKind[] = Object.keys(EVENT_KINDS) as EventKind[];

/** The kinds that are watched when none is named. */
export const DEFAULT_EVENT_KINDS: readonly EventKind[] = EVENT_KIND_NAMES.filter((kind) => EVENT_KINDS[kind].onRequest !== true);
