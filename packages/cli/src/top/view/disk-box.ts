import { clean } from '@hecate/observe';
import type { Box, Paper, Picture } from '../view.ts';
import { drawFrame } from './frame.ts';
import type { FrameText } from './frame.ts';
import { drawGraph } from './graph.ts';
import { drawMeter } from './meter.ts';
import { briefBytes, isKnown, percentText, quantityText } from './number-text.ts';
import { objectsOf, valueOf } from './objects.ts';
import type { SceneObject } from './objects.ts';
import { greatest, scaleEnd } from './scale.ts';
import { pointsOf } from './series-points.ts';
import { markTimes } from './time-axis.ts';
import { drawUnread } from './unread.ts';

/** Noise below this much a second is no mountain. */
const LEAST_RATE = 100_000;
/** Rows that a disk takes when its graphs are shown in rows of their own. */
const GRAPH_ROWS = 2;

interface Space {
  readonly name: string;
  /** 0 to 1; NaN when it is not known. */
  readonly share: number;
  readonly used: number | null;
  readonly size: number | null;
  readonly available: number | null;
  readonly type: string;
}

/** Mounted file systems: with sizes where they are known, else by their share alone. */
function spacesOf({ scene }: Picture): Space[] {
  if (scene.mounts !== null)
    return scene.mounts.map(({ mountpoint, type, used, size, available }) => ({
      name: mountpoint,
      used,
      size,
      available,
      type: clean(type),
      // As df counts it: what root keeps for itself is neither used nor free.
      share: used !== null && available !== null && used + available > 0 ? used / (used + available) : Number.NaN,
    }));
  return objectsOf(scene).filesystem.map((mount) => ({
    name: mount.name,
    used: null,
    size: null,
    available: null,
    type: '',
    share: (valueOf(scene, mount, 'used_percent') ?? Number.NaN) / 100,
  }));
}

/** What stands at the right of the frame: how long reads and writes take. */
function headline({ theme }: Paper, { scene: { values } }: Picture): FrameText[] {
  const texts: FrameText[] = [];
  for (const [name, id] of [
    ['write', 'disk_write_latency_seconds'],
    ['read', 'disk_read_latency_seconds'],
  ] as const) {
    const seconds = values.get(id);
    if (isKnown(seconds))
      texts.push({ text: `${name} ${quantityText(seconds, 'seconds').padStart(7)}`, style: theme.style(seconds > 0.1 ? 'warn' : 'plain') });
  }
  return texts;
}

/** Disks with what goes through them, and the space of file systems. */
export const DISK_BOX: Box = {
  name: 'disk',
  size(picture) {
    const disks = objectsOf(picture.scene).disk.length;
    const spaces = spacesOf(picture).length;
    if (disks + spaces === 0) return picture.scene.values.has('disk_read_bytes_per_second') ? { least: 1, best: 2 } : { least: 0, best: 0 };
    return { least: Math.min(3, disks + spaces), best: disks * (1 + GRAPH_ROWS) + spaces + 1 };
  },
  draw(paper, picture) {
    const inner = drawFrame(paper, { box: 'disk', title: 'disk', right: headline(paper, picture) });
    const { height } = inner.region;
    const disks = objectsOf(picture.scene).disk;
    const spaces = spacesOf(picture);
    if (disks.length + spaces.length === 0) return drawUnread(inner, picture, ['disk', 'mount', 'filesystem']);
    // Busy ones first would wobble: they stay in their order, and half of the room is kept for file systems.
    const forDisks = Math.max(Math.min(disks.length, Math.ceil(height / 2)), height - spaces.length);
    const each = disks.length === 0 ? 0 : Math.max(1, Math.floor(forDisks / disks.length));
    let y = 0;
    for (const disk of disks) {
      if (y + each > forDisks) break;
      drawDisk(inner, picture, disk, y, each);
      y += each;
    }
    for (const space of spaces) if (y < height) drawSpace(inner, space, y++);
  },
};

