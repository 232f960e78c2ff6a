import { drawDialog } from '../app/dialogs.ts';
import { drawFootLine } from '../app/foot-line.ts';
import { drawHeadLine } from '../app/head-line.ts';
import { BOX_NAMES } from '../state.ts';
import type { BoxName } from '../state.ts';
import type { Box, BoxSize, Paper, Picture } from '../view.ts';
import { MACHINE_BOXES } from './boxes.ts';
import { layOut } from './layout.ts';
import type { Placed, SizeOf } from './layout.ts';
import { PROCESS_BOX } from './process-box.ts';

/** Rows from which the first and the last are lines of their own. */
const WITH_LINES = 6;

/** Rows with which details of a process can be read. */
const FOR_DETAILS = 18;

const BOXES: Readonly<Record<BoxName, Box>> = { ...MACHINE_BOXES, processes: PROCESS_BOX };

/** What a box needs at an inner width for a picture. */
export const sizeOfBox = (box: BoxName, across: number, picture: Picture): BoxSize => BOXES[box].size(picture, across);

/**
 * Where the boxes lie on a screen of this size: what has a place is drawn, the rest has no room or nothing to show. Nothing else of the
 * picture decides than `boxes`, `expanded` and `detail` of its state, and what `sizeOf` says.
 */
export function placeBoxes(
  width: number,
  height: number,
  picture: Picture,
  sizeOf: SizeOf = (box, across) => sizeOfBox(box, across, picture),
): readonly Placed[] {
  const { boxes, expanded, detail } = picture.state;
  const lines = height >= WITH_LINES ? 1 : 0;
  const room = height - lines * 2;
  const shown = BOX_NAMES.filter((box) => boxes.has(box));
  const alone = (box: BoxName): Placed[] => [{ box, x: 0, y: 0, width, height: room }];
  // A box over the whole screen says itself that it has nothing to show.
  let placed = expanded === null ? layOut(width, room, shown, sizeOf) : alone(expanded);
  // Details of a process stand where the list is, or over the whole screen where that is too little to read them.
  const list = placed.find(({ box }) => box === 'processes');
  if (detail !== null && (list === undefined || list.height < FOR_DETAILS)) placed = alone('processes');
  return lines === 0 ? placed : placed.map((one) => ({ ...one, y: one.y + lines }));
}

/** Draws the whole screen, which is empty: line at the top, boxes where they are `placed`, line at the bottom, the dialog above. */
export function drawTop(
  paper: Paper,
  picture: Picture,
  placed: readonly Placed[] = placeBoxes(paper.region.width, paper.region.height, picture),
): void {
  const { region, theme } = paper;
  const { width, height } = region;
  const plain = theme.style('plain');
  // What is empty has the style 0 already.
  if (plain !== 0) region.fill(0, 0, width, height, plain);
  for (const { box, x, y, width: across, height: down } of placed)
    BOXES[box].draw({ ...paper, region: region.part(x, y, across, down) }, picture);
  if (placed.length === 0 && height > 2)
    region.text(1, Math.floor(height / 2), 'No box is shown: the keys 1 to 7 show them.', theme.style('dim'), width - 2);
  if (height >= WITH_LINES) {
    drawHeadLine({ ...paper, region: region.part(0, 0, width, 1) }, picture);
    drawFootLine({ ...paper, region: region.part(0, height - 1, width, 1) }, picture);
  }
  drawDialog(paper, picture);
}
