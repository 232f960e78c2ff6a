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

function commandOfMouse({ action, button, x, y, ctrl }: MouseEvent, markAt: (x: number, y: number) => Command | null): Command | null {
  switch (action) {
    case 'press':
      return button === 'left' ? markAt(x, y) : button === 'right' ? { kind: 'back' } : null;
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
