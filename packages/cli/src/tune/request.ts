import type { ChangeTarget } from '../changes/open.ts';

/** What `hecate tune` can do. */
export type TuneAction =
  | 'status'
  | 'detect'
  | 'profiles'
  | 'plan'
  | 'diff'
  | 'apply'
  | 'verify'
  | 'rollback'
  | 'run'
  | 'import'
  | 'prove'
  | 'learn';

/** A command line of `hecate tune`, parsed. */
export interface TuneRequest extends ChangeTarget {
  readonly action: TuneAction;
  /** What comes after the action: a number, the name of a profile of another program, a command line. */
  readonly words: readonly string[];
  readonly format: 'text' | 'json';
  readonly profile?: string;
  readonly confirm?: number;
  readonly watch?: number;
  readonly yes?: boolean;
  readonly force?: boolean;
  /** The process that it is made for. */
  readonly for?: number;
  readonly change?: readonly string[];
  /** A command line; its words are apart by blanks, and nothing in them means anything else. */
  readonly workload?: string;
  readonly metric?: string;
  readonly higherIsBetter?: boolean;
  readonly rounds?: number;
  readonly budget?: number;
  readonly keep?: boolean;
}
