import { HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';

/** A program of macOS and what it is asked. */
export interface Question {
  /** The program by its full path, as PATH may name another one of GNU, and its arguments. */
  readonly argv: readonly [string, ...string[]];
  /** Seconds until it is given up. Default 5. */
  readonly timeout?: number;
  /** The most bytes of its answer. Default 4 MiB. */
  readonly maxBytes?: number;
  /** Whether an answer counts where the program ended with a status other than 0. Default: it does not. */
  readonly accepts?: (stdout: string, stderr: string) => boolean;
}

/** What programs say to a user who may not ask them. */
const REFUSALS = /superuser|must be (?:run as )?root|operation not permitted|permission denied|not privileged|requires root/i;
/** What they say to arguments that this macOS does not have. */
const UNKNOWN = /illegal option|unrecogni[sz]ed|invalid option|unknown option|^usage:/im;

const firstLine = (text: string): string => text.trim().split('\n', 1)[0]!.trim().slice(0, 200);

/**
 * What a program prints when it is asked. Throws UNAVAILABLE where there is no such program, DENIED where it refuses this user,
 * UNSUPPORTED where it does not know the arguments, FAILED where it hangs, dies, or ends with an error.
 */
export async function askProgram(host: Host, question: Question): Promise<string> {
  const { argv, timeout = 5, maxBytes = 4 * 1024 * 1024, accepts } = question;
  const { status, signal, stdout, stderr } = await host.run(argv, { timeout, maxBytes, group: true });
  if (status === 0 || accepts?.(stdout, stderr) === true) return stdout;
  const asked = argv.join(' ');
  if (signal !== null) throw new HecateError('FAILED', `${asked} was ended by ${signal}.`);
  const said = firstLine(stderr) || firstLine(stdout);
  if (REFUSALS.test(said)) {
    throw new HecateError('DENIED', `${argv[0]} answers root only: ${said}.`, { hint: 'Start hecate as root to have this.' });
  }
  if (UNKNOWN.test(said)) throw new HecateError('UNSUPPORTED', `${asked} is not known to this macOS: ${said}.`);
  throw new HecateError('FAILED', `${asked} ended with status ${status}${said === '' ? '' : `: ${said}`}.`);
}

/** The error of an answer that says nothing that is known: FAILED. */
export function notUnderstood(program: string, answer: string): HecateError {
  const said = firstLine(answer);
  return new HecateError('FAILED', said === '' ? `${program} answered nothing.` : `${program} answered what is not understood: ${said}`);
}
