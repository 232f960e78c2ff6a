import { errnoOf, HecateError, isTimeout, sentenceOf } from '@hecate/host';

/**
 * Why a value is null.
 * - `unsupported`: this kernel or hardware does not offer it
 * - `permission`: this user may not read it
 * - `absent`: there is no such thing here (no file, no device)
 * - `timeout`: the source did not answer in time
 * - `suspended`: reading would wake a sleeping device, or the machine slept between two readings
 * - `no-baseline`: a rate needs an earlier reading, and there is none yet
 * - `error`: the source answered nonsense; `detail` says what
 */
export type GapReason = 'unsupported' | 'permission' | 'absent' | 'timeout' | 'suspended' | 'no-baseline' | 'error';

/** One thing that could not be read, and why. */
export interface Gap {
  /** Dotted path of what is null in the snapshot: `pressure`, `processes.readBytes`. */
  readonly field: string;
  readonly reason: GapReason;
  /** One sentence, for people. */
  readonly detail: string;
}

/** Where a reader reports what it could not read. */
export interface GapSink {
  add(field: string, reason: GapReason, detail: string): void;
  /** The same, with reason and detail taken from a thrown error. */
  addError(field: string, error: unknown): void;
}

const REASONS: Readonly<Record<string, GapReason>> = {
  ENOENT: 'absent',
  ENOTDIR: 'absent',
  ENODEV: 'absent',
  ENXIO: 'absent',
  ESRCH: 'absent',
  EACCES: 'permission',
  EPERM: 'permission',
  EOPNOTSUPP: 'unsupported',
  ENOTSUP: 'unsupported',
  ENOSYS: 'unsupported',
  // Sockets of a kind that the kernel lacks, or that a sandbox refuses: RestrictAddressFamilies of systemd answers so.
  EAFNOSUPPORT: 'unsupported',
  EPROTONOSUPPORT: 'unsupported',
  ESOCKTNOSUPPORT: 'unsupported',
  ETIMEDOUT: 'timeout',
};

/** The reason that a thrown error stands for. */
export function gapReasonOf(error: unknown): GapReason {
  if (error instanceof HecateError) {
    if (error.code === 'DENIED') return 'permission';
    if (error.code === 'UNSUPPORTED') return 'unsupported';
    if (error.code === 'UNAVAILABLE') return 'absent';
    return isTimeout(error) ? 'timeout' : 'error';
  }
  return REASONS[errnoOf(error) ?? ''] ?? 'error';
}

/** Whether an error says that something cannot be had here, rather than that this program is wrong. */
export function isRefusal(error: unknown): boolean {
  return error instanceof HecateError || errnoOf(error) !== undefined;
}

/** A sink that collects into `gaps`, one gap a field (the first one stays). */
export function collectGaps(gaps: Gap[]): GapSink {
  const add = (field: string, reason: GapReason, detail: string): void => {
    if (!gaps.some((gap) => gap.field === field)) gaps.push({ field, reason, detail });
  };
  return { add, addError: (field, error) => add(field, gapReasonOf(error), sentenceOf(error)) };
}
