import { encodeDuration, widthOf } from '@hecate/observe';
import type { Style } from '../../screen/region.ts';
import type { Box, Paper, Picture } from '../view.ts';
import { drawFrame } from './frame.ts';
import type { FrameText } from './frame.ts';
import { drawGraph } from './graph.ts';
import { lineLetters } from './letters.ts';
import { celsiusText, percentText, wattsText } from './number-text.ts';
import { objectsOf, valueOf } from './objects.ts';
import type { SceneObject } from './objects.ts';
import { pointsOf } from './series-points.ts';

/** What graphs of temperatures are full at. */
const HOT = 100;
/** Columns of one sensor where there is room for several beside each other. */
const COLUMN = 34;
const APART = 2;
/** Columns of a graph: beside long names it is small, but there. */
const MOST_BARS = 24;
const LEAST_BARS = 5;

/** A line of the box. */
interface Line {
  readonly name: string;
  readonly text: string;
  readonly style: Style;
  /** The series whose graph stands between them, if one does. */
  readonly graph: string | null;
}

/** What a sensor is called: the label of its series without what it measures. */
const nameOf = ({ source }: Picture, { name, ids }: SceneObject): string => {
  const id = Object.values(ids)[0];
  const label = id === undefined ? undefined : source.meta(id)?.label;
  return label === undefined || label === '' ? name : label;
};

function linesOf({ theme, unicode }: Paper, picture: Picture): Line[] {
  const { scene } = picture;
  const { temperature, fan } = objectsOf(scene);
  const letters = lineLetters(unicode);
  const warm = temperature.map((sensor): Line => {
    const celsius = valueOf(scene, sensor, 'celsius');
    const style = celsius === null ? theme.style('dim') : theme.ramp('temperature', celsius / HOT);
    return { name: nameOf(picture, sensor), text: celsiusText(celsius, letters), style, graph: sensor.ids['celsius'] ?? null };
  });
  const fans = fan.map((sensor): Line => {
    const rpm = valueOf(scene, sensor, 'rpm');
    return { name: nameOf(picture, sensor), text: rpm === null ? '-' : `${Math.round(rpm)} rpm`, style: theme.style('plain'), graph: null };
  });
  return [...warm, ...fans];
}

/** What stands at the right of the frame: where the power comes from, and for how long. */
function battery({ theme }: Paper, { scene: { power } }: Picture): FrameText[] {
  if (power === null) return [];
  const { onBattery, charge, watts, secondsLeft } = power;
  const low = charge !== null && charge < 0.2 && onBattery === true;
  return [
    {
      text: secondsLeft === null ? '' : `${encodeDuration(secondsLeft)} ${onBattery === false ? 'to full' : 'left'}`,
      style: theme.style('plain'),
    },
    { text: watts === null ? '' : wattsText(watts), style: theme.style('plain') },
    { text: charge === null ? '' : `battery ${percentText(charge * 100)}`, style: theme.style(low ? 'bad' : 'plain') },
    { text: onBattery === null ? '' : onBattery ? 'on battery' : 'on mains', style: theme.style(low ? 'bad' : 'good') },
  ];
}

const hasPower = ({ scene: { power } }: Picture): boolean =>
  power !== null && (power.charge !== null || power.onBattery !== null || power.watts !== null);

/** Temperatures, fans and the battery. */
export const SENSOR_BOX: Box = {
  name: 'sensor',
  size(picture, width) {
    const { temperature, fan } = objectsOf(picture.scene);
    const count = temperature.length + fan.length;
    if (count === 0) return hasPower(picture) ? { least: 1, best: 1 } : { least: 0, best: 0 };
    const rows = Math.ceil(count / columnsOf(width));
    return { least: Math.min(2, rows), best: rows };
  },
  draw(paper, picture) {
    const inner = drawFrame(paper, { box: 'sensor', title: 'sensors', right: battery(paper, picture) });
    const { width, height } = inner.region;
    const lines = linesOf(inner, picture);
    if (lines.length === 0) return void inner.region.text(1, 0, hasPower(picture) ? '' : 'no sensors', inner.theme.style('dim'));
    const columns = columnsOf(width);
    const across = Math.floor((width + APART) / columns) - APART;
    const shown = Math.min(lines.length, columns * height);
    const perColumn = Math.ceil(shown / columns);
    const longest = Math.max(...lines.map(({ name }) => widthOf(name)));
    for (let index = 0; index < shown; index++) {
      const x = Math.floor(index / perColumn) * (across + APART);
      drawLine({ ...inner, region: inner.region.part(x, index % perColumn, across, 1) }, picture, lines[index]!, longest);
    }
    const left = lines.length - shown;
    if (left > 0 && inner !== paper) paper.region.text(2, paper.region.height - 1, ` ${left} more `, paper.theme.style('dim'));
  },
};

const columnsOf = (width: number): number => Math.max(1, Math.floor((width + APART) / (COLUMN + APART)));

/** `longest`: columns of the longest name in the box, so that graphs stand below each other. */
function drawLine(paper: Paper, picture: Picture, { name, text, style, graph }: Line, longest: number): void {
  const { region, theme } = paper;
  const { width } = region;
  const end = width - Math.max(6, text.length);
  const room = Math.max(LEAST_BARS, end - 2 - longest);
  const bars = graph === null || width < 20 ? 0 : Math.min(MOST_BARS, Math.floor(width / 3), room);
  region.text(0, 0, name, theme.style('plain'), Math.max(1, end - 1 - (bars > 0 ? bars + 1 : 0)));
  if (bars > 0)
    drawGraph(paper, {
      x: end - bars - 1,
      y: 0,
      width: bars,
      height: 1,
      values: pointsOf(paper, picture, graph!, bars),
      most: HOT,
      ramp: 'temperature',
    });
  region.text(Math.max(0, width - text.length), 0, text, style);
}
