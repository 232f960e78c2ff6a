import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/root.mjs';
import { ERROR_CODES } from './built.mjs';
import { code, NOTICE, page, table } from './markdown.mjs';

/** Where the codes and what they mean are written. */
const SOURCE = 'packages/host/src/error.ts';

/** What users meet most. */
const CASES = {
  FAILED: 'The disk is full. A defect of hecate.',
  INVALID:
    'A misspelt option, command or metric. A profile with an unknown knob, or a value that is out of range. Dates in the wrong order. A file in the data directory that is no day file.',
  UNSUPPORTED: 'A platform that hecate cannot read yet. A value that this kernel does not let anybody change.',
  UNAVAILABLE: 'Nothing was recorded in the period. mactop is not installed. A source does not answer.',
  DENIED:
    'The data directory may not be written. Changing the machine takes root. A port below 1024. A source or a model server wants another password.',
  CONFLICT:
    'The port is taken. Another process is changing the machine. tuned runs and would set back what we set. Another recorder writes to the directory. Another program answers on the port of mactop.',
  ROLLED_BACK: 'A change could not be made, and those before it were taken back. Nobody confirmed a change in time.',
};

/** The doc comment of each code. Throws when one is missing. */
function meanings() {
  const text = readFileSync(join(root, SOURCE), 'utf8');
  const found = Object.fromEntries([...text.matchAll(/\/\*\* (.+?) \*\/\s+([A-Z_]+): \d+,/g)].map(([, meaning, name]) => [name, meaning]));
  const bare = Object.keys(ERROR_CODES).filter((name) => !(name in found));
  if (bare.length > 0) throw new Error(`${SOURCE} has no doc comment for ${bare.join(', ')}.`);
  return found;
}

/** docs/errors.md */
export function errorsPage() {
  const meaning = meanings();
  return page(
    NOTICE,
    '# Errors and exit statuses',
    `An error is told on standard error: one sentence what was wrong and, where it helps, one what to do.`,
    [
      '```',
      '$ hecate analyze --data-dir empty',
      'hecate: Nothing was recorded on 2026-11-21 in /home/ada/empty.',
      '        Record with `hecate record`, or name another directory with --data-dir or other dates with --start-date.',
      '```',
    ].join('\n'),
    'Each error has a code. The code decides the exit status, and it stands in the errors of the [HTTP API](api.md#errors).',
    table(
      ['code', 'exit status', 'meaning', 'for example'],
      Object.entries(ERROR_CODES).map(([name, status]) => [code(name), status, meaning[name], CASES[name] ?? '']),
    ),
    `Other exit statuses:`,
    table(
      ['exit status', 'meaning'],
      [
        [0, 'It worked. Ctrl-C, SIGTERM and SIGHUP end `record` and `serve` with this status too: they put everything in order first.'],
        [
          1,
          'Also: Node is older than 20.19, or the command line is not built. And, as diff(1) does it: `hecate tune diff` found a difference, `hecate changes verify` or `hecate tune verify` found a value that is not as it was set, `hecate tune prove` or `learn` did not find a gain, a rollback could not restore everything.',
        ],
        ['any', '`hecate tune run` ends as the program ends that it runs: with its status, or 128 and the number of the signal.'],
        [2, 'Also: an unknown command or option, or a value that an option does not take.'],
        [130, 'A second signal came while the first one was being obeyed.'],
      ],
    ),
    'With `--format json` an error is one line of JSON: [json.md](json.md).',
    '`HECATE_DEBUG=1` prints the stack of an error too.',
  );
}
