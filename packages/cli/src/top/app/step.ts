import type { Dialog, SortColumn, TopState } from '../state.ts';
import type { Picture } from '../view.ts';

/** A dialog that ends in something that is done to a process. */
export type ActDialog = Extract<Dialog, { readonly kind: 'signal' | 'nice' }>;

/** What a step does beside making a new state: data for the loop, which does it. */
export type Effect =
  | { readonly kind: 'quit' | 'suspend' | 'redraw' }
  /** What was confirmed is done to the process. */
  | { readonly kind: 'act'; readonly dialog: ActDialog }
  /** Seconds between two looks from now on. */
  | { readonly kind: 'interval'; readonly seconds: number };

/** A new state, and what is to be done. */
export interface Step {
  readonly state: TopState;
  readonly effects: readonly Effect[];
}

/** What a step depends on beside the state: what is on the screen, and what there is to choose from. */
export interface Situation {
  readonly picture: Picture;
  /** Rows of processes that are visible, so far as a page goes. */
  readonly page: number;
  /** The furthest that what lies above can be scrolled: a dialog, or details. */
  readonly mostScroll: number;
  /** Seconds since the epoch: the newest moment, and the oldest that can be travelled to (null: it is not known). */
  readonly latest: number;
  readonly earliest: number | null;
  readonly themes: readonly string[];
  /** What can be sorted by, in the order of the dialog. */
  readonly columns: readonly SortColumn[];
}

/** A step without an effect. */
export function stay(state: TopState): Step {
  return { state, effects: [] };
}

/** A number between two others. */
export function within(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
