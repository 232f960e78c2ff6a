import type { Region, Style } from '../screen/region.ts';
import type { Scene } from './scene.ts';
import type { KeyMap } from './app/keys.ts';
import type { SceneDetail, Trail, TopSource } from './source.ts';
import type { BoxName, Command, TopState } from './state.ts';
import type { ProcessRows } from './process/process-rows.ts';

/** What a piece of the screen means; the theme decides how that looks. */
export type Role = 'plain' | 'dim' | 'strong' | 'title' | 'border' | 'key' | 'good' | 'fair' | 'warn' | 'bad' | 'selected' | 'input';

/** Colour scales from little to much. */
export type RampName = 'cpu' | 'memory' | 'disk' | 'network' | 'temperature';

/** How everything looks. */
export interface Theme {
  readonly name: string;
  style(role: Role): Style;
  /** The style of a share from 0 to 1. */
  ramp(name: RampName, share: number): Style;
  /** The background of the selected row; null where it is shown by reversing. */
  readonly selection: number | null;
}

/** What can be drawn with: braille needs a font that has it, blocks less, ASCII none. */
export type GraphLetters = 'braille' | 'block' | 'ascii';

/** What views draw on. */
export interface Paper {
  readonly region: Region<Command>;
  readonly theme: Theme;
  readonly unicode: boolean;
  readonly letters: GraphLetters;
}

/** All that a drawing is made of. A view is a function of it and of nothing else. */
export interface Picture {
  readonly scene: Scene;
  readonly state: TopState;
  readonly trail: Trail;
  /** What is asked of the source while drawing: what a series is, where it comes from. */
  readonly source: Pick<TopSource, 'meta' | 'kind' | 'label' | 'interval' | 'actor' | 'whyNoActor'>;
  /** The rows of the process list, filtered, sorted, as a tree: made once a picture. */
  readonly rows: ProcessRows;
  /** All of the process `state.detail`; null: it is gone, or cannot be asked. Absent: it is still asked for. */
  readonly detail?: SceneDetail | null;
  /** Which key does what, for hints and the help; absent: the keys that nobody changed. */
  readonly keys?: KeyMap;
  /** The stretch that graphs show, seconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

/** Rows that a box needs to say anything, and with which it says all. 0: there is nothing to show. */
export interface BoxSize {
  readonly least: number;
  readonly best: number;
}

/** A box of the screen. */
export interface Box {
  readonly name: BoxName;
  /** The inner rows for a width; the frame comes on top. */
  size(picture: Picture, width: number): BoxSize;
  /** Draws the whole box, frame included, into all of the paper's region. */
  draw(paper: Paper, picture: Picture): void;
}
