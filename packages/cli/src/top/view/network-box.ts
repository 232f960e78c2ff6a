import type { Box, Paper, Picture } from '../view.ts';
import { drawFrame } from './frame.ts';
import type { FrameText } from './frame.ts';
import { drawGraph } from './graph.ts';
import { lineLetters } from './letters.ts';
import { briefBytes, isKnown, quantityText } from './number-text.ts';
import { objectsOf, valueOf } from './objects.ts';
import type { SceneObject } from './objects.ts';
import { greatest, scaleEnd } from './scale.ts';
import { hasPoints, pointsOf } from './series-points.ts';
import { drawTimeAxis, markTimes } from './time-axis.ts';
import { drawUnread } from './unread.ts';

/** Noise below this much a second is no mountain. */
const LEAST_RATE = 10_000;
/** Rows that the graph of both directions has at least; else only lines are shown. */
const LEAST_GRAPH = 2;
/** Columns of the graph of an interface in its line, at most. */
const TRAIL = 40;
const LOOPBACK = /^lo\d*$/;
/** Rows from which each interface gets a graph of its own, when there are several and all have room. */
const OWN_GRAPH = 7;

const RECEIVE = 'network_receive_bytes_per_second';
const TRANSMIT = 'network_transmit_bytes_per_second';

/** The machine as if it were an interface. */
const TOTAL: SceneObject = { name: 'all', ids: { receive_bytes_per_second: RECEIVE, transmit_bytes_per_second: TRANSMIT } };

/** What stands at the right of the frame: packets with errors, and both sums. */
function headline({ theme, unicode }: Paper, { scene: { values } }: Picture): FrameText[] {
  const { receive, transmit } = lineLetters(unicode);
  const errors = values.get('network_errors_per_second');
  const rate = (id: string): string => briefBytes(values.get(id), 'bytes/second').padStart(5);
  return [
    { text: isKnown(errors) && errors > 0 ? `${quantityText(errors, 'count/second')} errors` : '', style: theme.style('bad') },
    { text: `${receive}${rate(RECEIVE)} ${transmit}${rate(TRANSMIT)}`, style: theme.style('plain') },
  ];
}

/** Interfaces with what they receive and send. */
export const NETWORK_BOX: Box = {
  name: 'network',
  size(picture) {
    const { length } = objectsOf(picture.scene).network;
    if (length === 0 && !picture.scene.values.has(RECEIVE)) return { least: 0, best: 0 };
    return { least: 3, best: Math.min(length, 8) + 8 };
  },
  draw(paper, picture) {
    const inner = drawFrame(paper, { box: 'network', title: 'network', right: headline(paper, picture) });
    const { width, height } = inner.region;
    const interfaces = busyFirst(inner, picture);
    const known =
      isKnown(picture.scene.values.get(RECEIVE)) ||
      interfaces.some((one) => valueOf(picture.scene, one, 'receive_bytes_per_second') !== null) ||
      hasPoints(inner, picture, RECEIVE);
    if (!known) return drawUnread(inner, picture, ['network', '/proc/net']);
    drawTimeAxis(paper, picture, 1, width);
    if (interfaces.length > 1 && height >= interfaces.length * OWN_GRAPH) return drawEach(inner, picture, interfaces);
    const lines = Math.min(
      interfaces.length,
      Math.max(height < LEAST_GRAPH + 1 ? height : 1, height - 6),
      Math.max(1, height - LEAST_GRAPH),
    );
    drawMirrored(inner, picture, TOTAL, 0, height - lines);
    for (let index = 0; index < lines; index++) drawInterface(inner, picture, interfaces[index]!, height - lines + index);
  },
};

/**
 * Interfaces that carried anything in the time that graphs show, then the idle ones; the loopback after others of its kind. It stays as it
 * is while traffic goes up and down.
 */
