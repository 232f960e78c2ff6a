import { join } from 'node:path';
import { CommanderError } from 'commander';
import { reportError } from './report-error.ts';
import { createProgram } from './program.ts';
import { spellAgo } from './replay/moment-text.ts';
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

void createProgram(VERSION, (name, options) => loadCommand(name).run(options))
  .parseAsync(process.argv[2] === 'replay' ? process.argv.map(spellAgo) : process.argv)
  // Commander has printed its own errors; asking for help or the version is none.
  // A command that printed its report and failed at something beside it has set the status itself.
  .then(
    () => Number(process.exitCode ?? 0),
    (error: unknown) => (error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : reportError(error)),
  )
  .then(exit);