/** A disk: name, share of time busy, what is read and written, and both over time where there are rows for it. */
function drawDisk(paper: Paper, picture: Picture, disk: SceneObject, y: number, rows: number): void {
  const { region, theme } = paper;
  const { width } = region;
  const { scene } = picture;
  const busy = valueOf(scene, disk, 'utilization_percent');
  const read = valueOf(scene, disk, 'read_bytes_per_second');
  const write = valueOf(scene, disk, 'write_bytes_per_second');
  const brief = width < 44;
  const rate = (value: number | null): string =>
    brief ? briefBytes(value, 'bytes/second').padStart(5) : quantityText(value, 'bytes/second').padStart(9);
  const apart = width < 27 ? '' : ' ';
  const texts = [`R${apart}${rate(read)}`, `W${apart}${rate(write)}`, percentText(busy).padStart(4)];
  let end = width;
  for (let index = texts.length - 1; index >= 0; index--) {
    const text = texts[index]!;
    if (end - text.length < 4) break;
    const style = index < 2 ? theme.style('plain') : busy === null ? theme.style('dim') : theme.ramp('disk', busy / 100);
    region.text(end - text.length, y, text, style);
    end -= text.length + 1;
  }
  const named = region.text(0, y, disk.name, theme.style('strong'), Math.max(1, Math.min(end, brief ? 8 : 12)));
  const room = end - named - 2;
  if (rows === 1) {
    const id = disk.ids['utilization_percent'];
    const start = brief ? 9 : 13;
    if (id !== undefined && room > 4 && end - start > 3)
      drawGraph(paper, {
        x: start,
        y,
        width: end - start,
        height: 1,
        values: pointsOf(paper, picture, id, end - start),
        most: 100,
        ramp: 'disk',
      });
    return;
  }
  drawRates(paper, picture, disk, y + 1, rows - 1);
}

/** Reads at the left and writes at the right, on one scale whose end is shown. */
function drawRates(paper: Paper, picture: Picture, { ids }: SceneObject, y: number, height: number): void {
  const { region, theme } = paper;
  const { width } = region;
  const half = Math.floor((width - 1) / 2);
  if (half < 3) return;
  const [read, write] = ['read_bytes_per_second', 'write_bytes_per_second'].map((metric) =>
    ids[metric] === undefined ? new Float64Array(0) : pointsOf(paper, picture, ids[metric], half),
  );
  const most = scaleEnd(Math.max(greatest(read!) || 0, greatest(write!) || 0), LEAST_RATE);
  drawGraph(paper, { x: 0, y, width: half, height, values: read!, most, ramp: 'disk' });
  drawGraph(paper, { x: width - half, y, width: half, height, values: write!, most, ramp: 'disk' });
  for (const x of [0, width - half]) markTimes(paper, picture, x, y, half, height);
  if (height < 2) return;
  const end = `${briefBytes(most, 'bytes/second')}/s`;
  region.text(0, y, `R ${end}`, theme.style('dim'), half);
  region.text(width - half, y, `W ${end}`, theme.style('dim'), half);
}

/** `259 GiB of 466 GiB`, and where there is room what is free and the kind of file system. */
function spaceText({ used, size, available, type }: Space, width: number): string {
  const text = `${quantityText(used, 'bytes').padStart(8)} of ${quantityText(size, 'bytes').padEnd(8)}`;
  if (width < 72) return text;
  const free = `${text} ${quantityText(available, 'bytes').padStart(8)} free`;
  return width < 96 ? free : `${type.slice(0, 8).padEnd(9)}${free}`;
}

/** A file system: name, gauge, used of size. */
function drawSpace({ region, theme, ...rest }: Paper, space: Space, y: number): void {
  const { name, share, size } = space;
  const { width } = region;
  const brief = width < 44;
  const label = Math.max(4, Math.min(brief ? 9 : width < 60 ? 16 : 24, Math.floor(width / 3)));
  region.text(0, y, name, theme.style('plain'), label);
  const percent = percentText(Number.isNaN(share) ? null : share * 100).padStart(4);
  region.text(Math.max(label + 1, width - 4), y, percent, Number.isNaN(share) ? theme.style('dim') : theme.ramp('disk', share));
  const text = size === null ? '' : brief ? briefBytes(size, 'bytes').padStart(5) : spaceText(space, width);
  const at = width - 5 - text.length;
  const showsText = at > label + 4;
  if (showsText && text !== '') region.text(at, y, text, theme.style('dim'));
  const end = showsText && text !== '' ? at - 1 : width - 5;
  if (end - label - 1 > 2) drawMeter({ region, theme, ...rest }, label + 1, y, end - label - 1, share, 'disk');
}
