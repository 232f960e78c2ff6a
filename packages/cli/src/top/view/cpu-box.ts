import type { Box, Paper, Picture } from '../view.ts';
import { coresHeight, coresWidth, drawCores } from './cpu-cores.ts';
import { cpuFacts } from './cpu-facts.ts';
import { drawFacts, factsPerRow } from './facts.ts';
import { drawFrame } from './frame.ts';
import type { FrameText } from './frame.ts';
import { drawGraph } from './graph.ts';
import { lineLetters } from './letters.ts';
import { celsiusText, finePercentText, isKnown, loadText, wattsText } from './number-text.ts';
import { objectsOf } from './objects.ts';
import { hasPoints, pointsOf } from './series-points.ts';
import { drawTimeAxis, markTimes } from './time-axis.ts';
import { drawUnread } from './unread.ts';

const USAGE = 'cpu_usage_percent';

/** What stands at the right of the frame: load averages, what the processor draws, how warm it is, and its use. */
function headline({ theme, unicode }: Paper, { scene: { values, machine } }: Picture): FrameText[] {
  const usage = values.get(USAGE);
  const celsius = values.get('cpu_temperature_celsius');
  const watts = values.get('cpu_power_watts');
  const loads = [values.get('load1'), values.get('load5'), values.get('load15')];
  const busy = machine.cores !== null && (loads[0] ?? 0) > machine.cores;
  return [
    { text: loads.some(isKnown) ? `load ${loads.map(loadText).join(' ')}` : '', style: theme.style(busy ? 'warn' : 'plain') },
    { text: isKnown(watts) ? wattsText(watts).padStart(6) : '', style: theme.style('plain') },
    { text: isKnown(celsius) ? celsiusText(celsius, lineLetters(unicode)) : '', style: theme.ramp('temperature', (celsius ?? 0) / 100) },
    { text: finePercentText(usage).padStart(6), style: isKnown(usage) ? theme.ramp('cpu', usage / 100) : theme.style('dim') },
  ];
}

/** The processor: its use over time, what it goes to, and each core. */
export const CPU_BOX: Box = {
  name: 'cpu',
  size({ scene }, width) {
    const cores = objectsOf(scene).core.length;
    // A third of the width in two columns or so: more rows than cores need make the graph higher and no more.
    const rows = Math.ceil(cores / Math.max(1, Math.floor((width * 0.45) / 22)));
    return { least: width < 40 ? 2 : 4, best: Math.max(width < 100 ? 7 : 13, Math.min(32, rows + 6)) };
  },
  draw(paper, picture) {
    const { machine, values } = picture.scene;
    const model = [machine.cpuModel, machine.cores === null ? null : `${machine.cores} ${machine.cores === 1 ? 'core' : 'cores'}`];
    const inner = drawFrame(paper, {
      box: 'cpu',
      title: 'cpu',
      about: model.filter((one) => one !== null).join(', '),
      right: headline(paper, picture),
    });
    const { width, height } = inner.region;
    const cores = objectsOf(picture.scene).core.length;
    if (!isKnown(values.get(USAGE)) && cores === 0 && !hasPoints(inner, picture, USAGE))
      return drawUnread(inner, picture, ['cpu:', 'cpu.', '/proc/stat']);
    if (width < 30) return drawNarrow(paper, inner, picture);

    const most = Math.floor(width * (width < 100 ? 0.5 : 0.55)) - 1;
    const facts = cpuFacts(inner, picture, width < 100);
    // Cores are what the box is for; but something is said of where the time goes.
    const spare = Math.max(height < 6 ? 1 : 2, height - coresHeight(picture, most) - 1);
    const least = Math.min(most, width < 100 ? 38 : width < 160 ? 56 : 72);
    const factRows = Math.min(spare, Math.ceil(facts.length / factsPerRow(facts, least, spare)));
    const room = Math.max(1, height - factRows - (height > 8 ? 1 : 0));
    const right = cores === 0 ? least : Math.max(least, coresWidth(picture, most, width - 13, room));
    const graph = width - right - 1;
    drawUsage(inner, picture, graph, height);
    const side: Paper = { ...inner, region: inner.region.part(graph + 1, 0, right, height) };
    const used = drawFacts(side, facts, 0, factRows);
    const gap = height > 8 ? 1 : 0;
    drawCores({ ...side, region: side.region.part(0, used + gap, right, height - used - gap) }, picture);
    if (inner !== paper) drawTimeAxis(paper, picture, 1, graph);
  },
};

function drawUsage(inner: Paper, picture: Picture, width: number, height: number): void {
  const values = pointsOf(inner, picture, USAGE, width);
  drawGraph(inner, { x: 0, y: 0, width, height, values, most: 100, ramp: 'cpu' });
  markTimes(inner, picture, 0, 0, width, height);
}

/** Where there is no room beside each other: the graph, and the cores under it. */
function drawNarrow(paper: Paper, inner: Paper, picture: Picture): void {
  const { width, height } = inner.region;
  const cells = Math.ceil(objectsOf(picture.scene).core.length / Math.max(1, width));
  const below = height < 2 ? 0 : Math.min(Math.floor(height / 2), Math.max(cells, height < 5 ? 1 : coresHeight(picture, width)));
  drawUsage(inner, picture, width, height - below);
  if (below > 0) drawCores({ ...inner, region: inner.region.part(0, height - below, width, below) }, picture);
  if (inner === paper) {
    const { region, theme } = paper;
    region.text(0, 0, `cpu ${finePercentText(picture.scene.values.get(USAGE))}`, theme.style('strong'));
  }
}
