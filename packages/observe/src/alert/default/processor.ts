import { NETDATA } from './default-rule.ts';
import type { DefaultRule } from './default-rule.ts';

/** Processors. */
export const PROCESSOR_RULES: readonly DefaultRule[] = [
  {
    rule: {
      name: 'cpu_usage',
      what: 'cpu_usage_percent',
      function: 'mean',
      over: '10m',
      warning: '> 85',
      clear_warning: '< 75',
      critical: '> 95',
      clear_critical: '< 85',
      summary: 'The processors were busy {value} of the last 10 minutes.',
      advice: 'Look at the processes that use most: hecate snapshot, or the dashboard.',
    },
    why: `${NETDATA} Ten minutes, because a build or a backup is no trouble.`,
  },
  {
    rule: {
      name: 'cpu_iowait',
      what: 'cpu_iowait_percent',
      function: 'mean',
      over: '10m',
      warning: '> 40',
      clear_warning: '< 30',
      summary: 'The processors were idle {value} of the last 10 minutes because tasks waited for storage.',
      advice: 'See which disk is busy, and who reads or writes.',
    },
    why: NETDATA,
  },
  {
    rule: {
      name: 'cpu_steal',
      what: 'cpu_steal_percent',
      function: 'mean',
      over: '10m',
      warning: '> 10',
      clear_warning: '< 5',
      summary: 'The hypervisor gave {value} of the processor time of the last 10 minutes to others.',
      advice: 'The host of this virtual machine is overcommitted: ask its owner, or move.',
    },
    why: NETDATA,
  },
  {
    rule: {
      name: 'load',
      what: 'load_per_cpu',
      warning: '> 2',
      clear_warning: '< 1.5',
      for: '5m',
      summary: 'On average {value} tasks a CPU wanted to run or waited for storage in the last 15 minutes.',
      advice: 'Compare with CPU and I/O pressure: they say what the tasks wait for.',
    },
    why: 'Load counts tasks that wait for storage too, so it warns only, and only at twice the CPUs.',
  },
  {
    rule: {
      name: 'cpu_pressure',
      what: 'pressure_cpu_some_percent',
      function: 'mean',
      over: '10m',
      warning: '> 60',
      clear_warning: '< 40',
      quiet: true,
      summary: 'Some task waited for a CPU {value} of the last 10 minutes.',
      advice: 'Fewer threads at a time, or more CPUs.',
    },
    why: 'Says of a busy machine whether somebody waits. Only listed: cpu_usage tells.',
  },
  {
    rule: {
      name: 'throttling',
      what: 'throttles',
      function: 'change',
      over: '10m',
      warning: '> 100',
      clear_warning: '< 20',
      summary: 'The processor was slowed down {value} times in the last 10 minutes because it was hot.',
      advice: 'Better cooling, or less work at a time.',
    },
    why: 'Thin laptops do it now and then; a hundred times in ten minutes costs performance all the time.',
  },
  {
    rule: {
      name: 'thermal_pressure',
      what: 'thermal_pressure',
      function: 'min',
      over: '2m',
      warning: '>= 2',
      critical: '>= 3',
      summary: 'macOS has slowed programs down against heat for 2 minutes.',
      advice: 'Better cooling, or less work at a time. From level 3 on it ends in sleep.',
    },
    why: 'The levels of macOS itself: from heavy on programs are slower, from trapping on the Mac is about to sleep.',
  },
];
