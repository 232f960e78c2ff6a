import type { Page } from './page.ts';
import { goToSection } from './sections.ts';
import { LIVE_RANGES, liveWindow, panBy, zoomBy } from './time-window.ts';
import { togglePause } from './toolbar.tsx';

/** Whether a key belongs to what has the focus. */
function takesKeys(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));
}

/** What keys open. */
export interface Opened {
  readonly help: () => void;
  readonly goTo: () => void;
}

/** Makes the page's keys work. */
export function listenToKeys(page: Page, open: Opened): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (takesKeys(event.target)) {
      if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur();
      return;
    }
    const range = LIVE_RANGES.find(({ key }) => key === event.key);
    const window = page.window.get();
    if (range) page.window.set(liveWindow(range.seconds));
    else if (event.key === '/') document.querySelector<HTMLInputElement>('#process-filter')?.focus();
    else if (event.key === 'p') togglePause(page);
    else if (event.key === 't') page.theme.next();
    else if (event.key === '?') open.help();
    else if (event.key === 'g') open.goTo();
    else if (event.key === '0') page.moment.leave();
    else if (event.key === 'Escape' && window.fixed && !document.querySelector('dialog[open]')) page.moment.leave();
    else if (event.key === ',') page.moment.step(-1);
    else if (event.key === '.') page.moment.step(1);
    else if (event.key === 'a') goToSection('watch');
    else if (event.key === '+' || event.key === '=') page.window.set(zoomBy(window, page.now(), 0.5));
    else if (event.key === '-') page.window.set(zoomBy(window, page.now(), 2));
    else if (event.key === 'ArrowLeft') page.window.set(panBy(window, page.now(), -0.25));
    else if (event.key === 'ArrowRight') page.window.set(panBy(window, page.now(), 0.25));
    else return;
    event.preventDefault();
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}
