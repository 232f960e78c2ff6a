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

function commandBlocks({ name, summary, description, argument, options, examples }) {
  const usage = `hecate ${name}${argument ? ` <${argument.name}>` : ''}${options.length > 0 ? ' [options]' : ''}`;
  const width = Math.max(...examples.map(([line]) => line.length));
  return [
    `## hecate ${name}`,
    `${summary[0].toUpperCase()}${summary.slice(1)}. ${description}`,
    ['```', usage, '```'].join('\n'),
    argument && `\`<${argument.name}>\`: ${argument.help}, one of ${argument.choices.map(code).join(', ')}.`,
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
    ['`~/Library/Application Support/hecate/`', 'Both of them, on macOS.'],
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
