import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runForeground } from './foreground.ts';

const NODE = process.execPath;
const source = pathToFileURL(path.resolve('packages/host/dist/index.js')).href;
/** Runs a program in the foreground of another process, and prints how it ended. */
const runner = (script: string): string[] => [
  '--input-type=module',
  '-e',
  `const { runForeground } = await import(${JSON.stringify(source)});
   console.log(JSON.stringify(await runForeground([process.execPath, '-e', ${JSON.stringify(script)}])));`,
];

describe('a program in the foreground', () => {
  it('has our input and outputs, and its status is told', () => {
    const script = 'process.stdin.on("data", (text) => process.stdout.write(String(text).toUpperCase())).on("end", () => process.exit(7))';
    const { stdout, status } = spawnSync(NODE, runner(script), { input: 'word\n', encoding: 'utf8', timeout: 30_000 });
    expect({ stdout, status }).toEqual({ stdout: 'WORD\n{"status":7,"signal":null}\n', status: 0 });
  });

  it('gets the signals that end a service, and we outlive it', async () => {
    const child = spawn(NODE, runner('process.on("SIGTERM", () => process.exit(9)); setInterval(() => {}, 1000); console.log("up")'), {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    await expect.poll(() => said, { timeout: 20_000 }).toBe('up\n');
    child.kill('SIGTERM');
    expect((await once(child, 'close'))[0]).toBe(0);
    expect(said).toBe('up\n{"status":9,"signal":null}\n');
  });

  it('that is missing is an error, and no signal is kept from us after it', async () => {
    const before = process.listenerCount('SIGTERM');
    await expect(runForeground(['/nowhere/program'])).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });
});
