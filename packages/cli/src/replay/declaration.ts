import type { CommandDeclaration } from '../command-table.ts';

/** `hecate replay`. */
export const REPLAY: CommandDeclaration = {
  name: 'replay',
  summary: 'show what the machine did at a moment of the past',
  description:
    'The machine as it was: the row of the day files, the processes, alerts and events. Rows are there for whatever was recorded; processes where `hecate serve` ran, or `hecate record --processes`.',
  operands: [
    {
      name: 'time',
      help: 'when: 10:15, "yesterday 10:15", 2026-11-21T10:15, -2h or 2h, seconds since the epoch',
    },
  ],
  options: [
    { flags: '--to <time>', help: 'go on until then, a line for each step', kind: 'text' },
    { flags: '--step <seconds>', help: 'time from one line to the next', kind: 'number', fallback: 60, least: 1, most: 86_400 },
    { flags: '--format <format>', help: 'how it is printed', kind: 'text', choices: ['table', 'json'], fallback: 'table' },
    {
      flags: '--sort <order>',
      help: 'which processes come first',
      kind: 'text',
      choices: ['cpu', 'rss', 'pid', 'name', 'read', 'write'],
      fallback: 'cpu',
    },
    { flags: '--limit <processes>', help: 'the most processes (default: 10, and 3 in a line)', kind: 'integer', least: 0 },
    {
      flags: '--data-dir <dir>',
      help: 'where the recording lies (default: $HECATE_DATA_DIR, or hecate in the data directory of the user)',
      kind: 'text',
      completes: 'directory',
    },
  ],
  examples: [
    ['hecate replay 10:15', 'a quarter past ten, the last time it was'],
    ['hecate replay 2h --sort rss --limit 30', 'two hours ago, who held memory; -2h is the same'],
    ['hecate replay 2026-11-21T22:00 --to 2026-11-21T23:00', 'an hour, a line a minute'],
  ],
};
