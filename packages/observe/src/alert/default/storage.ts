import { NETDATA } from './default-rule.ts';
import type { DefaultRule } from './default-rule.ts';

/** Storage. */
export const STORAGE_RULES: readonly DefaultRule[] = [
  {
    rule: {
      name: 'io_pressure',
      what: 'pressure_io_full_percent',
      function: 'mean',
      over: '10m',
      warning: '> 40',
      clear_warning: '< 25',
      summary: 'All tasks waited for storage {value} of the last 10 minutes.',
      advice: 'See which disk is busy, and who reads or writes.',
    },
    why: 'Ten minutes of it are more than a backup or an update; disks of every speed are measured by the same.',
  },
  {
    rule: {
      name: 'disk_space',
      what: 'filesystem.*.used_percent',
      warning: '> 90',
      clear_warning: '< 85',
      critical: '> 98 and available < 5GiB',
      clear_critical: '< 95 or available > 10GiB',
      for: '1m',
      summary: '{object} is {value} full, {available} are left.',
      advice: 'Delete what is not needed, or enlarge it.',
    },
    why: `${NETDATA} Critical only when little is left: 2 % of a large disk are much.`,
  },
  {
    rule: {
      name: 'disk_inodes',
      what: 'filesystem.*.inodes_used_percent',
      warning: '> 90',
      clear_warning: '< 85',
      critical: '> 98',
      clear_critical: '< 95',
      for: '1m',
      summary: '{object} has used {value} of its inodes: soon no file can be made, whatever space is left.',
      advice: 'Find the directory with very many small files.',
    },
    why: NETDATA,
  },
  {
    rule: {
      name: 'disk_full_soon',
      what: 'forecast:filesystem.full_in',
      warning: '< 8h',
      clear_warning: '> 48h',
      critical: '< 2h',
      clear_critical: '> 24h',
      for: '5m',
      summary: '{object} is full in {value}, if it goes on like this: {available} are left.',
      advice: 'Find what grows there.',
    },
    why: `${NETDATA} The forecast is a line through three hours, and counts only where a line fits.`,
  },
  {
    rule: {
      name: 'disk_read_only',
      what: 'filesystem.*.read_only',
      function: 'change',
      over: '1d',
      critical: '> 0',
      summary: '{object} became read-only.',
      advice: 'The kernel does that after errors of the disk: see the kernel log before mounting it again.',
    },
    why: 'What was mounted read-only from the start is meant so; only a change is told.',
  },
  {
    rule: {
      name: 'disk_unresponsive',
      what: 'filesystem.*.unresponsive',
      warning: '> 0',
      for: '2m',
      summary: '{object} does not answer.',
      advice: 'A network file system whose server is away, or a disk that hangs.',
    },
    why: 'Programs that touch it hang too.',
  },
  {
    rule: {
      name: 'disk_busy',
      what: 'disk.*.utilization_percent',
      function: 'mean',
      over: '10m',
      warning: '> 98 and latency_seconds > 50ms',
      clear_warning: '< 80',
      quiet: true,
      summary: '{object} had a request in flight {value} of the last 10 minutes, each took {latency_seconds}.',
      advice: 'See who reads or writes.',
    },
    why: 'A disk that works in parallel is not full at 100 %, so its latency must say so too. Only listed: io_pressure tells.',
  },
  {
    rule: {
      name: 'raid_degraded',
      what: 'raid.*.missing',
      critical: '> 0',
      for: '30s',
      summary: 'The array {object} lacks {value} of its disks.',
      advice: 'Replace the disk: the next failure may lose everything.',
    },
    why: 'Redundancy that is gone without anybody noticing is none.',
  },
  {
    rule: {
      name: 'zfs_unhealthy',
      what: 'zfs.*.unhealthy',
      critical: '> 0',
      for: '30s',
      summary: 'The pool {object} is not online.',
      advice: 'zpool status says which device, and what to do.',
    },
    why: 'As raid_degraded.',
  },
  {
    rule: {
      name: 'btrfs_missing',
      what: 'btrfs.*.missing',
      critical: '> 0',
      summary: 'The file system {object} lacks {value} of its devices.',
      advice: 'btrfs device stats and btrfs replace.',
    },
    why: 'As raid_degraded.',
  },
  {
    rule: {
      name: 'btrfs_errors',
      what: 'btrfs.*.device_errors',
      function: 'change',
      over: '1d',
      warning: '> 0',
      summary: 'Devices of {object} made {value} errors in the last day.',
      advice: 'btrfs device stats says which; run a scrub.',
    },
    why: 'btrfs counts what it found wrong with checksums: any is one too many.',
  },
  {
    rule: {
      name: 'smart',
      what: 'smart.*.health',
      warning: '>= 1',
      critical: '>= 2',
      summary: 'The disk {object} says that it does not fare well.',
      advice: 'hecate snapshot names the reasons. Have a backup, and replace the disk when it is failing.',
    },
    why: 'Our own verdict over what the disk says: one that says PASSED may be losing sectors.',
  },
  {
    rule: {
      name: 'nvme_dead',
      what: 'nvme.*.dead',
      critical: '> 0',
      summary: 'The kernel gave up the NVMe controller {object}.',
      advice: 'The drive is gone until the machine is switched off and on.',
    },
    why: 'The kernel gives up a controller that does not come back from a reset.',
  },
];
