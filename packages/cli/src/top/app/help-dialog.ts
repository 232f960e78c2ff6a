import type { Paper, Picture } from '../view.ts';
import { DEFAULT_KEYS } from './keys.ts';
import type { KeyMap } from './keys.ts';
import { keyText } from './key-text.ts';
import { COMMAND_GROUPS, NAMED_COMMANDS } from './named-commands.ts';
import type { CommandGroup, NamedCommand } from './named-commands.ts';
import { drawWindow, placeText, rowsIn } from './window.ts';

/** A line of the help: a heading, a command, or nothing. */
type HelpLine = { readonly heading: string } | { readonly keys: string; readonly named: NamedCommand } | null;

/** The lines of the help for a key map: the commands of each group that have a key. */
export function helpLines(map: KeyMap, unicode: boolean): readonly HelpLine[] {
  const lines: HelpLine[] = [];
  for (const [group, heading] of Object.entries(COMMAND_GROUPS) as [CommandGroup, string][]) {
    if (lines.length > 0) lines.push(null);
    lines.push({ heading });
    for (const named of NAMED_COMMANDS) {
      const keys = map.keys.get(named.name) ?? [];
      if (named.group !== group || keys.length === 0) continue;
      lines.push({ keys: keys.map((key) => keyText(key, unicode)).join(' '), named });
    }
  }
  return lines;
}

const WIDTH = 74;
const KEYS_WIDTH = 17;

/** The furthest that the help can be scrolled. */
export function mostHelpScroll({ keys = DEFAULT_KEYS }: Picture, height: number): number {
  const lines = helpLines(keys, true).length;
  return Math.max(0, lines - rowsIn(height, lines));
}

/** All keys, by what they are for. */
export function drawHelp(paper: Paper, { keys = DEFAULT_KEYS }: Picture, scroll: number): void {
  const lines = helpLines(keys, paper.unicode);
  const shown = rowsIn(paper.region.height, lines.length);
  const first = Math.max(0, Math.min(scroll, lines.length - shown));
  const { region } = drawWindow(paper, 'Keys', WIDTH, shown, placeText(first, shown, lines.length));
  const { theme } = paper;
  for (let y = 0; y < region.height; y++) {
    const line = lines[first + y];
    if (!line) continue;
    if ('heading' in line) region.text(0, y, line.heading, theme.style('title'), region.width);
    else {
      region.text(1, y, line.keys, theme.style('key'), KEYS_WIDTH - 2);
      region.text(KEYS_WIDTH, y, line.named.does, theme.style('plain'), Math.max(0, region.width - KEYS_WIDTH));
      region.mark(0, y, region.width, 1, line.named.command);
    }
  }
}
