/** Keys whose signs say more than their names. */
const SIGNS: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  enter: '↵',
};

/** Names as they stand on keyboards. */
const NAMES: Readonly<Record<string, string>> = {
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
  enter: 'Enter',
  escape: 'Esc',
  space: 'Space',
  tab: 'Tab',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  delete: 'Del',
  insert: 'Ins',
  backspace: 'Backspace',
};

/** A key as people read it: `Ctrl+C`, `Shift+Tab`, `F5`, `↵`. */
export function keyText(key: string, unicode: boolean): string {
  const parts = key === '+' ? ['+'] : key.endsWith('++') ? [...key.slice(0, -2).split('+'), '+'] : key.split('+');
  const last = parts.at(-1)!;
  const modifiers = parts.slice(0, -1).map((part) => part[0]!.toUpperCase() + part.slice(1));
  const name =
    (unicode ? SIGNS[last] : undefined) ?? NAMES[last] ?? (/^f\d+$/.test(last) || modifiers.length > 0 ? last.toUpperCase() : last);
  return [...modifiers, name].join('+');
}
