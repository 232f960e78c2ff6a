/** One line of a tooltip. */
export interface TooltipRow {
  readonly label: string;
  readonly value: string;
  /** Position in the palette; absent for no swatch. */
  readonly color?: number;
}

/** The one tooltip of the page. All it shows is text. */
export interface Tooltip {
  /** Shows rows beside a point of the screen. */
  show(x: number, y: number, title: string, rows: readonly TooltipRow[], note?: string): void;
  hide(): void;
}

/** Pixels between the pointer and the box. */
const OFFSET = 14;

const element = (name: string, className: string, text = ''): HTMLElement => {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
};

/** The tooltip, at the end of the page's body. */
export function createTooltip(): Tooltip {
  const box = element('div', 'tooltip');
  box.setAttribute('role', 'tooltip');
  box.hidden = true;
  document.body.append(box);
  return {
    show(x, y, title, rows, note) {
      const lines = rows.map((row) => {
        const entry = element('div', 'tooltip-row');
        entry.append(
          element('i', row.color === undefined ? 'swatch none' : `swatch color-${row.color}`),
          element('span', 'tooltip-label', row.label),
          element('b', 'number', row.value),
        );
        return entry;
      });
      box.replaceChildren(element('div', 'tooltip-title', title), ...lines, ...(note ? [element('p', 'tooltip-note', note)] : []));
      box.hidden = false;
      const { width, height } = box.getBoundingClientRect();
      const right = x + OFFSET + width > document.documentElement.clientWidth - 8;
      const left = right ? Math.max(8, x - OFFSET - width) : x + OFFSET;
      const top = Math.max(8, Math.min(y + OFFSET, globalThis.innerHeight - height - 8));
      box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
    },
    hide() {
      box.hidden = true;
    },
  };
}
