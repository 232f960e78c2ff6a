import { COLLECTOR_NAMES, DEFAULT_EVENT_KINDS, EVENT_KIND_NAMES, EVENT_KINDS } from '@hecate/metrics';
import { ALERTS } from './alerts/declaration.ts';
import { CHANGES } from './changes/declaration.ts';
import { EXPORT } from './export/declaration.ts';
import { FAN } from './fan/declaration.ts';
import { REPLAY } from './replay/declaration.ts';
import { SERVICE } from './service/declaration.ts';
import { TOP } from './top/declaration.ts';
import { TUNE } from './tune/declaration.ts';

/** How the text of an option is understood. */
export type OptionKind = 'flag' | 'text' | 'number' | 'integer' | 'list' | 'repeated';

/** One option of a command. Help, parsing and shell completion are made from it. */
export interface OptionDeclaration {
  /** As commander writes it: `--interval <seconds>`. */
  readonly flags: string;
  readonly help: string;
  readonly kind: OptionKind;
  readonly fallback?: string | number | readonly string[];
  readonly choices?: readonly string[];
  /** The least number allowed. */
  readonly least?: number;
  /** The greatest number allowed. */
  readonly most?: number;
  /** What is completed after it. */
  readonly completes?: 'directory' | 'file';
  /** Words that are completed, while others are taken too. */
  readonly offers?: readonly string[];
}

/** A word of a command that is no option: what comes by its place. */
export interface OperandDeclaration {
  /** Under this name the command gets it; no option may have the same. */
  readonly name: string;
  readonly help: string;
  readonly choices?: readonly string[];
  /** Choices that are for hecate itself: neither shown nor completed. */
  readonly hidden?: readonly string[];
  /** What it is when it is left out. Without one it must be there. */
  readonly fallback?: string;
  /** The last one may take all words that are left, none of them too: the command gets a list. */
  readonly variadic?: true;
}

/** One command. Its implementation is `commands/<name>.ts`, loaded when it is called. */
export interface CommandDeclaration {
  readonly name: string;
  readonly summary: string;
  /** More than the summary, for `--help`. */
  readonly description: string;
  readonly operands?: readonly OperandDeclaration[];
  readonly options: readonly OptionDeclaration[];
  /** Command lines with what they do. */
  readonly examples: readonly (readonly [line: string, does: string])[];
}

const ROOT: OptionDeclaration = {
  flags: '--root <dir>',
  help: 'read a mounted machine (DIR/proc, DIR/sys, DIR/etc), or one that hecate doctor --record wrote',
  kind: 'text',
  completes: 'directory',
};
const DATA_DIR: OptionDeclaration = {
  flags: '--data-dir <dir>',
  help: 'where the day files lie (default: $HECATE_DATA_DIR, or hecate in the data directory of the user)',
  kind: 'text',
  completes: 'directory',
};

