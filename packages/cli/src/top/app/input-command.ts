import type { InputEvent, MouseEvent } from '../../screen/input-event.ts';
import type { Command, TopState } from '../state.ts';
import { commandOfKey, isEditing } from './keys.ts';
import type { KeyMap } from './keys.ts';

/** Lines that one notch of a wheel moves. */
const NOTCH = 3;

/** What a person did, as a command; null: it means nothing here. `markAt` tells what lies under the mouse. */
export function commandOfInput(
  event: InputEvent,
  keys: KeyMap,
  state: TopState,
  markAt: (x: number, y: number) => Command | null,
): Command | null {
  switch (event.kind) {
    case 'key':
      return commandOfKey(keys, state, event.key, textOfKey(event.key));
    case 'paste':
      return isEditing(state) ? { kind: 'type', text: event.text } : null;
    case 'mouse':
      return commandOfMouse(event, markAt);
    case 'focus':
      return null;
  }
}

/** What a key types; null for one that types nothing. */
function textOfKey(key: string): string | null {
  if (key === 'space') return ' ';
  return [...key].length === 1 ? key : null;
}

/** What is marked under a click; in a graph it is the time of its column, the last one of which is the end of the graph. */
function commandOfClick(x: number, y: number, markAt: (x: number, y: number) => Command | null): Command | null {
  const mark = markAt(x, y);
  if (mark?.kind !== 'travel-in') return mark;
  const { from, to, columns } = mark;
  let first = x;
  while (first > 0 && x - first < columns - 1 && markAt(first - 1, y) === mark) first--;
  return { kind: 'travel-to', time: from + ((x - first + 1) / Math.max(1, columns)) * (to - from) };
}

function commandOfMouse({ action, button, x, y, ctrl }: MouseEvent, markAt: (x: number, y: number) => Command | null): Command | null {
  switch (action) {
    case 'press':
      return button === 'left' ? commandOfClick(x, y, markAt) : button === 'right' ? { kind: 'back' } : null;
    case 'wheel-up':
      return ctrl ? { kind: 'zoom', steps: -1 } : { kind: 'scroll', rows: -NOTCH };
    case 'wheel-down':
      return ctrl ? { kind: 'zoom', steps: 1 } : { kind: 'scroll', rows: NOTCH };
    case 'wheel-left':
      return { kind: 'travel', spans: -0.1 };
    case 'wheel-right':
      return { kind: 'travel', spans: 0.1 };
    default:
      return null;
  }
}
