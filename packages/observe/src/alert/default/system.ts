import type { DefaultRule } from './default-rule.ts';

/** The rest of the machine, and the daemon itself. */
export const SYSTEM_RULES: readonly DefaultRule[] = [
  {
    rule: {
      name: 'files',
      what: 'files_used_percent',
      warning: '> 80',
      clear_warning: '< 70',
      critical: '> 95',
      clear_critical: '< 90',
      summary: '{value} of the files that may be open are open.',
      advice: 'Find the process that leaks descriptors, or raise fs.file-max.',
    },
    why: 'At the limit no program can open anything; descriptors that leak go on leaking.',
  },
  {
    rule: {
      name: 'pids',
      what: 'own_pids_percent',
      warning: '> 85',
      clear_warning: '< 75',
      summary: '{value} of the processes that our control group may have are there.',
      advice: 'Raise its limit (TasksMax), or find who starts so many.',
    },
    why: 'At the limit nothing can be started any more.',
  },
  {
    rule: {
      name: 'temperature',
      what: 'temperature.*.margin',
      function: 'mean',
      over: '1m',
      warning: '< 8',
      clear_warning: '> 12',
      critical: '< 2',
      clear_critical: '> 6',
      summary: '{object} has {celsius}, {value} below the temperature that its maker calls critical.',
      advice: 'Dust, a fan that stands, or a hot room.',
    },
    why: 'Measured against the limit of the sensor itself: 95 degrees are fine for one chip and the end of another.',
  },
  {
    rule: {
      name: 'fan',
      what: 'fan.*.fault',
      warning: '> 0',
      for: '1m',
      summary: 'The chip says that the fan {object} is broken.',
      advice: 'Replace it.',
    },
    why: 'Said by the chip, so no bound is needed; a fan that stands may do so by design.',
  },
  {
    rule: {
      name: 'battery',
      what: 'battery_left_percent',
      warning: '< 20',
      clear_warning: '> 25',
      critical: '< 5',
      clear_critical: '> 8',
      summary: 'The battery has {value} left.',
      advice: 'Plug it in.',
    },
    why: 'UPower calls 20 % low and 5 % critical.',
  },
  {
    rule: {
      name: 'unit_failed',
      what: 'unit.*.failed',
      warning: '> 0',
      for: '30s',
      summary: 'The unit {object} failed.',
      advice: 'systemctl status and journalctl -u with its name say why.',
    },
    why: 'systemd keeps a failed unit until somebody looks at it; 30 s let it start again by itself.',
  },
  {
    rule: {
      name: 'hung_task',
      what: 'hung_tasks',
      function: 'change',
      over: '30m',
      warning: '> 0',
      summary: 'Tasks that hung for two minutes in the kernel in the last 30 minutes: {value}.',
      advice: 'The kernel log has their stacks; most wait for storage.',
    },
    why: 'The kernel itself says so (hung_task_timeout_secs).',
  },
  {
    rule: {
      name: 'clock',
      what: 'clock_unsynchronised',
      warning: '> 0',
      for: '30m',
      quiet: true,
      summary: 'Nothing keeps the clock right.',
      advice: 'Start chrony or systemd-timesyncd.',
    },
    why: 'Logs, certificates and clusters need the time. Only listed: virtual machines often take it from their host.',
  },
  {
    rule: {
      name: 'recording',
      what: 'daemon.recording_failed',
      warning: '> 0',
      for: '1m',
      summary: 'The daemon cannot record.',
      advice: 'Its log says why: a full disk, or another recorder.',
    },
    why: 'A report next month needs what is not written today.',
  },
  {
    rule: {
      name: 'export_behind',
      what: 'export.*.lag_seconds',
      warning: '> 10m',
      clear_warning: '< 2m',
      summary: 'The exporter {object} is {value} behind.',
      advice: 'Its server is away or slow. Samples wait on the disk; hecate export list says how many.',
    },
    why: 'Nothing is lost before the queue is full, and that takes hours.',
  },
  {
    rule: {
      name: 'anomaly',
      what: 'anomaly:*',
      function: 'min',
      over: '10m',
      warning: '>= 3',
      clear_warning: '< 2',
      summary: '{value} figures at once are unlike this machine at this hour of the week.',
      advice: 'Compare the charts with those of a week ago.',
    },
    why: 'One unusual figure is chance; three for ten minutes are not. Measured on invented weeks: see docs/alerts.md.',
  },
];
