import { join } from 'node:path';
import { CommanderError } from 'commander';
import { encodeError, reportError, wantsJson } from './report-error.ts';
import { createProgram } from './program.ts';
import { spellAgo } from './replay/moment-text.ts';
import { endByHangUp } from './screen/hang-up.ts';
import { VERSION } from './version.ts';

/** What a file in `commands/` exports. */
interface CommandModule {
  run(options: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Each command is a bundle of its own beside this one, loaded when it is called: starting stays cheap. */
function loadCommand(name: string): CommandModule {
  return require(join(__dirname, 'commands', `${name}.cjs`)) as CommandModule;
}

// A reader that closes the pipe early (`hecate snapshot | head`) has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

/**
 * Ends the process when everything is written. Waiting for the event loop to drain would not do: a call into a dead
 * network file system never comes back.
 */
function exit(status: number): void {
  process.stdout.write('', () => process.exit(status));
}

endByHangUp();
const isForPrograms = wantsJson(process.argv);

/** What the parser has to say of a command line that is wrong: told by itself, except to programs. Returns the exit status. */
function reportUsage({ exitCode, message }: CommanderError): number {
  if (exitCode === 0) return 0;
  const [first = '', ...more] = message.replace(/^error: /, '').split('\n');
  const hint = more.join(' ').replaceAll(/^\(|\)$/g, '') || 'hecate --help lists what there is.';
  if (isForPrograms) process.stderr.write(encodeError({ code: 'INVALID', message: first, hint }));
  return 2;
}

void createProgram(VERSION, (name, options) => loadCommand(name).run(options), isForPrograms)
  .parseAsync(process.argv[2] === 'replay' ? process.argv.map(spellAgo) : process.argv)
  // Asking for help or the version is no error.
  // A command that printed its report and failed at something beside it has set the status itself.
  .then(
    () => Number(process.exitCode ?? 0),
    (error: unknown) => (error instanceof CommanderError ? reportUsage(error) : reportError(error)),
  )
  .then(exit);
