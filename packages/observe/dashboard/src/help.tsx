import { useEffect, useRef } from 'preact/hooks';
import type { VNode } from 'preact';

const KEYS: readonly (readonly [string, string])[] = [
  ['1 … 9', 'live range: 1 min, 5 min, 15 min, 1 h, 6 h, 24 h, 7 d, 30 d, 1 year'],
  ['p', 'pause and resume'],
  ['← →', 'move to earlier or later'],
  ['+ -', 'zoom in and out'],
  [', .', 'show the machine as it was one step earlier or later'],
  ['g', 'show the machine as it was at a moment that you name'],
  ['0', 'back to live; Escape does it too'],
  ['a', 'alerts and events'],
  ['/', 'filter processes'],
  ['t', 'colours: auto, dark, light'],
  ['?', 'this help'],
];

const GESTURES: readonly (readonly [string, string])[] = [
  ['drag', 'zoom all charts to a stretch of time'],
  ['shift + drag', 'move all charts in time'],
  ['shift + wheel', 'zoom at the pointer'],
  ['click', 'show the machine as it was then'],
  ['double click', 'back to live'],
  ['click a legend', 'hide or show a series; rest on it for its formula'],
  ['click a process', 'details'],
];

/** Keys and gestures. */
export function Help({ open, close }: { readonly open: boolean; readonly close: () => void }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog
      ref={dialog}
      onClose={close}
      aria-label="Keys and gestures"
      onClick={(event) => (event.target === dialog.current ? close() : undefined)}
    >
      <div class="help">
        <header>
          <h2>Keys and gestures</h2>
          <button type="button" class="icon" onClick={close} aria-label="Close help">
            ×
          </button>
        </header>
        <div class="help-columns">
          {[KEYS, GESTURES].map((list, index) => (
            <dl key={index}>
              {list.map(([key, meaning]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
            </dl>
          ))}
        </div>
        <p class="muted">
          A hole in a chart is time in which nothing was measured. A dash is a value that could not be read; the last table says why.
        </p>
      </div>
    </dialog>
  );
}
