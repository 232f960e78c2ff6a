import type { CommandDeclaration } from '../command-table.ts';
import { PROCESS_FIGURES } from './scene.ts';
import type { SortColumn } from './state.ts';

/** What processes can be sorted by, as the command line names it. */
export const SORT_CHOICES: readonly SortColumn[] = [
  ...PROCESS_FIGURES,
  'pid',
  'ppid',
  'user',
  'name',
  'command',
  'state',
  'started',
  'cgroup',
];

/** Other names of what is sorted by: those that fields of the filter have, and what people try first. */
export const SORT_ALIASES: Readonly<Record<string, SortColumn>> = {
  mem: 'rss',
  memory: 'rss',
  virt: 'virtual',
  read: 'readRate',
  write: 'writeRate',
  time: 'cpuTime',
  cmd: 'command',
  age: 'started',
  unit: 'cgroup',
  watts: 'power',
};

/** `hecate top`. */
export const TOP: CommandDeclaration = {
  name: 'top',
  summary: 'watch the machine and its processes on the whole terminal',
  description:
    'CPU, memory, disks, network, sensors, GPUs and processes, with graphs; the past too, where it was recorded. ? lists the keys. Where the output is no terminal it prints one table and ends.',
  options: [
    {
      flags: '--root <dir>',
      help: 'look at a mounted machine (DIR/proc, DIR/sys, DIR/etc), or one that hecate doctor --record wrote',
      kind: 'text',
      completes: 'directory',
    },
    {
      flags: '--replay <when>',
      help: 'look at the past: a time as hecate replay takes it, a day file, or a directory of them',
      kind: 'text',
      completes: 'file',
    },
    { flags: '--remote <url>', help: 'look at the machine of another daemon: http://server:9095', kind: 'text' },
    {
      flags: '--token-file <file>',
      help: 'file with the token for --remote (default: $HECATE_TOKEN)',
      kind: 'text',
      completes: 'file',
    },
    {
      flags: '--ca-file <file>',
      help: 'certificates in PEM that are trusted for --remote, in place of those of the system',
      kind: 'text',
      completes: 'file',
    },
    {
      flags: '--data-dir <dir>',
      help: 'where the recording lies (default: $HECATE_DATA_DIR, or hecate in the data directory of the user)',
      kind: 'text',
      completes: 'directory',
    },
    { flags: '--interval <seconds>', help: 'time between two looks (default: config.toml, else 1)', kind: 'number', least: 0.1, most: 60 },
    {
      flags: '--sort <column>',
      help: 'what processes are sorted by (default: config.toml, else cpu)',
      kind: 'text',
      choices: [...SORT_CHOICES, ...Object.keys(SORT_ALIASES)],
    },
    { flags: '--filter <query>', help: 'processes that are shown: "cpu>10 user=root name~node"', kind: 'text' },
    { flags: '--tree', help: 'show children below their parents', kind: 'flag' },
    {
      flags: '--theme <name>',
      help: 'colours (default: config.toml, else hecate)',
      kind: 'text',
      offers: ['hecate', 'gruvbox', 'nord', 'light', 'ansi', 'mono'],
    },
    { flags: '--once', help: 'print one table and end, on a terminal too', kind: 'flag' },
    {
      flags: '--format <format>',
      help: 'how that is printed; json implies --once',
      kind: 'text',
      choices: ['table', 'json'],
      fallback: 'table',
    },
    { flags: '--limit <processes>', help: 'the most processes that are printed (default: 20, and all as JSON)', kind: 'integer', least: 0 },
  ],
  examples: [
    ['hecate top', 'this machine'],
    ['hecate top --filter user=www-data --tree', 'some of its processes'],
    ['hecate top --replay 2h', 'as it was two hours ago; arrows go through time'],
    ['hecate top --remote http://server:9095', 'another machine, where hecate serve runs'],
    ['hecate top --format json --limit 5', 'for programs'],
  ],
};