const FORMAT: OptionDeclaration = {
  flags: '--format <format>',
  help: 'how it is printed',
  kind: 'text',
  choices: ['text', 'json'],
  fallback: 'text',
};

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandDeclaration[] = [
  TOP,
  {
    name: 'snapshot',
    summary: 'show what the machine does now',
    description:
      'Reads every metric once, or twice where a rate is wanted, and prints it. What cannot be read is left empty and named with its reason.',
    options: [
      {
        flags: '--format <format>',
        help: 'how it is printed',
        kind: 'text',
        choices: ['table', 'json', 'csv', 'prometheus', 'openmetrics'],
        fallback: 'table',
      },
      ROOT,
      {
        flags: '--only <names>',
        help: `collectors to read, separated by commas: ${COLLECTOR_NAMES.join(', ')}`,
        kind: 'list',
        choices: COLLECTOR_NAMES,
      },
      {
        flags: '--interval <seconds>',
        help: 'time between the two readings that rates need; 0 reads once (default: 0.5, and 0 for prometheus, openmetrics and --root)',
        kind: 'number',
        least: 0,
        most: 86_400,
      },
    ],
    examples: [
      ['hecate snapshot', 'this machine, for people'],
      ['hecate snapshot --format json --only cpu,memory', 'for programs'],
      ['hecate snapshot --root /host --format prometheus', 'a machine mounted under /host'],
    ],
  },
  {
    name: 'record',
    summary: 'write a CSV file a day',
    description:
      'Appends a row every interval to YYYY-MM-DD.csv in the data directory. Rows are written in batches, and always on exit, on a signal and at midnight. Another machine can be recorded too: mactop and macmon on a Mac, or any Prometheus address.',
    options: [
      { flags: '--interval <seconds>', help: 'time between two rows', kind: 'number', fallback: 1, least: 0.1, most: 86_400 },
      { flags: '--count <rows>', help: 'stop after so many rows', kind: 'integer', least: 1 },
      { flags: '--buffer <rows>', help: 'rows that are kept before they are written', kind: 'integer', fallback: 60, least: 1, most: 3600 },
      DATA_DIR,
      { flags: '--processes', help: 'keep the process table too, for hecate replay; see [record] in config.toml', kind: 'flag' },
      { flags: '--source <source>', help: 'self, mactop, macmon, or the address of Prometheus metrics', kind: 'text', fallback: 'self' },
      {
        flags: '--port <port>',
        help: 'port of mactop or macmon on this machine (default: 8888 for mactop, 9090 for macmon)',
        kind: 'integer',
        least: 1,
        most: 65_535,
      },
      { ...FORMAT, help: 'text, or json: what was recorded, on standard output at the end' },
    ],
    examples: [
      ['hecate record', 'this machine, every second, until Ctrl-C'],
      ['hecate record --interval 10 --count 360', 'an hour'],
      ['hecate record --source http://server:9100/metrics', 'what a node_exporter says'],
    ],
  },
  {
    name: 'analyze',
    summary: 'report on what was recorded',
    description:
      'Statistics, percentiles, heat maps, what took the most, when disks are full, and a judgement of whether the machine is large enough, from what was recorded. Today by default. Nothing leaves the machine unless --llm names where to.',
    options: [
      { flags: '--start-date <date>', help: 'first day, YYYY-MM-DD (default: the last day)', kind: 'text' },
      { flags: '--end-date <date>', help: 'last day, YYYY-MM-DD (default: today)', kind: 'text' },
      DATA_DIR,
      {
        flags: '--compare <what>',
        help: 'say what differs from: previous (as many days before), a day, 2026-11-01..2026-11-07, 2026-W45, or the data directory of another machine',
        kind: 'text',
      },
      { flags: '--metrics <names>', help: 'columns to report on, separated by commas', kind: 'list' },
      {
        flags: '--format <format>',
        help: 'terminal, markdown, json, csv, html, svg, png or parquet',
        kind: 'text',
        choices: ['terminal', 'markdown', 'json', 'csv', 'html', 'svg', 'png', 'parquet'],
        fallback: 'terminal',
      },
      { flags: '--output <file>', help: 'write there instead of to standard output; needed for parquet', kind: 'text', completes: 'file' },
      {
        flags: '--figure <figure>',
        help: 'with svg and png: overview, heatmap or series (default: overview)',
        kind: 'text',
        choices: ['overview', 'heatmap', 'series'],
      },
      { flags: '--theme <theme>', help: 'with svg and png: dark or light (default: dark)', kind: 'text', choices: ['dark', 'light'] },
      { flags: '--title <text>', help: 'with svg and png: what stands above (default: the name of this machine)', kind: 'text' },
      { flags: '--scale <times>', help: 'with png: 2 for dense screens (default: 1)', kind: 'number', least: 0.5, most: 4 },
      { flags: '--llm <url>', help: 'send the summary numbers to this OpenAI-compatible address and print what it says', kind: 'text' },
      { flags: '--llm-model <model>', help: 'model that is asked', kind: 'text' },
    ],
    examples: [
      ['hecate analyze', 'today'],
      ['hecate analyze --start-date 2026-11-01 --end-date 2026-11-30', 'a month'],
      ['hecate analyze --start-date 2026-11-16 --compare previous', 'what is different since then'],
      ['hecate analyze --format html --output report.html', 'one file to pass on'],
      ['hecate analyze --format png --figure heatmap --output week.png', 'a picture'],
    ],
  },
  {
    name: 'serve',
    summary: 'run the daemon: dashboard, API, /metrics, recording',
    description:
      'Samples every second, records, and serves the dashboard, a JSON API, a WebSocket stream and /metrics. Only this machine can reach it unless --host says otherwise; then a token is asked for.',
    options: [
      { flags: '--host <address>', help: 'address to listen on (default: config.toml, else 127.0.0.1)', kind: 'text' },
      {
        flags: '--port <port>',
        help: 'port to listen on; 0 takes a free one (default: config.toml, else 9095)',
        kind: 'integer',
        least: 0,
        most: 65_535,
      },
      { flags: '--grpc-port <port>', help: 'serve gRPC too, on this port; 0 takes a free one', kind: 'integer', least: 0, most: 65_535 },
      { flags: '--no-record', help: 'do not write day files', kind: 'flag' },
      { flags: '--interval <seconds>', help: 'time between two samples', kind: 'number', fallback: 1, least: 0.1, most: 86_400 },
      {
        flags: '--tune <profile>',
        help: 'keep this profile in force while it runs; auto: the one that fits, off: none (default: config.toml, else off)',
        kind: 'text',
      },
      { flags: '--allow-act', help: 'let who has the token for acting end processes and change their priority', kind: 'flag' },
      { flags: '--tls-cert <file>', help: 'certificate in PEM: serve HTTPS; needs --tls-key', kind: 'text', completes: 'file' },
      { flags: '--tls-key <file>', help: 'key of the certificate in PEM', kind: 'text', completes: 'file' },
      { flags: '--user <name>', help: 'become this user after the first sample; it takes root to start so', kind: 'text' },
      { flags: '--sandbox', help: 'give up the right to write elsewhere than in its own directories (Landlock)', kind: 'flag' },
      { ...FORMAT, help: 'text, or json: where it listens, on one line of standard output' },
      { flags: '--new-token', help: 'replace both tokens: who has the old ones is out', kind: 'flag' },
      DATA_DIR,
      ROOT,
    ],
    examples: [
      ['hecate serve', 'dashboard at http://127.0.0.1:9095/'],
      ['hecate serve --port 0 --no-record', 'look only, on any free port'],
    ],
  },
  {
    name: 'token',
    summary: 'print a token of the daemon',
    description:
      'Prints the token that `hecate serve` asks for: read to look, act to act too. It is made when there is none. Run it as the user of the daemon.',
    operands: [{ name: 'scope', help: 'which token', choices: ['read', 'act'], fallback: 'read' }],
    options: [{ flags: '--new', help: 'replace it: a daemon that runs asks for the new one from now on', kind: 'flag' }, FORMAT],
    examples: [
      ['hecate token', 'for Authorization: Bearer, or ?token= once in a browser'],
      ['hecate token act --new', 'nobody who had the old one acts any more'],
    ],
  },
  {
    name: 'watch',
    summary: 'print what happens, when it happens',
    description: `Waits for the kernel to tell, and prints a line an event. What cannot be watched is said and left out.

Kinds:
${EVENT_KIND_NAMES.map((kind) => `* ${kind.padEnd(15)}  ${EVENT_KINDS[kind].help}`).join('\n')}

By default: ${DEFAULT_EVENT_KINDS.join(', ')}.`,
    options: [
      { flags: '--only <kinds>', help: 'kinds of events, separated by commas', kind: 'list', choices: EVENT_KIND_NAMES },
      {
        flags: '--pressure <thresholds>',
        help: 'waiting that makes an event: memory=some:150ms/2s, io=full:1s/2s@/system.slice; alone without --only',
        kind: 'list',
      },
      { flags: '--pid <pids>', help: 'processes whose end is waited for, separated by commas; alone without --only', kind: 'list' },
      { flags: '--count <events>', help: 'stop after so many events', kind: 'integer', least: 1 },
      FORMAT,
    ],
    examples: [
      ['hecate watch', 'until Ctrl-C'],
      ['hecate watch --only link,mount,oom-kill --format json', 'for programs: a JSON object a line'],
      ['hecate watch --pressure memory=some:150ms/2s', 'when tasks wait 150 ms of 2 s for memory'],
      ['hecate watch --pid 1234', 'until the process has ended'],
    ],
  },
  {
    name: 'doctor',
    summary: 'say what can be read here, and why not the rest',
    description: 'Reads every collector once and says how it went, how long it took, what is missing and what would help.',
    options: [
      ROOT,
      { flags: '--format <format>', help: 'how it is printed', kind: 'text', choices: ['table', 'json'], fallback: 'table' },
      {
        flags: '--record <dir>',
        help: 'write down what a Mac answers to everything that is read, to be attached to a report; --root reads it',
        kind: 'text',
        completes: 'directory',
      },
      { flags: '--with-names', help: 'with --record: leave names, serial numbers, addresses and command lines as they are', kind: 'flag' },
    ],
    examples: [
      ['hecate doctor', 'this machine'],
      ['hecate doctor --record mac', 'a recording of this Mac, without names'],
    ],
  },
  ALERTS,
  REPLAY,
  TUNE,
  FAN,
  EXPORT,
  CHANGES,
  SERVICE,
  {
    name: 'completion',
    summary: 'print a completion script for a shell',
    description: 'Prints a script that teaches a shell to complete hecate command lines.',
    operands: [{ name: 'shell', help: 'which shell', choices: ['bash', 'zsh', 'fish'] }],
    options: [],
    examples: [
      ['source <(hecate completion bash)', 'for this bash'],
      ['hecate completion fish > ~/.config/fish/completions/hecate.fish', 'for every fish'],
    ],
  },
];
