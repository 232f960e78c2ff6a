import { COMMANDS } from './built.mjs';
import { environmentRows } from './environment.mjs';
import { code, NOTICE, page, table } from './markdown.mjs';

/** What an option takes beside its own words. */
function limitsOf({ choices, least, most, kind }) {
  if (choices) return choices.map(code).join(', ');
  if (least === undefined) return kind === 'integer' ? 'a whole number' : '';
  const noun = kind === 'integer' ? 'a whole number' : 'a number';
  return most === undefined ? `${noun} from ${least}` : `${noun} from ${least} to ${most}`;
}

/** The option's default: declared, or told in its help. */
function defaultOf({ fallback, help }) {
  return fallback === undefined ? (/\(default: (.+)\)$/.exec(help)?.[1] ?? '') : code(String(fallback));
}

const meaningOf = ({ help }) => help.replace(/ \(default: .+\)$/, '').replace(/: [a-z]+(?:, [a-z]+)+$/, '');

/** An operand as usage lines have it. */
const usageOf = ({ name, fallback, variadic }) => (variadic ? `[${name}...]` : fallback === undefined ? `<${name}>` : `[${name}]`);

function operandLine(operand) {
  const { help, choices, fallback } = operand;
  const taken = choices ? `, one of ${choices.map(code).join(', ')}` : '';
  return `${code(usageOf(operand))}: ${help}${taken}${fallback === undefined || fallback === '' ? '' : `; default ${code(fallback)}`}.`;
}

function commandBlocks({ name, summary, description, operands = [], options, examples }) {
  const usage = [`hecate ${name}`, ...operands.map(usageOf), ...(options.length > 0 ? ['[options]'] : [])].join(' ');
  const width = Math.max(...examples.map(([line]) => line.length));
  return [
    `## hecate ${name}`,
    `${summary[0].toUpperCase()}${summary.slice(1)}. ${description}`,
    ['```', usage, '```'].join('\n'),
    operands.length > 0 && operands.map(operandLine).join('\n\n'),
    options.length > 0 &&
      table(
        ['option', 'meaning', 'takes', 'default'],
        options.map((option) => [code(option.flags), meaningOf(option), limitsOf(option), defaultOf(option)]),
      ),
    ['```', ...examples.map(([line, does]) => `${line.padEnd(width)}  # ${does}`), '```'].join('\n'),
  ];
}

const FILES = table(
  ['path', 'what'],
  [
    ['`~/.local/share/hecate/`', 'The data directory: day files. [recording.md](recording.md) describes what is in it.'],
    [
      '`~/.local/state/hecate/token`',
      'The token of `hecate serve` on an address that is not loopback. Readable by its owner only. Delete it to get a new one.',
    ],
    [
      '`/var/lib/hecate/journal/`',
      'What was changed on this machine, with the values from before. [tuning.md](tuning.md#journals) describes it.',
    ],
    ['`~/.local/state/hecate/journal/`', 'The same, of a user who is not root.'],
    [
      '`/etc/hecate/profiles/`, `~/.config/hecate/profiles/`',
      'Profiles of your own, a file each. [tuning.md](tuning.md#profiles) says how they are found.',
    ],
    ['`~/Library/Application Support/hecate/`', 'All that is in the directory of a user, on macOS.'],
  ],
);

/** docs/cli.md */
export function cliPage() {
  return page(
    NOTICE,
    '# Command line',
    table(
      ['command', 'what it does'],
      [
        ...COMMANDS.map(({ name, summary }) => [`[hecate ${name}](#hecate-${name})`, summary]),
        ['hecate help [command]', 'print help for a command'],
      ],
    ),
    `\`-h\` and \`--help\` print help for hecate or for a command. \`-V\` and \`--version\` print the version.

A list is separated by commas. An unknown command or option is refused with the nearest name, and exit status 2. [errors.md](errors.md) lists all exit statuses.

Reports go to standard output; notes and errors go to standard error.`,
    ...COMMANDS.flatMap(commandBlocks),
    '## Environment',
    table(['variable', 'meaning'], environmentRows()),
    '## Files',
    FILES,
  );
}
