import type { ChangeTarget } from '../changes/open.ts';

/** What `hecate fan` can do. */
export type FanCommand = 'status' | 'set' | 'auto' | 'curve';

/** `hecate fan`, as it was asked for. */
export interface FanRequest extends ChangeTarget {
  readonly action: FanCommand;
  readonly words: readonly string[];
  readonly for?: string;
  readonly sensor?: string;
  readonly points?: string;
  /** Celsius. */
  readonly critical?: number;
  /** Degrees. */
  readonly hysteresis: number;
  /** Percent a second. */
  readonly rate: number;
  readonly allowStop?: boolean;
  /** Seconds. */
  readonly interval: number;
  readonly force?: boolean;
  readonly format: 'text' | 'json';
}
