import { useLayoutEffect, useRef } from 'preact/hooks';
import type { VNode } from 'preact';
import { formatMoment } from './format-quantity.ts';
import type { Page } from './page.ts';

/** Asks for a moment of the past, and shows the machine as it was then. */
export function GoTo({ page, open, close }: { readonly page: Page; readonly open: boolean; readonly close: () => void }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (!open) return dialog.current?.close();
    if (input.current) input.current.value = formatMoment(page.moment.at.get() ?? page.now()).replace(' ', 'T');
    dialog.current?.showModal();
    return undefined;
  }, [open, page]);
  const go = (): void => {
    const time = Date.parse(input.current?.value ?? '') / 1000;
    if (!Number.isFinite(time)) return;
    close();
    page.moment.goTo(time);
  };
  return (
    <dialog ref={dialog} class="act" aria-labelledby="go-to-title" onClose={close}>
      <form
        class="help"
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
      >
        <h2 id="go-to-title">Show the machine as it was</h2>
        <label>
          Date and time <input ref={input} type="datetime-local" step={1} required />
        </label>
        <div class="act-buttons">
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="accent">
            Show
          </button>
        </div>
      </form>
    </dialog>
  );
}
