import { objectName } from '@hecate/observe';
import type { Box, Paper, Picture } from '../view.ts';
import { drawFacts } from './facts.ts';
import type { Fact } from './facts.ts';
import { drawFrame } from './frame.ts';
import { drawGraph } from './graph.ts';
import { lineLetters } from './letters.ts';
import { celsiusText, hertzText, isKnown, percentText, quantityText, wattsText } from './number-text.ts';
import { objectsOf, valueOf } from './objects.ts';
import type { SceneObject } from './objects.ts';
import { pointsOf } from './series-points.ts';
import { drawTimeAxis, markTimes } from './time-axis.ts';

/** The machine's only card, where cards have no series of their own: on a Mac. */
const ONLY: SceneObject = {
  name: '',
  ids: {
    usage_percent: 'gpu_usage_percent',
    power_watts: 'gpu_power_watts',
    celsius: 'gpu_temperature_celsius',
    frequency_hertz: 'gpu_frequency_hertz',
  },
};

/** What a card is called: the label of one of its series, without what that measures. */
function nameOf({ source }: Picture, { name, ids }: SceneObject): string {
  const id = Object.values(ids)[0] ?? '';
  return objectName(id, source.meta(id)?.label ?? '') || name;
}

/** The cards that something is known of. */
function cardsOf({ scene }: Picture): readonly SceneObject[] {
  const { gpu } = objectsOf(scene);
  if (gpu.length > 0) return gpu;
  return Object.values(ONLY.ids).some((id) => isKnown(scene.values.get(id))) ? [ONLY] : [];
}

function factsOf({ theme, unicode }: Paper, { scene }: Picture, card: SceneObject): Fact[] {
  const memory = valueOf(scene, card, 'memory_used');
  const total = valueOf(scene, card, 'memory_total');
  const watts = valueOf(scene, card, 'power_watts');
  const celsius = valueOf(scene, card, 'celsius');
  const hertz = valueOf(scene, card, 'frequency_hertz');
  const facts: Fact[] = [];
  if (memory !== null) {
    const text = total === null ? quantityText(memory, 'bytes') : `${quantityText(memory, 'bytes')} of ${quantityText(total, 'bytes')}`;
    facts.push({ name: 'memory', text, width: total === null ? 8 : 20, style: theme.ramp('memory', total === null ? 0 : memory / total) });
  }
  if (watts !== null) facts.push({ name: 'power', text: wattsText(watts), width: 7 });
  if (celsius !== null)
    facts.push({
      name: 'temp',
      text: celsiusText(celsius, lineLetters(unicode)),
      width: 6,
      style: theme.ramp('temperature', celsius / 100),
    });
  if (hertz !== null) facts.push({ name: 'clock', text: hertzText(hertz), width: 8 });
  return facts;
}

/** Graphics cards: use over time, memory, power, temperature. */
export const GPU_BOX: Box = {
  name: 'gpu',
  size(picture) {
    const { length } = cardsOf(picture);
    return length === 0 ? { least: 0, best: 0 } : { least: Math.min(2 * length, 4), best: Math.min(length, 4) * 6 };
  },
  draw(paper, picture) {
    const cards = cardsOf(picture);
    const inner = drawFrame(paper, { box: 'gpu', title: 'gpu' });
    const { width, height } = inner.region;
    if (cards.length === 0)
      return void inner.region.text(1, 0, 'no graphics card that tells of itself', inner.theme.style('dim'), width - 1);
    // Each card has two rows at least; the others are told of.
    const shown = Math.max(1, Math.min(cards.length, Math.floor(height / 2)));
    for (let index = 0; index < shown; index++) {
      const from = Math.floor((index * height) / shown);
      const to = Math.floor(((index + 1) * height) / shown);
      drawCard({ ...inner, region: inner.region.part(0, from, width, to - from) }, picture, cards[index]!, index);
    }
    if (inner === paper) return;
    if (shown < cards.length) paper.region.text(2, paper.region.height - 1, ` ${cards.length - shown} more `, paper.theme.style('dim'));
    else drawTimeAxis(paper, picture, 1, width);
  },
};

function drawCard(paper: Paper, picture: Picture, card: SceneObject, index: number): void {
  const { region, theme } = paper;
  const { width, height } = region;
  const usage = valueOf(picture.scene, card, 'usage_percent');
  const text = percentText(usage).padStart(4);
  const name = card.name === '' ? '' : nameOf(picture, card);
  region.text(
    0,
    0,
    name === '' ? 'gpu' : /^\d+$/.test(name) ? `gpu ${name}` : name || `gpu ${index}`,
    theme.style('strong'),
    Math.max(1, width - 6),
  );
  region.text(Math.max(0, width - 4), 0, text, usage === null ? theme.style('dim') : theme.ramp('cpu', usage / 100));
  const facts = factsOf(paper, picture, card);
  const rows = drawFacts(paper, facts, 1, Math.max(height > 1 ? 1 : 0, Math.min(2, height - 3)));
  const id = card.ids['usage_percent'];
  const left = height - 1 - rows;
  if (id === undefined || left < 1) return;
  markTimes(paper, picture, 0, 1 + rows, width, left);
  drawGraph(paper, { x: 0, y: 1 + rows, width, height: left, values: pointsOf(paper, picture, id, width), most: 100, ramp: 'cpu' });
}
