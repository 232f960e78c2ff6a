import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './source-tree.testing.ts';

const folder = join(root, 'packages', 'metrics', 'examples');

/** Runs an example as its comment says, against the built packages; `endAfter` lines it gets what Ctrl-C sends. */
function run(
  name: string,
  args: readonly string[] = [],
  endAfter?: number,
): Promise<{ status: number | null; lines: string[]; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(folder, name), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (endAfter !== undefined && stdout.split('\n').length > endAfter) child.kill('SIGINT');
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, lines: stdout.split('\n').slice(0, -1), stderr }));
  });
}

// Other platforms have no collectors yet: there is nothing that the examples could show.
describe.runIf(process.platform === 'linux')('the examples of @hecate/metrics', () => {
  it('are all run here', () => {
    expect(readdirSync(folder).toSorted()).toEqual(['events.mjs', 'prometheus-text.mjs', 'read-now.mjs', 'snapshot-once.mjs', 'watch.mjs']);
  });

  it('snapshot-once prints this machine', async () => {
    const { status, lines, stderr } = await run('snapshot-once.mjs');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(lines[0]).toMatch(/^cpu {5}(?:\d+\.\d %|unknown)$/);
    expect(lines[1]).toMatch(/^memory {2}\d+ of \d+ bytes$/);
  });

  it('read-now prints each domain', async () => {
    const { status, lines, stderr } = await run('read-now.mjs');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(lines[0]).toMatch(/^memory \d+ of \d+ bytes$/);
    expect(lines[1]).toMatch(/^load [\d.]+$/);
  });

  it('watch prints as many lines as it was asked for', async () => {
    const { status, lines, stderr } = await run('watch.mjs', ['2']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toMatch(/^\d+\.\d\d s {2}cpu \d+\.\d % {2}load [\d.]+$/);
  });

  it('events says what is watched, and ends in order at Ctrl-C', async () => {
    const { status, lines, stderr } = await run('events.mjs', [], 1);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ kind: expect.any(String), time: expect.any(Number) });
  });

  it('watch ends in order at Ctrl-C', async () => {
    const { status, lines, stderr } = await run('watch.mjs', [], 1);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(lines.length).toBeGreaterThan(0);
  });

  it('prometheus-text prints families with their heading', async () => {
    const { status, lines, stderr } = await run('prometheus-text.mjs');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const load = lines.findIndex((line) => line.startsWith('node_load1 '));
    expect(lines.slice(load - 2, load)).toEqual(['# HELP node_load1 Load average over 1 minute.', '# TYPE node_load1 gauge']);
    expect(lines).toContain('# TYPE node_context_switches_total counter');
  });
});
