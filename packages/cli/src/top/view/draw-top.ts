import { drawDialog } from '../app/dialogs.ts';
import { drawFootLine } from '../app/foot-line.ts';
import { drawHeadLine } from '../app/head-line.ts';
import { BOX_NAMES } from '../state.ts';
import type { BoxName } from '../state.ts';
import type { Box, BoxSize, Paper, Picture } from '../view.ts';
import { MACHINE_BOXES } from './boxes.ts';
import { layOut } from './layout.ts';
import type { Placed } from './layout.ts';
import { PROCESS_BOX } from './process-box.ts';

/** Rows from which the first and the last are lines of their own. */
const WITH_LINES = 6;

/** Rows with which details of a process can be read. */
const FOR_DETAILS = 18;

const BOXES: Readonly<Record<BoxName, Box>> = { ...MACHINE_BOXES, processes: PROCESS_BOX };

/** Where the boxes lie on a screen of this size: what has a place is drawn, the rest has no room or nothing to show. */
export function placeBoxes(width: number, height: number, picture: Picture): Placed[] {
  const { boxes, expanded, detail } = picture.state;
  const lines = height >= WITH_LINES ? 1 : 0;
  const room = height - lines * 2;
  // Sizes are asked for several times while places are looked for.
  const sizes = new Map<string, BoxSize>();
  const sizeOf = (box: BoxName, across: number): BoxSize => {
    const key = `${box} ${across}`;
    let size = sizes.get(key);
    if (!size) sizes.set(key, (size = BOXES[box].size(picture, across)));
    return size;
  };
  const shown = BOX_NAMES.filter((box) => boxes.has(box));
  const alone = (box: BoxName): Placed[] => [{ box, x: 0, y: 0, width, height: room }];
  // A box over the whole screen says itself that it has nothing to show.
  let placed = expanded === null ? layOut(width, room, shown, sizeOf) : alone(expanded);
  // Details of a process stand where the list is, or over the whole screen where that is too little to read them.
  const list = placed.find(({ box }) => box === 'processes');
  if (detail !== null && (list === undefined || list.height < FOR_DETAILS)) placed = alone('processes');
  return lines === 0 ? placed : placed.map((one) => ({ ...one, y: one.y + lines }));
}

/** Draws the whole screen: line at the top, boxes, line at the bottom, and the dialog that lies above. */
export function drawTop(paper: Paper, picture: Picture): void {
  const { region, theme } = paper;
  const { width, height } = region;
  region.fill(0, 0, width, height, theme.style('plain'));
  const placed = placeBoxes(width, height, picture);
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
