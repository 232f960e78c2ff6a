import { useEffect, useRef } from 'preact/hooks';
import type { VNode } from 'preact';
import { formatQuantity } from './format-quantity.ts';
import type { Page } from './page.ts';

/** The value of a series at the shown moment. It writes itself at each tick while it can be seen: nothing around it is drawn again. */
export function LiveValue({ page, id, unit }: { readonly page: Page; readonly id: string; readonly unit: string }): VNode {
  const element = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const box = element.current;
    if (!box) return undefined;
    return page.redraws.add({
      element: box,
      draw() {
        const text = formatQuantity(page.value(id), unit);
        if (box.textContent !== text) box.textContent = text;
      },
    });
  }, [page, id, unit]);
  return (
    <span class="number" ref={element}>
      –
    </span>
  );
}