function busyFirst(paper: Paper, picture: Picture): readonly SceneObject[] {
  const rank = ({ name, ids }: SceneObject): number => {
    const busy = Object.values(ids).some(
      (id) => greatest(pointsOf(paper, picture, id, TRAIL)) > 0 || (picture.scene.values.get(id) ?? 0) > 0,
    );
    return (busy ? 0 : 2) + (LOOPBACK.test(name) ? 1 : 0);
  };
  return objectsOf(picture.scene)
    .network.map((one) => ({ one, rank: rank(one) }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ one }) => one);
}

/** Every interface with a graph of its own: where there is all the room. */
function drawEach(paper: Paper, picture: Picture, interfaces: readonly SceneObject[]): void {
  const { height } = paper.region;
  for (let index = 0; index < interfaces.length; index++) {
    const from = Math.floor((index * height) / interfaces.length);
    const to = Math.floor(((index + 1) * height) / interfaces.length);
    drawInterface(paper, picture, interfaces[index]!, from, false);
    drawMirrored(paper, picture, interfaces[index]!, from + 1, to - from - 1);
  }
}

/** What is received grows upwards, what is sent downwards, each on a scale of its own that stands beside it. */
function drawMirrored(paper: Paper, picture: Picture, { ids }: SceneObject, y: number, height: number): void {
  const { region, theme, unicode } = paper;
  if (height < LEAST_GRAPH) return;
  const { receive, transmit } = lineLetters(unicode);
  const { width } = region;
  markTimes(paper, picture, 0, y, width, height);
  const upper = Math.ceil(height / 2);
  for (const hanging of [false, true]) {
    const id = ids[hanging ? 'transmit_bytes_per_second' : 'receive_bytes_per_second'];
    if (id === undefined) continue;
    const values = pointsOf(paper, picture, id, width);
    const most = scaleEnd(greatest(values), LEAST_RATE);
    const rows = hanging ? height - upper : upper;
    const top = hanging ? y + upper : y;
    drawGraph(paper, { x: 0, y: top, width, height: rows, values, most, ramp: 'network', hanging });
    if (rows > 1)
      region.text(
        0,
        hanging ? top + rows - 1 : top,
        `${hanging ? transmit : receive} ${briefBytes(most, 'bytes/second')}/s`,
        theme.style('dim'),
      );
  }
}

/** An interface: its name, and what it receives and sends now. */
function drawInterface(paper: Paper, picture: Picture, one: SceneObject, y: number, withTrails: boolean = true): void {
  const { region, theme, unicode } = paper;
  const { width } = region;
  const { receive, transmit } = lineLetters(unicode);
  const brief = width < 44;
  const rate = (metric: string): string => {
    const value = valueOf(picture.scene, one, metric);
    return brief ? briefBytes(value, 'bytes/second').padStart(5) : quantityText(value, 'bytes/second').padStart(9);
  };
  const texts = [`${receive} ${rate('receive_bytes_per_second')}`, `${transmit} ${rate('transmit_bytes_per_second')}`];
  const room = texts.reduce((sum, text) => sum + text.length + 2, 0);
  const idle = Object.values(one.ids).every((id) => !((picture.scene.values.get(id) ?? 0) > 0));
  region.text(0, y, one.name, theme.style(idle ? 'dim' : 'strong'), Math.max(4, width - room));
  let end = width;
  for (const text of texts.toReversed()) {
    if (end - text.length < 5) break;
    region.text(end - text.length, y, text, theme.style('plain'));
    end -= text.length + 2;
  }
  if (withTrails && !brief && end - 18 >= 10) drawTrails(paper, picture, one, 16, y, end - 18);
}

/** Both directions over time in one row, beside each other. */
function drawTrails(paper: Paper, picture: Picture, { ids }: SceneObject, x: number, y: number, width: number): void {
  const half = Math.min(TRAIL, Math.floor((width - 2) / 2));
  ['receive_bytes_per_second', 'transmit_bytes_per_second'].forEach((metric, index) => {
    const id = ids[metric];
    if (id === undefined) return;
    const values = pointsOf(paper, picture, id, half);
    drawGraph(paper, {
      x: x + index * (half + 2),
      y,
      width: half,
      height: 1,
      values,
      most: scaleEnd(greatest(values), LEAST_RATE),
      ramp: 'network',
    });
  });
}
