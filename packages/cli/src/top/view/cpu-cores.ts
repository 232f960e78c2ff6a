import type { Paper, Picture } from '../view.ts';
import { drawGraph } from './graph.ts';
import { heatLetter } from './letters.ts';
import { percentText } from './number-text.ts';
import { objectsOf, valueOf } from './objects.ts';
import type { SceneObject } from './objects.ts';
import { pointsOf } from './series-points.ts';
import { markTimes } from './time-axis.ts';

/** How much is shown of each core. Columns of a part are 0 where it is left out. */
interface CoreShape {
  readonly graph: number;
  readonly hertz: boolean;
  /** Columns of all of it. */
  readonly width: number;
  readonly columns: number;
}

const APART = 2;
const PERCENT = 4;
const GIGAHERTZ = 4;

/** From much to little: columns of the graph, and whether the clock is shown. */
const SHAPES: readonly (readonly [graph: number, hertz: boolean])[] = [
  [10, true],
  [10, false],
  [5, true],
  [5, false],
  [0, true],
  [0, false],
];

const labelWidth = (cores: readonly SceneObject[]): number => 1 + (cores.at(-1)?.name.length ?? 1);

/** The richest shape in which all cores are seen; null: there is room for a cell each at most. */
function coreShape(cores: readonly SceneObject[], hertz: boolean, width: number, height: number): CoreShape | null {
  for (const [graph, withHertz] of SHAPES) {
    if (withHertz && !hertz) continue;
    const least = labelWidth(cores) + 1 + (graph === 0 ? 0 : graph + 1) + PERCENT + (withHertz ? GIGAHERTZ + 1 : 0);
    const most = Math.floor((width + APART) / (least + APART));
    const columns = Math.ceil(cores.length / Math.max(1, height));
    if (columns <= most) return { graph, hertz: withHertz, width: least, columns };
  }
  return null;
}

/** The shape with graphs as wide as there is room for. */
function widened(shape: CoreShape, width: number): CoreShape {
  if (shape.graph === 0) return shape;
  const more = Math.floor((width + APART) / shape.columns) - APART - shape.width;
  return { ...shape, graph: shape.graph + more, width: shape.width + more };
}

/**
 * Columns that all cores need to be seen at this height, with as much of each as `most` columns have room for. Where they are so many that
 * they are a cell each, up to `widest`.
 */
export function coresWidth({ scene }: Picture, most: number, widest: number, height: number): number {
  const cores = objectsOf(scene).core;
  const shape = coreShape(cores, scene.frequencies.size > 0, most, height);
  if (shape === null) return Math.max(most, Math.min(widest, Math.ceil(cores.length / height)));
  return shape.columns * (shape.width + APART) - APART;
}

/** Rows in which all cores are seen with a graph each in so many columns. */
export function coresHeight({ scene }: Picture, width: number): number {
  const cores = objectsOf(scene).core;
  const each = labelWidth(cores) + 1 + 6 + PERCENT;
  return Math.ceil(cores.length / Math.max(1, Math.floor((width + APART) / (each + APART))));
}

/** The most rows that the graph of one core has. */
const MOST_ROWS = 16;

/** Draws all cores into the paper: each with graph, share and clock, or a cell each where they are many. */
export function drawCores(paper: Paper, picture: Picture): void {
  const { width, height } = paper.region;
  const { scene } = picture;
  const cores = objectsOf(scene).core;
  if (cores.length === 0 || width < 1 || height < 1) return;
  const narrow = coreShape(cores, scene.frequencies.size > 0, width, height);
  if (narrow === null) return drawHeat(paper, picture, cores);
  const shape = widened(narrow, width);
  const perColumn = Math.ceil(cores.length / shape.columns);
  const rows = shape.graph === 0 ? 1 : Math.max(1, Math.min(MOST_ROWS, Math.floor(height / perColumn)));
  const label = labelWidth(cores);
  for (let index = 0; index < cores.length; index++) {
    const x = Math.floor(index / perColumn) * (shape.width + APART);
    drawCore(
      { ...paper, region: paper.region.part(x, (index % perColumn) * rows, shape.width, rows) },
      picture,
      cores[index]!,
      shape,
      label,
    );
  }
}

/** A core: its name and its figures stand at the foot of its graph. */
function drawCore(paper: Paper, picture: Picture, { name, ids }: SceneObject, { graph, hertz, width }: CoreShape, label: number): void {
  const { region, theme } = paper;
  const id = ids['usage_percent'];
  const usage = valueOf(picture.scene, { name, ids }, 'usage_percent');
  const y = region.height - 1;
  region.text(0, y, `C${name}`, theme.style('dim'), label);
  if (graph > 0 && id !== undefined) {
    const points = pointsOf(paper, picture, id, graph);
    drawGraph(paper, { x: label + 1, y: 0, width: graph, height: region.height, values: points, most: 100, ramp: 'cpu' });
    markTimes(paper, picture, label + 1, 0, graph, region.height);
  }
  const end = hertz ? width - GIGAHERTZ - 1 : width;
  const text = percentText(usage);
  region.text(end - text.length, y, text, usage === null ? theme.style('dim') : theme.ramp('cpu', usage / 100));
  if (!hertz) return;
  const clock = picture.scene.frequencies.get(Number(name));
  const gigahertz = clock === undefined ? '-' : `${(clock / 1e9).toFixed(1)}G`;
  region.text(width - gigahertz.length, y, gigahertz, theme.style('dim'));
}

/** A cell a core, row after row, its letter and colour by its share. Where even that is too much, each cell is the busiest of several. */
function drawHeat({ region, theme, letters }: Paper, { scene }: Picture, cores: readonly SceneObject[]): void {
  const { width, height } = region;
  const perCell = Math.ceil(cores.length / (width * height));
  for (let cell = 0; cell * perCell < cores.length; cell++) {
    let most = Number.NaN;
    for (let index = cell * perCell; index < Math.min(cores.length, (cell + 1) * perCell); index++) {
      const usage = valueOf(scene, cores[index]!, 'usage_percent') ?? Number.NaN;
      if (!(usage <= most) && !Number.isNaN(usage)) most = usage;
    }
    const style = Number.isNaN(most) ? theme.style('dim') : theme.ramp('cpu', most / 100);
    region.put(cell % width, Math.floor(cell / width), heatLetter(letters, most / 100), style);
  }
}
