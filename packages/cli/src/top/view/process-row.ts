import type { Style } from '../../screen/region.ts';
import type { CellContext, CellTone, ListColumn } from '../process/columns.ts';
import type { TopState } from '../state.ts';
import type { Paper } from '../view.ts';

/** Where a text of a column begins: columns that are aligned at their end have their space before them, and one after. */
function startOf(column: ListColumn, x: number, length: number): number {
  return column.align === 'end' ? x + Math.max(0, column.width - length) : x;
}

/** The heads of all columns; a click on one sorts by it, a second one turns the order round. */
export function drawHeading({ region, theme, unicode }: Paper, columns: readonly ListColumn[], width: number, state: TopState): void {
  const mark = state.descending ? (unicode ? '▼' : 'v') : unicode ? '▲' : '^';
  const title = theme.style('title');
  const sorted = theme.style('key');
  let x = 0;
  for (const column of columns) {
    const isSorted = column.sort === state.sort;
    const text = !isSorted ? column.head : column.align === 'end' ? mark + column.head : column.head + mark;
    region.text(startOf(column, x, text.length), 0, text, isSorted ? sorted : title, column.width);
    region.mark(x, 0, column.width + 1, 1, { kind: 'sort', column: column.sort });
    x += column.width + 1;
  }
  if (x >= width) return;
  const isSorted = state.sort === 'command' || state.sort === 'name';
  const head = state.sort === 'name' ? 'NAME' : 'COMMAND';
  region.text(x, 0, isSorted ? head + mark : head, isSorted ? sorted : title, width - x);
  region.mark(x, 0, width - x, 1, { kind: 'sort', column: state.sort === 'name' ? 'name' : 'command' });
}

/** Looks and facts that all rows of one drawing share. */
export interface RowLook {
  readonly context: CellContext;
  readonly tones: Readonly<Record<CellTone, Style>>;
  readonly strong: Style;
  readonly selected: Style;
}

/** What the rows of one drawing share. */
export function rowLook({ theme }: Paper, context: CellContext): RowLook {
  return {
    context,
    tones: {
      plain: theme.style('plain'),
      dim: theme.style('dim'),
      good: theme.style('good'),
      fair: theme.style('fair'),
      warn: theme.style('warn'),
      bad: theme.style('bad'),
    },
    strong: theme.style('strong'),
    selected: theme.style('selected'),
  };
}

/** One process of the list at a row of the paper. */
export function drawRow(
  paper: Paper,
  look: RowLook,
  columns: readonly ListColumn[],
  index: number,
  y: number,
  width: number,
  isSelected: boolean,
): void {
  const { region, theme } = paper;
  const { context, tones } = look;
  const { rows, processes } = context;
  // Where a selection has no background of its own, all of it is reversed.
  const isReversed = isSelected && theme.selection === null;
  if (isReversed) region.fill(0, y, width, 1, look.selected);
  const isContext = rows.isContext(index);
  const styled = (style: Style): Style => (isReversed ? look.selected : isContext ? tones.dim : style);
  const identity = processes.identities[rows.order[index]!]!;
  region.mark(0, y, width, 1, { kind: 'select', process: identity });
  let x = 0;
  for (const column of columns) {
    const text = column.text(index, context);
    const tone = column.tone?.(index, context) ?? 'plain';
    const style = tone === 'plain' && column.share ? theme.ramp(column.share.ramp, column.share.of(index, context)) : tones[tone];
    region.text(startOf(column, x, text.length), y, text, styled(style), column.width);
    x += column.width + 1;
  }
  if (x < width) drawCommand(paper, look, index, x, y, width, styled);
  if (isSelected && theme.selection !== null) region.tint(0, y, width, 1, theme.selection);
}

/** The branch of the tree, the name, and the command line around it. */
function drawCommand(
  { region, unicode }: Paper,
  { context: { rows, processes }, tones, strong }: RowLook,
  index: number,
  start: number,
  y: number,
  width: number,
  styled: (style: Style) => Style,
): void {
  const identity = processes.identities[rows.order[index]!]!;
  const { name, command } = identity;
  let x = start;
  const put = (text: string, style: Style): void => {
    if (x < width && text !== '') x += region.text(x, y, text, styled(style), width - x);
  };
  const hidden = rows.hidden[index]!;
  const depth = rows.depth[index]!;
  const isParent = hidden > 0 || (index + 1 < rows.depth.length && rows.depth[index + 1]! > depth);
  if (depth > 0 || isParent) {
    // Never more than half of the room: the name is what is looked for.
    const branch = rows.branch(index);
    const room = Math.floor((width - start) / 2);
    put(branch.length > room ? branch.slice(branch.length - room) : branch, tones.dim);
    const from = x;
    put(
      hidden > 0 ? (unicode ? '▸ ' : '+ ') : isParent ? (unicode ? '▾ ' : 'v ') : unicode ? '─ ' : '- ',
      hidden > 0 ? tones.fair : tones.dim,
    );
    if (isParent) region.mark(from, y, 2, 1, { kind: 'fold', pid: identity.pid });
  }
  const at = command === null || command === '' ? -1 : nameAt(command, name);
  if (at >= 0) {
    put(command!.slice(0, at), tones.dim);
    put(name, strong);
    if (hidden > 0) put(` (+${hidden})`, tones.fair);
    put(command!.slice(at + name.length), tones.plain);
    return;
  }
  put(identity.kernel ? `[${name}]` : name, identity.kernel ? tones.dim : strong);
  if (hidden > 0) put(` (+${hidden})`, tones.fair);
  if (command !== null && command !== '') put(` ${command}`, tones.dim);
}

/** Where a command line begins with the name, after the folders of its path; -1 when the process calls itself otherwise. */
function nameAt(command: string, name: string): number {
  const space = command.indexOf(' ');
  const end = space < 0 ? command.length : space;
  const slash = command.lastIndexOf('/', end - 1);
  return command.startsWith(name, slash + 1) && name !== '' ? slash + 1 : -1;
}

/** Which part of the list this is: a thumb in the right line of the frame, beside the rows, which begin in its third row. */
export function drawScrollBar({ region, theme, unicode }: Paper, first: number, shown: number, all: number): void {
  if (all <= shown || shown < 2) return;
  const length = Math.max(1, Math.round((shown * shown) / all));
  const top = Math.round(((shown - length) * first) / (all - shown));
  region.fill(region.width - 1, 2 + top, 1, length, theme.style('dim'), unicode ? 0x2588 : 0x23);
}
