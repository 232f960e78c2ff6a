import { join } from 'node:path';
import { CommanderError } from 'commander';
import { reportError } from './report-error.ts';
import { createProgram } from './program.ts';
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

const program = createProgram(VERSION, (name, options) => loadCommand(name).run(options));
program.parseAsync(process.argv).catch((error: unknown) => {
  // Commander has printed its own errors; asking for help or the version is none.
  process.exitCode = error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : reportError(error);
});
