import { clean, SIGNALS, wrapWords } from '@hecate/observe';
import { columnsOf } from '../../screen/letters.ts';
import { firstShown, drawWindow, placeText, rowsIn } from '../app/window.ts';
import { SORT_COLUMNS, sortHelp } from '../process/columns.ts';
import { SIGNAL_HELP } from '../process/signals.ts';
import { rowOfProcess } from '../scene.ts';
import type { Dialog } from '../state.ts';
import type { Paper, Picture } from '../view.ts';

/** The dialogs about processes. */
export type ProcessDialog = Extract<Dialog, { readonly kind: 'signal' | 'nice' | 'sort' }>;

/** Draws one of them in the middle of the paper. */
export function drawProcessDialog(paper: Paper, picture: Picture, dialog: ProcessDialog): void {
  switch (dialog.kind) {
    case 'signal':
      if (dialog.confirming) drawConfirmation(paper, dialog);
      else drawSignals(paper, dialog);
      return;
    case 'nice':
      if (dialog.confirming) drawConfirmation(paper, dialog);
      else drawNice(paper, picture, dialog);
      return;
    case 'sort':
      drawSort(paper, picture, dialog);
  }
}

type ActDialog = Extract<ProcessDialog, { readonly kind: 'signal' | 'nice' }>;

/** `node (4711)`; what it calls itself cannot be a sentence of its own. */
function whoText({ name, of }: ActDialog): string {
  const shown = clean(name);
  return `${shown.length > 40 ? `${shown.slice(0, 40)}...` : shown} (${of.pid})`;
}

/** A list of choices, the chosen one in sight; a click takes it. */
function drawChoices(
  paper: Paper,
  title: string,
  lines: readonly { readonly head: string; readonly text: string; readonly isLoud?: boolean }[],
  chosen: number,
): void {
  const { theme, unicode } = paper;
  const heads = Math.max(...lines.map(({ head }) => head.length));
  const width = Math.max(columnsOf(title) + 4, ...lines.map(({ text }) => heads + 4 + text.length));
  const shown = rowsIn(paper.region.height, lines.length);
  const first = firstShown(chosen, shown, lines.length);
  const { region } = drawWindow(paper, title, width, shown, placeText(first, shown, lines.length));
  for (let y = 0; y < Math.min(region.height, shown); y++) {
    const line = lines[first + y];
    if (!line) break;
    const isChosen = first + y === chosen;
    if (isChosen && theme.selection === null) region.fill(0, y, region.width, 1, theme.style('selected'));
    const style = isChosen && theme.selection === null ? theme.style('selected') : null;
    if (isChosen) region.text(0, y, unicode ? '▸' : '>', style ?? theme.style('key'));
    region.text(2, y, line.head, style ?? theme.style(line.isLoud ? 'bad' : 'strong'), heads);
    region.text(heads + 4, y, line.text, style ?? theme.style(line.isLoud ? 'bad' : 'plain'), Math.max(0, region.width - heads - 4));
    if (isChosen && theme.selection !== null) region.tint(0, y, region.width, 1, theme.selection);
    region.mark(0, y, region.width, 1, { kind: 'choose', index: first + y });
  }
}

function drawSignals(paper: Paper, dialog: Extract<ProcessDialog, { kind: 'signal' }>): void {
  const lines = SIGNALS.map((name) => ({ head: name, text: SIGNAL_HELP[name], isLoud: name === 'KILL' }));
  drawChoices(paper, `Signal to ${whoText(dialog)}`, lines, SIGNALS.indexOf(dialog.chosen));
}

function drawSort(paper: Paper, { state }: Picture, dialog: Extract<ProcessDialog, { kind: 'sort' }>): void {
  const lines = SORT_COLUMNS.map((column) => ({
    head: column === state.sort ? '*' : ' ',
    text: sortHelp(column),
  }));
  drawChoices(paper, 'Sort by', lines, dialog.chosen);
}

/** What a niceness means. */
function niceWords(nice: number): string {
  if (nice === 0) return 'as most processes';
  if (nice < 0) return nice <= -15 ? 'far before all others: they may wait long' : 'before others';
  return nice === 19 ? 'only when nothing else wants the CPU' : 'behind others';
}

function drawNice(paper: Paper, { scene }: Picture, dialog: Extract<ProcessDialog, { kind: 'nice' }>): void {
  const { theme, unicode } = paper;
  const { region } = drawWindow(paper, `Niceness of ${whoText(dialog)}`, 52, 4);
  const across = Math.min(40, region.width);
  region.text(0, 0, `${dialog.nice}`, theme.style('strong'), 4);
  region.text(5, 0, niceWords(dialog.nice), theme.style('plain'), Math.max(0, region.width - 5));
  region.fill(0, 1, across, 1, theme.style('border'), unicode ? 0x2500 : 0x2d);
  region.put(Math.min(across - 1, Math.max(0, dialog.nice + 20)), 1, unicode ? 0x25cf : 0x6f, theme.style('key'));
  region.text(0, 2, '-20', theme.style('dim'));
  region.text(Math.max(0, Math.min(across - 1, 20)), 2, '0', theme.style('dim'));
  region.text(Math.max(0, across - 2), 2, '19', theme.style('dim'));
  // A click is as many steps as lie between.
  for (let x = 0; x < across; x++) region.mark(x, 1, 1, 1, { kind: 'move', rows: x - 20 - dialog.nice });
  const row = scene.processes === null ? -1 : rowOfProcess(scene.processes, dialog.of);
  const now = row < 0 ? Number.NaN : scene.processes!.figures.nice[row]!;
  if (!Number.isNaN(now)) region.text(0, 3, `It is ${now} now.`, theme.style('dim'), region.width);
}

/** The last question before something is done: what, and to whom. */
function drawConfirmation(paper: Paper, dialog: ActDialog): void {
  const { theme } = paper;
  const isLoud = dialog.kind === 'signal' && dialog.chosen === 'KILL';
  const question =
    dialog.kind === 'signal' ? `Send ${dialog.chosen} to ${whoText(dialog)}?` : `Set the niceness of ${whoText(dialog)} to ${dialog.nice}?`;
  const meaning = dialog.kind === 'signal' ? `${dialog.chosen} ${SIGNAL_HELP[dialog.chosen]}.` : `It runs ${niceWords(dialog.nice)} then.`;
  const width = Math.max(20, Math.min(64, paper.region.width - 6));
  const asked = wrapWords(question, width);
  const meant = wrapWords(meaning, width);
  const { region } = drawWindow(paper, 'Are you sure?', width, asked.length + meant.length + 2);
  let y = 0;
  for (const line of asked) region.text(0, y++, line, theme.style(isLoud ? 'bad' : 'strong'), region.width);
  for (const line of meant) region.text(0, y++, line, theme.style('plain'), region.width);
  const used = region.text(0, y + 1, ' Enter: yes ', theme.style(isLoud ? 'bad' : 'key'), region.width);
  region.mark(0, y + 1, used, 1, { kind: 'accept' });
  const no = region.text(used + 2, y + 1, ' Esc: no ', theme.style('key'), Math.max(0, region.width - used - 2));
  region.mark(used + 2, y + 1, no, 1, { kind: 'back' });
}
