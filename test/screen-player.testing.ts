// A program for the tests of the screen: it shows its size and what comes in, and leaves in as many ways as there are.
import process from 'node:process';
import { createGrid } from '../packages/cli/src/screen/grid.ts';
import type { InputEvent } from '../packages/cli/src/screen/input-event.ts';
import { openTerminal, sizeOf } from '../packages/cli/src/screen/session.ts';
import { createStyles } from '../packages/cli/src/screen/styles.ts';
import { depthOf, terminalOf } from '../packages/cli/src/terminal/terminal.ts';

const table = createStyles();
const title = table.of({ fg: 0xff8000, bold: true });
const first = sizeOf(process.stdout);
const grid = createGrid<null>(first.width, first.height, table);
const events: string[] = [];
let frames = 0;

const draw = (): void => {
  grid.clear();
  const region = grid.region();
  region.text(0, 0, `size ${region.width}x${region.height}`, title);
  region.text(0, 1, `frame ${++frames}`, 0);
  region.text(0, 2, events.join(' '), 0, region.width);
  region.text(0, 3, 'zsh 日本 👨‍👩‍👧 \u001b[31mred', 0);
  region.text(region.width - 1, region.height - 1, '#', 0);
  session.show(grid);
};

const ways: Readonly<Record<string, () => void>> = {
  q: () => session.close(),
  z: () => session.suspend(),
  x: () => {
    throw new Error('thrown on purpose');
  },
  r: () => void Promise.reject(new Error('rejected on purpose')),
  e: () => process.exit(3),
  // As much as a terminal that stands still does not take, and then some.
  f: () => {
    for (let round = 0; round < 200; round++) {
      grid.region().fill(0, 4, grid.region().width, grid.region().height - 5, 0, 0x41 + (round % 26));
      session.show(grid);
    }
    events.push('flooded');
    draw();
  },
  d: () => draw(),
};

function take(event: InputEvent): void {
  const text = event.kind === 'key' ? event.key : event.kind === 'mouse' ? `${event.action}@${event.x},${event.y}` : event.kind;
  const way = ways[text];
  if (way !== undefined) return way();
  events.push(event.kind === 'paste' ? `paste=${event.text}` : text);
  draw();
}

const session = openTerminal({
  input: process.stdin,
  output: process.stdout,
  table,
  depth: depthOf(process.stdout),
  unicode: terminalOf(process.stdout).unicode,
  mouse: true,
  onInput: take,
  onResize({ width, height }) {
    grid.resize(width, height);
    draw();
  },
  onEnd({ status }) {
    session.close();
    process.exit(status);
  },
});
draw();
