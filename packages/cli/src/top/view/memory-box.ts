import type { Style } from '../../screen/region.ts';
import type { Box, Paper, Picture } from '../view.ts';
import { drawFrame } from './frame.ts';
import { drawGraph } from './graph.ts';
import { drawMeter } from './meter.ts';
import { briefBytes, finePercentText, isKnown, percentText, quantityText } from './number-text.ts';
import type { Maybe } from './number-text.ts';
import { greatest } from './scale.ts';
import { hasPoints, pointsOf } from './series-points.ts';
import { drawTimeAxis, markTimes } from './time-axis.ts';
import { drawUnread } from './unread.ts';

/** A share of memory, or of swap. */
interface Part {
  readonly name: string;
  /** Where there is little room. */
  readonly brief: string;
  readonly id: string;
  readonly value: Maybe;
  readonly total: number;
}

/** What there is of memory at this moment, the most important first; swap only where there is any. */
function partsOf({ scene: { values } }: Picture): Part[] {
  const total = values.get('memory_total') ?? Number.NaN;
  const parts: Part[] = [
    { name: 'used', brief: 'used', id: 'memory_used', value: values.get('memory_used'), total },
    { name: 'available', brief: 'avail', id: 'memory_available', value: values.get('memory_available'), total },
    { name: 'cached', brief: 'cache', id: 'memory_cached', value: values.get('memory_cached'), total },
  ];
  const swap = values.get('memory_swap_total');
  if (isKnown(swap) && swap > 0)
    parts.splice(1, 0, { name: 'swap', brief: 'swap', id: 'memory_swap_used', value: values.get('memory_swap_used'), total: swap });
  return parts;
}

const PRESSURE: readonly (readonly [name: string, id: string])[] = [
  ['psi some', 'pressure_memory_some_percent'],
  ['psi full', 'pressure_memory_full_percent'],
];

/** Memory and swap: what is used of them, and what waits for them. */
export const MEMORY_BOX: Box = {
  name: 'memory',
  size: (picture) => ({ least: 3, best: partsOf(picture).length + 9 }),
  draw(paper, picture) {
    const { values } = picture.scene;
    const total = values.get('memory_total');
    const used = values.get('memory_used');
    const { theme } = paper;
    const inner = drawFrame(paper, {
      box: 'memory',
      title: 'memory',
      right: [
        { text: isKnown(total) ? quantityText(total, 'bytes') : '', style: theme.style('plain') },
        {
          text: isKnown(used) && isKnown(total) && total > 0 ? percentText((used / total) * 100).padStart(4) : '',
          style: theme.ramp('memory', (used ?? 0) / (total ?? 1)),
        },
      ],
    });
    const { height, width } = inner.region;
    if (!isKnown(total) && !isKnown(used) && !hasPoints(inner, picture, 'memory_used'))
      return drawUnread(inner, picture, ['memory', 'meminfo']);
    const parts = partsOf(picture);
    let y = 0;
    for (const part of parts) if (y < height) drawPart(inner, part, y++);
    if (y < height) y += drawPressure(inner, picture, y);
    if (height - y < 2) return;
    drawGraphs({ ...inner, region: inner.region.part(0, y, width, height - y) }, picture, parts);
    drawTimeAxis(paper, picture, 1, width);
  },
};

/** Rows from which more than one graph is drawn. */
const SEVERAL = 9;

/** What is used over time; where there is room, swap and the cache under it, half as high. */
function drawGraphs(paper: Paper, picture: Picture, parts: readonly Part[]): void {
  const { region, theme } = paper;
  const { width, height } = region;
  const [used, ...others] = parts.filter(({ name }) => name !== 'available');
  markTimes(paper, picture, 0, 0, width, height);
  const shown = height < SEVERAL ? [used!] : [used!, ...others];
  let from = 0;
  shown.forEach(({ name, id, total }, index) => {
    const to = Math.round(((index + 2) / (shown.length + 1)) * height);
    const values = pointsOf(paper, picture, id, width);
    // How much there is does not change: what the graph knows of it serves where the moment does not.
    const most = isKnown(total) ? total : greatest(pointsOf(paper, picture, 'memory_total', width)) || greatest(values);
    drawGraph(paper, { x: 0, y: from, width, height: to - from, values, most, ramp: 'memory' });
    if (to - from > 2) region.text(0, from, name, theme.style('dim'));
    from = to;
  });
}

/** `used  ━━━━━╸───  12.3 GiB 39%`: parts leave as the width shrinks, the number last. */
function drawPart(paper: Paper, { name, brief: short, value, total }: Part, y: number): void {
  const { region, theme } = paper;
  const { width } = region;
  const share = isKnown(value) && total > 0 ? value / total : Number.NaN;
  const brief = width < 34;
  const label = brief ? 6 : 10;
  const text = brief ? briefBytes(value, 'bytes').padStart(5) : quantityText(value, 'bytes').padStart(8);
  const percent = percentText(Number.isNaN(share) ? null : share * 100).padStart(4);
  // Available memory is good to have much of: its gauge is no warning.
  const style: Style = name === 'available' || name === 'cached' ? theme.style('plain') : theme.ramp('memory', share);
  region.text(0, y, brief ? short : name, theme.style('dim'), label - 1);
  const end = width - percent.length;
  region.text(Math.max(label, end), y, percent, style);
  const at = end - text.length - 1;
  region.text(Math.max(label, at), y, text, theme.style('plain'), Math.max(0, Math.min(text.length, width - label)));
  if (at - label > 4) drawMeter(paper, label, y, at - label - 1, share, name === 'available' || name === 'cached' ? null : 'memory');
}

/** One line of what waited for memory; returns the rows that it took. */
function drawPressure({ region, theme }: Paper, { scene: { values } }: Picture, y: number): number {
  let x = 0;
  for (const [name, id] of PRESSURE) {
    const share = values.get(id);
    if (!isKnown(share) || x + name.length + 8 > region.width) continue;
    x += region.text(x, y, name, theme.style('dim')) + 1;
    const text = finePercentText(share).padStart(6);
    x += region.text(x, y, text, theme.style(share >= 10 ? 'warn' : 'plain')) + 3;
  }
  return x === 0 ? 0 : 1;
}
