import type { BoxName } from '../state.ts';
import type { BoxSize, Picture } from '../view.ts';
import { placeBoxes, sizeOfBox } from '../view/draw-top.ts';
import type { Placed } from '../view/layout.ts';

/** A size that was asked for while places were looked for. */
interface Asked {
  readonly box: BoxName;
  readonly across: number;
  readonly size: BoxSize;
}

/** The last places, and all that they came of. */
interface Known {
  readonly of: readonly unknown[];
  readonly asked: readonly Asked[];
  readonly placed: readonly Placed[];
}

/**
 * A {@link placeBoxes} that remembers its last answer. From one moment to the next boxes hardly ever need another size: asking them for
 * it is a tenth of the work of finding places.
 */
export function createPlacing(): (width: number, height: number, picture: Picture) => readonly Placed[] {
  let known: Known | null = null;

  const isKnown = (of: readonly unknown[], picture: Picture): boolean =>
    known !== null &&
    known.of.every((part, index) => part === of[index]) &&
    known.asked.every(({ box, across, size }) => {
      const { least, best } = sizeOfBox(box, across, picture);
      return least === size.least && best === size.best;
    });

  return (width, height, picture) => {
    const { boxes, expanded, detail } = picture.state;
    const of = [width, height, boxes, expanded, detail !== null];
    if (isKnown(of, picture)) return known!.placed;
    // Sizes are asked for several times while places are looked for.
    const sizes = new Map<string, Asked>();
    const placed = placeBoxes(width, height, picture, (box, across) => {
      const key = `${box} ${across}`;
      let asked = sizes.get(key);
      if (!asked) sizes.set(key, (asked = { box, across, size: sizeOfBox(box, across, picture) }));
      return asked.size;
    });
    known = { of, asked: [...sizes.values()], placed };
    return placed;
  };
}
