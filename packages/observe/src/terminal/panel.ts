import { clean, fit, widthOf } from './text.ts';
import type { Ink } from './ink.ts';

/** A line with its width in columns, because its colours do not count. */
export interface InkLine {
  readonly text: string;
  readonly width: number;
}

/** A line without colours. */
export function plainLine(text: string): InkLine {
  return { text, width: widthOf(text) };
}

const ROUND = { corners: ['╭', '╮', '╰', '╯'], row: '─', column: '│' } as const;
const ASCII = { corners: ['+', '+', '+', '+'], row: '-', column: '|' } as const;

/** Lines in a box of `width` columns with a title in its upper edge. Every line must fit into `width - 4`. */
export function drawPanel(ink: Ink, title: string, lines: readonly InkLine[], width: number): string[] {
  const { corners, row, column } = ink.unicode ? ROUND : ASCII;
  const head = ` ${fit(ink, title, Math.min(widthOf(clean(title)), width - 6))} `;
  const edge = (text: string): string => ink.paint(text, 'dim');
  const top = edge(corners[0] + row) + ink.paint(head, 'title') + edge(row.repeat(width - 3 - widthOf(head)) + corners[1]);
  const body = lines.map(({ text, width: used }) => `${edge(column)} ${text}${' '.repeat(Math.max(0, width - 4 - used))} ${edge(column)}`);
  return [top, ...body, edge(corners[2] + row.repeat(width - 2) + corners[3])];
}

/** Blocks of lines side by side, as many in a row as fit into `width`, with `gap` columns between. */
export function placeBeside(blocks: readonly (readonly InkLine[])[], width: number, gap: number): InkLine[] {
  const blockWidth = Math.max(1, ...blocks.flatMap((block) => block.map((line) => line.width)));
  const perRow = Math.max(1, Math.floor((width + gap) / (blockWidth + gap)));
  const lines: InkLine[] = [];
  for (let start = 0; start < blocks.length; start += perRow) {
    const row = blocks.slice(start, start + perRow);
    if (start > 0) lines.push(plainLine(''));
    const height = Math.max(...row.map((block) => block.length));
    for (let index = 0; index < height; index += 1) {
      const parts = row.map((block) => block[index] ?? plainLine(''));
      const text = parts
        .map((part, place) => (place === parts.length - 1 ? part.text : part.text + ' '.repeat(blockWidth + gap - part.width)))
        .join('');
      lines.push({ text, width: (parts.length - 1) * (blockWidth + gap) + (parts.at(-1)?.width ?? 0) });
    }
  }
  return lines;
}
