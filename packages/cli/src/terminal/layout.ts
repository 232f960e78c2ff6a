/** Columns that a character takes: 2 for wide ones (East Asian, emoji), 0 for those that join the one before. */
function widthOf(character: string): number {
  const code = character.codePointAt(0)!;
  if (code < 0x300) return 1;
  if (/\p{Mark}|\p{Format}/u.test(character)) return 0;
  const wide =
    (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) || (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) || (code >= 0x1f300 && code <= 0x1faff) || (code >= 0x20000 && code <= 0x3fffd);
  return wide ? 2 : 1;
}

/** Columns that a text without control characters takes on a terminal. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

/** The text in exactly `width` columns: cut with an ellipsis, or filled with spaces on the right (left: `end`). */
export function fit(text: string, width: number, align: 'start' | 'end' = 'start', ellipsis: string = '…'): string {
  const own = textWidth(text);
  if (own <= width) return align === 'start' ? text + ' '.repeat(width - own) : ' '.repeat(width - own) + text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    const next = widthOf(character);
    if (used + next > width - 1) break;
    kept += character;
    used += next;
  }
  return kept + (width > 0 ? ellipsis : '') + ' '.repeat(Math.max(0, width - used - 1));
}

/** One column of a table. */
export interface TableColumn {
  readonly title: string;
  readonly align?: 'start' | 'end';
  /** Takes what is left of the width; only one column. */
  readonly grows?: true;
  /** The most columns it takes. */
  readonly most?: number;
}

/** Rows under titles, aligned, two spaces between columns, never wider than `width`. */
export function layTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[], width: number): string[] {
  const natural = columns.map(({ title, most }, index) => {
    const longest = Math.max(textWidth(title), ...rows.map((row) => textWidth(row[index] ?? '')));
    return Math.min(longest, most ?? longest);
  });
  const others = natural.reduce((sum, size, index) => sum + (columns[index]!.grows ? 0 : size), 0) + 2 * (columns.length - 1);
  const sizes = natural.map((size, index) => (columns[index]!.grows ? Math.max(4, Math.min(size, width - others)) : size));
  const line = (cells: readonly string[]): string =>
    columns.map(({ align }, index) => fit(cells[index] ?? '', sizes[index]!, align)).join('  ').trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map(line)];
}
