import { encodeDuration } from '@hecate/observe';
import { columnsOf } from '../../screen/letters.ts';
import { timeText } from '../../terminal/event-line.ts';
import type { Command } from '../state.ts';
import type { Paper, Picture, Role } from '../view.ts';

/** A piece of the line. Where there is no room for all, those of the least weight are left out. */
interface Piece {
  readonly text: string;
  readonly role: Role;
  readonly weight: number;
  readonly mark?: Command;
}

/** Columns between two pieces. */
const GAP = 2;

/** The uppermost line: which machine, how long it runs, where this comes from, what is wrong, and which moment it is. */
export function drawHeadLine(paper: Paper, picture: Picture): void {
  const { region, theme } = paper;
  if (region.height < 1) return;
  const left = machinePieces(picture);
  const right = momentPieces(picture, paper.unicode);
  const kept = fitting([...left, ...right], region.width - 2);
  let x = 1;
  const write = (pieces: readonly Piece[]): void => {
    for (const { text, role, mark } of pieces) {
      const used = region.text(x, 0, text, theme.style(role), region.width - x);
      if (mark) region.mark(x, 0, used, 1, mark);
      x += used + GAP;
    }
  };
  write(left.filter((piece) => kept.has(piece)));
  const rest = right.filter((piece) => kept.has(piece));
  x = Math.max(x, region.width - 1 - rest.reduce((width, { text }) => width + columnsOf(text) + GAP, -GAP));
  write(rest);
}

/** The pieces that have room, by weight. */
function fitting(pieces: readonly Piece[], room: number): ReadonlySet<Piece> {
  const kept = new Set<Piece>();
  let left = room;
  for (const piece of pieces.toSorted((a, b) => b.weight - a.weight)) {
    const takes = columnsOf(piece.text) + (kept.size > 0 ? GAP : 0);
    // The most important one is there in any case, cut.
    if (takes > left && kept.size > 0) continue;
    kept.add(piece);
    left -= takes;
  }
  return kept;
}

function machinePieces({ scene, source }: Picture): Piece[] {
  const { hostname, system, kernel, bootTime } = scene.machine;
  const pieces: Piece[] = [{ text: hostname, role: 'strong', weight: 9 }];
  if (source.kind !== 'live') pieces.push({ text: source.label, role: 'fair', weight: 6 });
  if (system !== null) pieces.push({ text: system, role: 'dim', weight: 1 });
  if (kernel !== null) pieces.push({ text: kernel, role: 'dim', weight: 2 });
  if (bootTime !== null && scene.time > bootTime) {
    pieces.push({ text: `up ${encodeDuration(scene.time - bootTime)}`, role: 'plain', weight: 4 });
  }
  return pieces;
}

function momentPieces({ scene, state, source }: Picture, unicode: boolean): Piece[] {
  const pieces: Piece[] = [];
  const wrong = (scene.alerts ?? []).filter(({ severity }) => severity !== null);
  if (wrong.length > 0) {
    const role: Role = wrong.some(({ severity }) => severity === 'critical') ? 'bad' : 'warn';
    const text = `${unicode ? '▲' : '!'} ${wrong.length} ${wrong.length === 1 ? 'alert' : 'alerts'}`;
    pieces.push({ text, role, weight: 7, mark: { kind: 'alerts' } });
  }
  const isPast = state.moment !== null;
  if (state.frozen) pieces.push({ text: ' FROZEN ', role: 'selected', weight: 8, mark: { kind: 'toggle', what: 'freeze' } });
  if (isPast) pieces.push({ text: ' PAST ', role: 'selected', weight: 8, mark: { kind: 'present' } });
  if (!isPast && source.kind !== 'replay') pieces.push({ text: everyText(source.interval), role: 'dim', weight: 3 });
  pieces.push({ text: timeText(state.moment ?? scene.time), role: isPast ? 'warn' : 'plain', weight: 5, mark: { kind: 'choose-moment' } });
  return pieces;
}

const everyText = (seconds: number): string => `every ${encodeDuration(seconds)}`;
