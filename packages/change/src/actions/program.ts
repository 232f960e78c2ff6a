import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { errnoOf, HecateError } from '@hecate/host';
import type { Finished, RunOptions, WritableHost } from '@hecate/host';

/** Rights of a process that kinds of action need, by their bit (linux/capability.h). */
const CAPABILITIES = { NET_ADMIN: 12, SYS_MODULE: 16, SYS_ADMIN: 21 } as const;

/** Runs a program that must succeed. Throws FAILED with what it says on its standard error, DENIED when that is a lack of rights. */
export async function runTool(host: WritableHost, argv: readonly [string, ...string[]], options?: RunOptions): Promise<string> {
  const finished = await host.run(argv, options);
  if (finished.status === 0) return finished.stdout;
  throw toolError(argv, finished);
}

/** What a program that did not succeed means: its first words of complaint in a sentence. */
export function toolError(argv: readonly [string, ...string[]], { status, signal, stderr, stdout }: Finished): HecateError {
  const complaint = firstLine(stderr) || firstLine(stdout);
  const how = signal === null ? `with status ${status}` : `by ${signal}`;
  const code = /permission denied|operation not permitted|access denied|must be (?:super-?user|root)/i.test(stderr) ? 'DENIED' : 'FAILED';
  return new HecateError(code, `${argv.join(' ').slice(0, 200)} ended ${how}${complaint ? `: ${complaint}` : '.'}`);
}

const firstLine = (text: string): string => text.trim().split('\n', 1)[0]!.trim().slice(0, 300);

/** Throws UNAVAILABLE unless each program can be run on this machine; before anything is written. */
export function needPrograms(host: WritableHost, ...programs: readonly string[]): void {
  if (host.kind === 'rooted') {
    throw new HecateError('UNAVAILABLE', `${programs[0]} cannot be run on a machine that is only files under ${host.root}.`);
  }
  const missing = programs.find((program) => !canRun(program));
  if (missing !== undefined)
    throw new HecateError('UNAVAILABLE', `${missing} is not installed.`, { hint: `Install the package that has ${missing}.` });
}

function canRun(program: string): boolean {
  const places = program.includes('/')
    ? [program]
    : (process.env['PATH'] ?? '').split(path.delimiter).map((directory) => path.join(directory, program));
  return places.some((place) => {
    try {
      accessSync(place, constants.X_OK);
      return statSync(place).isFile();
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      return false;
    }
  });
}

/**
 * Throws DENIED unless this process has a right, such as `SYS_MODULE`. Root in a container may lack it, so the user's number says nothing.
 * Where the system does not say, it is left to the write to fail.
 */
export function needCapability(host: WritableHost, name: keyof typeof CAPABILITIES, toDo: string): void {
  if (host.kind === 'rooted') return;
  // CapEff of proc_pid_status(5), hexadecimal.
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(host.readText('/proc/self/status'))?.[1];
  if (effective === undefined || (BigInt(`0x${effective}`) >> BigInt(CAPABILITIES[name])) & 1n) return;
  throw new HecateError('DENIED', `${toDo} takes the capability CAP_${name}, which this process does not have.`, {
    hint: 'Run it as root, outside of a container.',
  });
}
