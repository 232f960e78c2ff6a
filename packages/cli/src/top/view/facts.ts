import type { Style } from '../../screen/region.ts';
import type { Paper } from '../view.ts';

/** A name and its value, with the columns that the value takes at most so that what follows stays in its place. */
export interface Fact {
  readonly name: string;
  readonly text: string;
  readonly width: number;
  /** Plain when absent. */
  readonly style?: Style;
}

/** Columns between two facts of a line. */
const APART = 2;

/** Columns of the widest of the first facts. */
const widest = (facts: readonly Fact[], count: number): number =>
  facts.slice(0, count).reduce((most, { name, width }) => Math.max(most, name.length + 1 + width), 1);

/** How many facts stand beside each other in so many columns when there are so many rows: only those that are shown take room. */
export function factsPerRow(facts: readonly Fact[], width: number, rows: number): number {
  for (let count = facts.length; count > 1; count--) if (count * (widest(facts, count * rows) + APART) - APART <= width) return count;
  return 1;
}

/**
 * Writes facts into columns of the same width, as many beside each other as there is room for, until the region ends. The values stand at
 * the right of their column. Returns the rows that it took.
 */
export function drawFacts({ region, theme }: Paper, facts: readonly Fact[], y: number, rows: number): number {
  if (facts.length === 0 || rows < 1) return 0;
  const perRow = factsPerRow(facts, region.width, rows);
  const width = Math.min(widest(facts, perRow * rows) + 6, Math.floor((region.width + APART) / perRow) - APART);
  const used = Math.min(rows, Math.ceil(facts.length / perRow));
  for (let index = 0; index < facts.length && index < used * perRow; index++) {
    const { name, text, style } = facts[index]!;
    const x = (index % perRow) * (width + APART);
    const row = y + Math.floor(index / perRow);
    region.text(x, row, name, theme.style('dim'), Math.max(1, width - text.length - 1));
    region.text(Math.max(x, x + width - text.length), row, text, style ?? theme.style('plain'), Math.min(width, text.length));
  }
  return used;
}
