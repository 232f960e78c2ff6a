import { NETDATA } from './default-rule.ts';
import type { DefaultRule } from './default-rule.ts';

/** Memory. */
export const MEMORY_RULES: readonly DefaultRule[] = [
  {
    rule: {
      name: 'memory',
      what: 'memory_available_percent',
      function: 'mean',
      over: '1m',
      warning: '< 10',
      clear_warning: '> 15',
      critical: '< 2',
      clear_critical: '> 5',
      summary: 'Only {value} of the memory is available.',
      advice: 'Find the process that grew. When memory runs out, the kernel kills one.',
    },
    why: `${NETDATA} Measured by what is available, so caches (that of ZFS too) do not count as used.`,
  },
  {
    rule: {
      name: 'swap',
      what: 'swap_used_percent',
      function: 'mean',
      over: '5m',
      warning: '> 80 and memory_available_percent < 20',
      clear_warning: '< 70 or memory_available_percent > 30',
      critical: '> 98 and memory_available_percent < 10',
      clear_critical: '< 90 or memory_available_percent > 20',
      summary: '{value} of the swap is in use, and {memory_available_percent} of the memory is available.',
      advice: 'Find the process that grew, or add memory.',
    },
    why: 'Full swap alone is normal: the kernel moves there what nobody needs. It matters when memory is short as well.',
  },
  {
    rule: {
      name: 'swapping',
      what: 'swap_pages_per_second',
      function: 'mean',
      over: '10m',
      warning: '> 200 and memory_available_percent < 25',
      clear_warning: '< 50',
      summary: 'Memory moves to and from swap: {value} pages in the last 10 minutes.',
      advice: 'The working set does not fit: fewer processes, or more memory.',
    },
    why: 'What is moved all the time is needed, so the machine works at the speed of its storage.',
  },
  {
    rule: {
      name: 'memory_pressure',
      what: 'pressure_memory_full_percent',
      function: 'mean',
      over: '1m',
      warning: '> 5',
      clear_warning: '< 1',
      critical: '> 20',
      clear_critical: '< 5',
      summary: 'All tasks waited for memory {value} of the last minute.',
      advice: 'Memory is too small for what runs: find the process that grew.',
    },
    why: 'Kernel: Documentation/accounting/psi.rst; systemd-oomd ends processes at 60 %, long after people notice.',
  },
  {
    rule: {
      name: 'oom_kill',
      what: 'oom_kills',
      function: 'change',
      over: '30m',
      warning: '> 0',
      summary: 'The kernel killed processes for lack of memory in the last 30 minutes: {value}.',
      advice: 'hecate watch and the kernel log name them; give them a limit, or the machine more memory.',
    },
    why: NETDATA,
  },
  {
    rule: {
      name: 'memory_errors',
      what: 'memory_errors_uncorrectable',
      function: 'change',
      over: '1d',
      critical: '> 0',
      summary: 'Memory errors that could not be corrected in the last day: {value}.',
      advice: 'Replace the module; hecate snapshot --only edac says which.',
    },
    why: 'Whatever was in that memory is wrong now.',
  },
  {
    rule: {
      name: 'memory_errors_corrected',
      what: 'memory_errors_correctable',
      function: 'change',
      over: '1d',
      warning: '> 10',
      summary: 'Memory errors that were corrected in the last day: {value}.',
      advice: 'Many of them announce worse: replace the module.',
    },
    why: 'One now and then is cosmic; a series is a module that wears out.',
  },
];
