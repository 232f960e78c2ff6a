import type { SignalName } from '@hecate/observe';
import type { ProcessFigure, ProcessKey } from './scene.ts';

/** The boxes of the screen, in the order of their number keys. */
export const BOX_NAMES = ['cpu', 'memory', 'disk', 'network', 'sensor', 'gpu', 'processes'] as const;

/** One of {@link BOX_NAMES}. */
export type BoxName = (typeof BOX_NAMES)[number];

/** What processes can be sorted by: a figure, or a word. */
export type SortColumn = ProcessFigure | 'pid' | 'ppid' | 'user' | 'name' | 'command' | 'state' | 'started' | 'cgroup';

/** Seconds that graphs reach back: the steps of the zoom. */
export const ZOOM_STEPS: readonly number[] = [60, 120, 300, 900, 3600, 4 * 3600, 24 * 3600, 7 * 24 * 3600];

/** What lies above the boxes and takes the keys. */
export type Dialog =
  | { readonly kind: 'help'; readonly scroll: number }
  | { readonly kind: 'signal'; readonly of: ProcessKey; readonly name: string; readonly chosen: SignalName; readonly confirming: boolean }
  | { readonly kind: 'nice'; readonly of: ProcessKey; readonly name: string; readonly nice: number; readonly confirming: boolean }
  | { readonly kind: 'sort'; readonly chosen: number }
  | { readonly kind: 'theme'; readonly chosen: number }
  | { readonly kind: 'moment'; readonly text: string; readonly problem: string | null }
  | { readonly kind: 'alerts'; readonly scroll: number };

/** Everything that a person has set on the screen. Never changed: each command makes another one. */
export interface TopState {
  readonly boxes: ReadonlySet<BoxName>;
  /** One box over the whole screen; null: all of `boxes`. */
  readonly expanded: BoxName | null;
  readonly sort: SortColumn;
  readonly descending: boolean;
  /** The filter as typed; an empty one lets all through. */
  readonly filter: string;
  /** Whether keys go into the filter now. */
  readonly editingFilter: boolean;
  readonly tree: boolean;
  /** Processes whose children are folded away in the tree, by pid. */
  readonly folded: ReadonlySet<number>;
  readonly showKernel: boolean;
  readonly selected: ProcessKey | null;
  /** Whether the list moves with the selected process, wherever it is sorted to. */
  readonly follow: boolean;
  /** First row of the list on the screen. */
  readonly scroll: number;
  /** The process whose details are shown; null: none. */
  readonly detail: ProcessKey | null;
  readonly detailScroll: number;
  /** Per core of the machine, or 100 % a core. */
  readonly cpuOfMachine: boolean;
  /** The screen stands still while the source goes on. */
  readonly frozen: boolean;
  /** A moment of the past in seconds since the epoch; null: the present. */
  readonly moment: number | null;
  /** Seconds that graphs reach back, one of {@link ZOOM_STEPS}. */
  readonly span: number;
  readonly theme: string;
  readonly dialog: Dialog | null;
  /** One sentence at the bottom, of what was just done or could not be; null: none. */
  readonly message: string | null;
}

/** What a person can want: keys and clicks are made to these, and each is one step from a state to the next. */
export type Command =
  | { readonly kind: 'quit' | 'suspend' | 'redraw' }
  /** Closes what lies above: dialog, editing, details, then the filter. */
  | { readonly kind: 'back' }
  | { readonly kind: 'accept' }
  | { readonly kind: 'help' | 'alerts' | 'choose-sort' | 'choose-theme' | 'choose-moment' }
  | { readonly kind: 'toggle-box' | 'expand-box'; readonly box: BoxName }
  /** The next box over the whole screen; after the last all of them again. */
  | { readonly kind: 'expand-next'; readonly steps: number }
  | { readonly kind: 'sort'; readonly column: SortColumn }
  | { readonly kind: 'sort-next' | 'sort-previous' | 'reverse' }
  | { readonly kind: 'edit-filter' | 'clear-filter' }
  | { readonly kind: 'filter'; readonly text: string }
  | { readonly kind: 'toggle'; readonly what: 'tree' | 'kernel' | 'follow' | 'cpu-of-machine' | 'freeze' }
  /** Folds or unfolds the selected process in the tree, or the named one. */
  | { readonly kind: 'fold'; readonly pid?: number }
  | { readonly kind: 'move'; readonly rows: number }
  /** What a wheel does: scrolls what lies above, else the list. */
  | { readonly kind: 'scroll'; readonly rows: number }
  | { readonly kind: 'move-page'; readonly pages: number }
  | { readonly kind: 'move-end'; readonly to: 'first' | 'last' }
  | { readonly kind: 'select'; readonly process: ProcessKey }
  | { readonly kind: 'open-detail'; readonly process?: ProcessKey }
  | { readonly kind: 'ask-signal'; readonly signal?: SignalName }
  | { readonly kind: 'ask-nice' }
  | { readonly kind: 'choose'; readonly index: number }
  | { readonly kind: 'zoom'; readonly steps: number }
  /** Back and forth in time, in shares of the span; 0 is the present. */
  | { readonly kind: 'travel'; readonly spans: number }
  | { readonly kind: 'travel-to'; readonly time: number }
  /** What is marked over a graph of so many columns: the mouse makes it a `travel-to` of the column that was clicked. */
  | { readonly kind: 'travel-in'; readonly from: number; readonly to: number; readonly columns: number }
  | { readonly kind: 'present' }
  | { readonly kind: 'interval'; readonly steps: number }
  /** A letter into what is being edited; `backspace`, `delete-word` and `clear` take away. */
  | { readonly kind: 'type'; readonly text: string }
  | { readonly kind: 'backspace' | 'delete-word' };
