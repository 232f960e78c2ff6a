import { detailLines } from '../process/detail-text.ts';
import type { DetailLine } from '../process/detail-line.ts';
import { rowLines } from '../process/row-text.ts';
import { rowOfProcess } from '../scene.ts';
import type { Scene } from '../scene.ts';
import type { SceneDetail } from '../source.ts';
import type { Paper, Picture } from '../view.ts';
import { drawFrame, hasFrame } from './frame.ts';

/** The lines of the last drawing: keys that scroll make none of them anew. */
const made = new WeakMap<SceneDetail, { readonly scene: Scene; readonly width: number; readonly lines: readonly DetailLine[] }>();

function linesOf({ scene, state, detail }: Picture, width: number): readonly DetailLine[] {
  if (!detail) return [];
  const last = made.get(detail);
  if (last && last.scene === scene && last.width === width) return last.lines;
  const { processes, time } = scene;
  const row = processes === null || state.detail === null ? -1 : rowOfProcess(processes, state.detail);
  const lines = detailLines(detail, { time, processes, row }, width);
  made.set(detail, { scene, width, lines });
  return lines;
}

/** Columns and rows inside of the frame, less a space at both sides. */
function roomOf(width: number, height: number): { readonly across: number; readonly down: number; readonly left: number } {
  return hasFrame(width, height) ? { across: Math.max(1, width - 4), down: height - 2, left: 1 } : { across: width, down: height, left: 0 };
}

/** The furthest that details can be scrolled in a box of this size, its frame included. */
export function mostDetailScroll(picture: Picture, width: number, height: number): number {
  const { across, down } = roomOf(width, height);
  return Math.max(0, linesOf(picture, across).length - down);
}

/** All about the process of `state.detail`, into all of the paper's region. */
export function drawProcessDetail(paper: Paper, picture: Picture): void {
  const { state, detail, scene } = picture;
  if (state.detail === null) return;
  const { pid } = state.detail;
  const { width, height } = paper.region;
  const { across, down, left } = roomOf(width, height);
  const lines = linesOf(picture, across);
  const first = Math.max(0, Math.min(state.detailScroll, lines.length - down));
  const place = lines.length > down ? `${first + 1}-${Math.min(lines.length, first + down)} of ${lines.length}` : '';
  const row = scene.processes === null ? -1 : rowOfProcess(scene.processes, state.detail);
  const name = detail?.detail.name ?? (row < 0 ? '' : scene.processes!.identities[row]!.name);
  const dim = paper.theme.style('dim');
  const inside = drawFrame(paper, {
    box: 'processes',
    title: `process ${pid}`,
    about: name,
    right: [
      { text: place, style: dim },
      { text: 'back', style: paper.theme.style('key'), mark: { kind: 'back' } },
    ],
  });
  const { region } = inside;
  if (!detail) {
    region.text(left, 0, waitText(picture, pid, row), dim, across);
    // What the list has is known all the same.
    if (detail === null && row >= 0) drawLines(inside, rowLines(scene.processes!, row, across), { left, top: 2, across, down: down - 2 });
    return;
  }
  const isGone = scene.processes !== null && row < 0;
  drawLines(inside, lines.slice(first, first + down), { left, top: 0, across, down }, isGone);
  if (isGone && height > 2)
    paper.region.text(2, height - 1, ' It has ended; this is what was known last. ', paper.theme.style('warn'), Math.max(0, width - 4));
}

/** Draws lines into a part of the paper, what does not fit cut off. */
function drawLines(
  { region, theme }: Paper,
  lines: readonly DetailLine[],
  part: { readonly left: number; readonly top: number; readonly across: number; readonly down: number },
  isGone: boolean = false,
): void {
  const { left, top, across, down } = part;
  for (let y = 0; y < Math.min(down, lines.length); y++) {
    for (const { at, text, role, width } of lines[y]!) {
      const room = Math.min(width ?? across, across - at);
      if (room > 0) region.text(left + at, top + y, text, theme.style(isGone ? 'dim' : role), room);
    }
  }
}

/** Why there are no details. */
function waitText({ detail, scene, source }: Picture, pid: number, row: number): string {
  if (detail === undefined) return 'Reading...';
  if (scene.processes !== null && row < 0) return `The process ${pid} has ended.`;
  if (source.kind === 'replay') return 'Details are known of the present only.';
  if (scene.machine.kernel?.startsWith('Darwin')) return 'Of macOS, the list has all that is known of single processes.';
  return `Nothing more is known of process ${pid}: it has just ended, or may not be looked at.`;
}
