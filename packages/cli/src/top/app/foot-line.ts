import { columnsOf } from '../../screen/letters.ts';
import type { TopState } from '../state.ts';
import type { Paper, Picture } from '../view.ts';
import { DEFAULT_KEYS, keyOf } from './keys.ts';
import { keyText } from './key-text.ts';

/** A hint: the names of commands whose keys are shown, and a word. */
interface Hint {
  readonly names: readonly string[];
  readonly word: string;
}

const hint = (word: string, ...names: readonly string[]): Hint => ({ word, names });

const LIST: readonly Hint[] = [
  hint('help', 'help'),
  hint('quit', 'quit'),
  hint('filter', 'filter'),
  hint('sort', 'sort'),
  hint('tree', 'tree'),
  hint('details', 'accept'),
  hint('signal', 'signal'),
  hint('time', 'back-in-time', 'on-in-time'),
  hint('zoom', 'zoom-in', 'zoom-out'),
  hint('freeze', 'freeze'),
  hint('follow', 'follow'),
  hint('nice', 'nice'),
  hint('box', 'whole-next'),
  hint('alerts', 'alerts'),
  hint('theme', 'theme'),
];
const PAST: readonly Hint[] = [
  hint('present', 'present'),
  hint('back, on', 'back-in-time', 'on-in-time'),
  hint('far', 'far-back', 'far-on'),
  hint('go to', 'moment'),
  hint('zoom', 'zoom-in', 'zoom-out'),
  hint('filter', 'filter'),
  hint('sort', 'sort'),
  hint('help', 'help'),
  hint('quit', 'quit'),
];
const DETAIL: readonly Hint[] = [
  hint('close', 'back'),
  hint('scroll', 'up', 'down'),
  hint('signal', 'signal'),
  hint('nice', 'nice'),
  hint('help', 'help'),
  hint('quit', 'quit'),
];

function hintsOf({ dialog, detail, moment }: TopState): readonly Hint[] {
  if (dialog !== null) {
    const close = hint(dialog.kind === 'help' || dialog.kind === 'alerts' ? 'close' : 'no', 'back');
    if (dialog.kind === 'help' || dialog.kind === 'alerts') return [close, hint('scroll', 'up', 'down')];
    if (dialog.kind === 'moment') return [hint('go', 'accept'), close];
    const isAsking = (dialog.kind === 'signal' || dialog.kind === 'nice') && dialog.confirming;
    return [...(isAsking ? [] : [hint('choose', 'up', 'down')]), hint('yes', 'accept'), close];
  }
  return detail !== null ? DETAIL : moment !== null ? PAST : LIST;
}

/** The lowest line: the filter that is written, what was just said, or the keys that mean something now. */
export function drawFootLine(paper: Paper, picture: Picture): void {
  const { state } = picture;
  if (paper.region.height < 1) return;
  if (state.editingFilter) drawFilterInput(paper, picture);
  else if (state.message !== null) drawMessage(paper, state.message);
  else drawHints(paper, picture);
}

function drawMessage({ region, theme }: Paper, message: string): void {
  region.fill(0, 0, region.width, 1, theme.style('input'));
  region.text(1, 0, message, theme.style('input'), region.width - 1);
}

function drawHints({ region, theme, unicode }: Paper, { state, keys = DEFAULT_KEYS }: Picture): void {
  let x = 1;
  for (const { names, word } of hintsOf(state)) {
    const known = names.flatMap((name) => {
      const key = keyOf(keys, name);
      return key === null ? [] : [{ key: keyText(key, unicode), command: keys.commands.get(key)!.command }];
    });
    const width = known.reduce((sum, { key }) => sum + columnsOf(key) + 1, 0) + word.length;
    if (known.length === 0) continue;
    if (x + width > region.width) break;
    const start = x;
    for (const { key, command } of known) {
      const used = region.text(x, 0, key, theme.style('key'));
      region.mark(x, 0, used, 1, command);
      x += used + 1;
    }
    region.text(x, 0, word, theme.style('dim'));
    // The word means what its key does, where it is one key.
    if (known.length === 1) region.mark(start, 0, width, 1, known[0]!.command);
    x += word.length + 2;
  }
}

const LABEL = 'Filter ';

/** The filter with the place where letters go, and what is wrong with it at the right. */
function drawFilterInput(paper: Paper, { state, rows }: Picture): void {
  const { region, theme } = paper;
  const input = theme.style('input');
  region.fill(0, 0, region.width, 1, input);
  region.text(1, 0, LABEL, theme.style('key'));
  const problem = rows.problem ?? (state.filter === '' ? 'cpu>10 user=root name~node' : null);
  const room = region.width - LABEL.length - 2;
  const typed = Math.min(room, Math.max(10, room - (problem === null ? 0 : problem.length + 3)));
  const used = drawInput(paper, LABEL.length + 1, 0, typed, state.filter);
  if (problem === null) return;
  const style = theme.style(rows.problem === null ? 'dim' : 'warn');
  const start = LABEL.length + 1 + used + 2;
  if (region.width - start >= 10) region.text(start, 0, problem, style, region.width - start);
}

/** A text that is written, its end in sight, with the place of the next letter; returns the columns that it took. */
export function drawInput({ region, theme }: Paper, x: number, y: number, width: number, text: string): number {
  const style = theme.style('input');
  const letters = [...text];
  // Letters may be two columns wide: what is shown of a long text is no more than fits then.
  let first = 0;
  let columns = letters.reduce((sum, letter) => sum + columnsOf(letter), 0);
  while (columns > width - 1 && first < letters.length) columns -= columnsOf(letters[first++]!);
  const used = region.text(x, y, letters.slice(first).join(''), style, Math.max(0, width - 1));
  region.put(x + used, y, CURSOR, theme.style('selected'));
  return used + 1;
}

const CURSOR = 0x5f;
