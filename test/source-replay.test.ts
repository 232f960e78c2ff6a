import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openReplaySource } from '../packages/cli/src/top/source/replay.ts';
import { readReplayChoice } from '../packages/cli/src/top/source/replay-place.ts';
import type { Scene } from '../packages/cli/src/top/scene.ts';
import type { TopSource } from '../packages/cli/src/top/source.ts';
import { eventually, startDaemon, temporary } from './cli.testing.ts';
import { configOf, silent } from './source.testing.ts';

describe.skipIf(process.platform !== 'linux')('a recording', () => {
  const data = temporary('data');
  let last = 0;
  beforeAll(async () => {
    const env = { XDG_CONFIG_HOME: configOf('[record]\nprocesses = true\nprocesses_every = 5\n') };
    const daemon = await startDaemon(['--interval', '0.5', '--data-dir', data], { env });
    await eventually(async () => Number((await daemon.json('healthz'))['samples']) >= 24, 'two dozen samples are taken');
    last = Date.now() / 1000;
    expect((await daemon.end()).status).toBe(0);
  });
  const open = (choice: { readonly when?: number; readonly file?: string }): Promise<TopSource> =>
    openReplaySource({ dataDir: data, stateDir: join(data, 'state'), ...choice, say: silent });
  const dayFile = (): string => readdirSync(data).find((name) => name.endsWith('.csv'))!;

  it('a moment of it, with series, single objects and processes; and what is to travel to', async () => {
    const source = await open({ when: last - 1 });
    const scenes: Scene[] = [];
    for await (const scene of source.scenes(new AbortController().signal)) scenes.push(scene);
    expect(scenes).toHaveLength(1);
    const [scene] = scenes as [Scene];
    expect(Math.abs(scene.time - last)).toBeLessThan(5);
    expect(scene.values.get('memory_total')).toBeGreaterThan(0);
    expect(scene.values.has('core.0.usage_percent')).toBe(true);
    expect(scene.machine.cores).toBeGreaterThan(0);
    const row = scene.processes!.identities.findIndex(({ pid }) => pid === process.pid);
    expect(scene.processes!.figures.rss[row]).toBeGreaterThan(1e6);
    const extent = await source.extent();
    expect(extent!.from).toBeLessThan(extent!.to);
    const stretch = await source.stretch({ from: extent!.from, to: extent!.to, step: 1, series: ['load1', 'core.0.usage_percent'] });
    expect([...stretch!.series.keys()].sort()).toEqual(['core.0.usage_percent', 'load1']);
    expect(await source.at(extent!.from - 3600)).toBeNull();
    expect([source.actor, await source.detail({ pid: 1, startedAfterBoot: 0 })]).toEqual([null, null]);
    await source.close();
  });

  it('the files themselves: a directory, a day, its packed form; what is none is refused in a sentence', async () => {
    for (const file of [data, join(data, dayFile())]) {
      const source = await open({ file });
      expect((await source.extent())!.to).toBeGreaterThan(last - 10);
      expect(source.label).toContain(file);
    }
    const other = temporary('other');
    const refused = (file: string, code: string): Promise<void> =>
      expect(open({ file })).rejects.toMatchObject({ code, message: expect.stringContaining(file) });
    await refused(join(other, 'none.csv'), 'INVALID');
    await refused(other, 'UNAVAILABLE');
    writeFileSync(join(other, 'notes.csv'), 'a,b\n1,2\n');
    await refused(join(other, 'notes.csv'), 'INVALID');
    writeFileSync(join(other, '2026-01-05.hcol'), 'x');
    await refused(join(other, '2026-01-05.hcol'), 'INVALID');
    writeFileSync(join(other, '2026-01-05.csv'), '');
    await expect(open({ file: join(other, '2026-01-05.csv') })).rejects.toMatchObject({ name: 'HecateError' });
  });

  it('a line that was torn, a directory that is not there, a moment before everything', async () => {
    const torn = temporary('torn');
    writeFileSync(join(torn, dayFile()), readFileSync(join(data, dayFile()), 'utf8').slice(0, -30));
    const source = await open({ file: torn });
    expect((await source.extent())!.to).toBeLessThanOrEqual(last);
    const nowhere = { dataDir: join(torn, 'none'), stateDir: torn, when: last, say: silent };
    await expect(openReplaySource(nowhere)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const early = { code: 'UNAVAILABLE', message: expect.stringContaining('Nothing was recorded') };
    await expect(open({ when: last - 86_400 * 300 })).rejects.toMatchObject(early);
  });

  it.skipIf(process.getuid?.() === 0)('a directory that this user may not read', async () => {
    const closed = temporary('closed');
    chmodSync(closed, 0);
    await expect(open({ file: closed })).rejects.toMatchObject({ code: 'DENIED' });
    chmodSync(closed, 0o700);
  });

  it('what stands after --replay is a time or a path', () => {
    expect(readReplayChoice('-2h', 1e9)).toEqual({ when: 1e9 - 7200 });
    expect(readReplayChoice('2h ago', 1e9)).toEqual({ when: 1e9 - 7200 });
    expect(readReplayChoice(data)).toEqual({ file: data });
    expect(readReplayChoice('none/2026-01-01.csv')).toEqual({ file: expect.stringContaining('none/2026-01-01.csv') });
    expect(() => readReplayChoice('soon')).toThrow(expect.objectContaining({ code: 'INVALID' }));
  });
});
