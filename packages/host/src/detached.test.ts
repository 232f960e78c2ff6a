import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startDetached } from './detached.ts';

const NODE = process.execPath;
const READY = 'require("fs").writeSync(1, "ready\\n");';
/** Lives for a minute unless it is ended. */
const LIVE = 'setTimeout(() => {}, 60_000);';

/** Session and parent of a process: fields 4 and 6 of its stat. */
function familyOf(pid: number): { parent: number; session: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { parent: Number(fields[1]), session: Number(fields[3]) };
}
const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('a detached process', () => {
  it.runIf(process.platform === 'linux')('has a session of its own, no input, no error output, and / as its directory', async () => {
    const place = mkdtempSync(path.join(tmpdir(), 'hecate-detached-'));
    const report = path.join(place, 'report');
    const look = `const fs = require("fs"); fs.writeFileSync(${JSON.stringify(report)}, [0, 2].map((n) => fs.readlinkSync("/proc/self/fd/" + n)).concat(process.cwd()).join(" "));`;
    const pid = await startDetached([NODE, '-e', `${look}${READY}${LIVE}`]);
    try {
      expect(familyOf(pid).session).toBe(pid);
      expect(readFileSync(report, 'utf8')).toBe('/dev/null /dev/null /');
    } finally {
      process.kill(pid, 'SIGKILL');
      rmSync(place, { recursive: true });
    }
  });

  it('goes on when whoever started it is killed', () => {
    const source = pathToFileURL(path.resolve('packages/host/dist/index.js')).href;
    const starter = `
      const { startDetached } = await import(${JSON.stringify(source)});
      console.log(await startDetached([process.execPath, '-e', ${JSON.stringify(READY + LIVE)}]));
      process.kill(process.pid, 'SIGKILL');`;
    const { stdout, signal } = spawnSync(NODE, ['--input-type=module', '-e', starter], { encoding: 'utf8', timeout: 30_000 });
    expect(signal).toBe('SIGKILL');
    const pid = Number(stdout);
    expect(lives(pid)).toBe(true);
    process.kill(pid, 'SIGKILL');
  });

  it('may say that it is ready when nobody hears it any more', async () => {
    const source = pathToFileURL(path.resolve('packages/host/dist/index.js')).href;
    const script = `
      const { reportReady } = await import(${JSON.stringify(source)});
      process.stdin.resume().on('end', () => { reportReady(); process.exit(7); });`;
    const child = spawn(NODE, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdout.destroy();
    child.stdin.end();
    expect((await once(child, 'close'))[0]).toBe(7);
  });

  it.each([
    ['is missing', ['/nowhere/program'], 'UNAVAILABLE', /is not installed/],
    ['ends at once', [NODE, '-e', 'process.exit(3)'], 'FAILED', /ended with status 3/],
    ['is killed at once', [NODE, '-e', 'process.kill(process.pid, "SIGKILL")'], 'FAILED', /was ended by SIGKILL/],
    ['says something else', [NODE, '-e', `console.log("an error");${LIVE}`], 'FAILED', /not expected/],
    ['says nothing', [NODE, '-e', LIVE], 'FAILED', /did not start within 0.5 s/],
  ] as const)('that %s is an error', async (_name, argv, code, sentence) => {
    const error: unknown = await startDetached([...argv] as [string, ...string[]], {
      timeout: code === 'FAILED' && argv[2] === LIVE ? 0.5 : 20,
    }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, message: expect.stringMatching(sentence) });
  });
});
