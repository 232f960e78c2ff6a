import { ERROR_CODES, HecateError, sentenceOf } from './error.ts';
import type { ErrorCode } from './error.ts';
import type { Clock } from './clock.ts';
import type { Finished } from './run.ts';

/** When a machine was recorded: both of its clocks, in seconds. */
export interface RecordedMoment {
  readonly time: number;
  readonly monotonic: number;
}

/** What a program of a recorded machine printed, or why it did not. */
export type RecordedProgram =
  | ({ readonly argv: readonly string[] } & Finished)
  | { readonly argv: readonly string[]; readonly error: { readonly code: ErrorCode; readonly message: string } };

/** What is known of a recording beside its files: the content of {@link RECORDING_FILE}. */
export interface RecordingHead {
  readonly platform: NodeJS.Platform;
  /** The moments at which the machine was read, the first one first. */
  readonly moments: readonly RecordedMoment[];
  readonly programs: readonly RecordedProgram[];
}

/** A machine that was recorded at some moments, and stands at one of them. */
export interface Recording {
  readonly count: number;
  /** The place of the moment that is answered, from 0. */
  moment(): number;
  /** Goes on to the next moment; false at the last one. */
  next(): boolean;
}

/** The file in the directory of a recording that says what it is. Older ones of Linux have none. */
export const RECORDING_FILE = 'recording.json';
const FORMAT = 'hecate-recording';
const VERSION = 1;

/** The content of {@link RECORDING_FILE}; `about` is for people, and not read again. */
export const encodeRecordingHead = (head: RecordingHead, about: Readonly<Record<string, unknown>>): string =>
  `${JSON.stringify({ format: FORMAT, version: VERSION, ...about, ...head }, null, 1)}\n`;

const invalid = (what: string): HecateError =>
  new HecateError('INVALID', `The ${RECORDING_FILE} of this recording is damaged: ${what}.`, {
    hint: 'Record the machine again: hecate doctor --record DIRECTORY.',
  });

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;

function momentOf(value: unknown): RecordedMoment {
  if (!isObject(value) || !isTime(value['time']) || !isTime(value['monotonic'])) throw invalid('a moment has no time');
  return { time: value['time'], monotonic: value['monotonic'] };
}

function programOf(value: unknown): RecordedProgram {
  if (!isObject(value)) throw invalid('a program is none');
  const { argv, status, signal, stdout, stderr, error } = value;
  if (!Array.isArray(argv) || argv.length === 0 || !argv.every((one) => typeof one === 'string'))
    throw invalid('a program has no arguments');
  if (isObject(error)) {
    const code = (Object.keys(ERROR_CODES) as ErrorCode[]).find((one) => one === error['code']);
    if (code === undefined || typeof error['message'] !== 'string') throw invalid(`the error of ${argv[0]} is none`);
    return { argv, error: { code, message: error['message'] } };
  }
  const hasStatus = status === null || Number.isSafeInteger(status);
  const hasSignal = signal === null || (typeof signal === 'string' && /^SIG[A-Z0-9]+$/.test(signal));
  if (!hasStatus || !hasSignal || typeof stdout !== 'string' || typeof stderr !== 'string')
    throw invalid(`what ${argv[0]} printed is not there`);
  return { argv, status: status as number | null, signal: signal as NodeJS.Signals | null, stdout, stderr };
}

/** Throws INVALID, with what is wrong, for everything that {@link encodeRecordingHead} does not write, UNSUPPORTED for another version. */
export function parseRecordingHead(text: string): RecordingHead {
  let file: unknown;
  try {
    file = JSON.parse(text) as unknown;
  } catch (error) {
    throw invalid(`it is not written as JSON, or cut (${sentenceOf(error)})`);
  }
  if (!isObject(file) || file['format'] !== FORMAT) throw invalid('its format is another one');
  if (file['version'] !== VERSION) {
    throw new HecateError(
      'UNSUPPORTED',
      `This recording has version ${String(file['version'])} of the format; version ${VERSION} is known.`,
      {
        hint: 'Read it with the version of hecate that wrote it, or a newer one.',
      },
    );
  }
  const { platform, moments, programs } = file;
  if (platform !== 'linux' && platform !== 'darwin') throw invalid(`it is of no system that is known (${String(platform)})`);
  if (!Array.isArray(moments) || moments.length === 0) throw invalid('it has no moments');
  if (!Array.isArray(programs)) throw invalid('it has no programs');
  return { platform, moments: moments.map(momentOf), programs: programs.map(programOf) };
}

/** A recording at its first moment, and the clock of it. */
export function openRecording({ moments }: RecordingHead): { readonly recording: Recording; readonly clock: Clock } {
  let at = 0;
  return {
    recording: {
      count: moments.length,
      moment: () => at,
      next() {
        if (at + 1 >= moments.length) return false;
        at++;
        return true;
      },
    },
    clock: { now: () => moments[at]!.time, monotonic: () => moments[at]!.monotonic, stands: true },
  };
}

/** Runs programs that were recorded: the same arguments give the same answer. Rejects with UNAVAILABLE for others. */
export function runRecorded(
  programs: readonly RecordedProgram[],
  where: string,
): (argv: readonly [string, ...string[]]) => Promise<Finished> {
  const known = new Map(programs.map((program) => [JSON.stringify(program.argv), program]));
  return async (argv) => {
    const found = known.get(JSON.stringify(argv));
    if (!found) throw new HecateError('UNAVAILABLE', `${argv[0]} was not run with these arguments when ${where} was recorded.`);
    if ('error' in found) throw new HecateError(found.error.code, found.error.message);
    const { status, signal, stdout, stderr } = found;
    return { status, signal, stdout, stderr };
  };
}
