import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, expect } from 'vitest';
import { cleanEnvironment, HECATE } from './cli.testing.ts';
import { startPty } from './pty.testing.ts';
import type { Pty } from './pty.testing.ts';

/** How `hecate top` is started in a terminal. */
export interface TopOptions {
  readonly width?: number;
  readonly height?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** `hecate top` in a terminal of its own, with nothing of the user who runs the tests. */
export function startTop(args: readonly string[] = [], { width = 80, height = 24, env = {} }: TopOptions = {}): Promise<Pty> {
  return startPty([process.execPath, HECATE, 'top', ...args], {
    width,
    height,
    env: cleanEnvironment({ TERM: 'xterm-256color', COLORTERM: 'truecolor', ...env }),
  });
}

/** The same, when the list of processes is there. */
export async function startedTop(args: readonly string[] = [], options: TopOptions = {}): Promise<Pty> {
  const pty = await startTop(args, options);
  await pty.until(/processes/);
  return pty;
}

/** Nothing of us is left on the terminal. */
export function expectRestored(pty: Pty): void {
  expect([1049, 2004, 1002, 1006, 2026].filter((mode) => pty.mode(mode))).toEqual([]);
  expect(pty.mode(25), 'the cursor is shown').toBe(true);
}

/** Leaves with `q`: status 0, the terminal as it was. */
export async function leave(pty: Pty): Promise<void> {
  pty.send('q');
  expect(await pty.ended()).toMatchObject({ status: 0, signal: null, raw: false });
  expectRestored(pty);
}

const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** A process that does nothing for a minute, under this name. */
export async function sleeper(name: string): Promise<ChildProcess> {
  const child = spawn('sleep', ['60'], { argv0: name, stdio: 'ignore' });
  children.add(child);
  await once(child, 'spawn');
  return child;
}

/** What stands in a line of the screen with this text; fails where there is none. */
export function lineWith(pty: Pty, text: RegExp): string {
  const line = pty.screen().find((one) => text.test(one));
  if (line === undefined) throw new Error(`No line has ${String(text)}:\n${pty.screen().join('\n')}`);
  return line;
}

/** Presses and lets go of the left button in a cell, counted from 0. */
export function click(pty: Pty, x: number, y: number): void {
  pty.send(`\u001b[<0;${x + 1};${y + 1}M\u001b[<0;${x + 1};${y + 1}m`);
}
