import type { Picture } from '../view.ts';
import type { Paper } from '../view.ts';

/** Why something is not shown: the sentence of what could not be read that speaks of it, or that nothing is known. */
export function whyUnread({ scene }: Pick<Picture, 'scene'>, words: readonly string[]): string {
  const said = scene.gaps.find((gap) => {
    const lower = gap.toLowerCase();
    return words.some((word) => lower.includes(word));
  });
  return said === undefined ? 'not known at this moment' : `not readable: ${said}`;
}

/** Says in the middle of the paper why nothing is shown there. */
export function drawUnread({ region, theme }: Paper, picture: Pick<Picture, 'scene'>, words: readonly string[]): void {
  region.text(
    1,
    Math.floor(Math.max(0, region.height - 1) / 2),
    whyUnread(picture, words),
    theme.style('dim'),
    Math.max(0, region.width - 2),
  );
}
