import { PALETTES } from '../theme/open-theme.ts';
import type { Paper } from '../view.ts';
import { drawWindow, firstShown, placeText, rowsIn } from './window.ts';

/** The themes with a sentence about each; the one that is chosen is what everything is drawn with meanwhile. */
export function drawThemes(paper: Paper, chosen: number): void {
  const names = Math.max(...PALETTES.map(({ name }) => name.length));
  const about = Math.max(...PALETTES.map((palette) => palette.about.length));
  const shown = rowsIn(paper.region.height, PALETTES.length);
  const first = firstShown(chosen, shown, PALETTES.length);
  const right = placeText(first, shown, PALETTES.length);
  const { region, theme } = drawWindow(paper, 'Theme', names + about + 4, shown, right);
  for (let y = 0; y < shown; y++) {
    const palette = PALETTES[first + y];
    if (!palette) break;
    const isChosen = first + y === chosen;
    if (isChosen) region.fill(0, y, region.width, 1, theme.style('selected'));
    region.text(0, y, `${isChosen ? '>' : ' '} ${palette.name}`, theme.style(isChosen ? 'selected' : 'strong'), region.width);
    const room = Math.max(0, region.width - names - 4);
    region.text(names + 4, y, palette.about, theme.style(isChosen ? 'selected' : 'dim'), room);
    region.mark(0, y, region.width, 1, { kind: 'choose', index: first + y });
  }
}
