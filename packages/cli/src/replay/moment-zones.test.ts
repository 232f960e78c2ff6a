import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

/** What moments mean in a zone: the zone of a process is that of its start. */
async function momentsIn(zone: string, now: string, texts: readonly string[]): Promise<string[]> {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const { outputFiles } = await build({
    stdin: {
      contents: `import { parseMoment } from './moment-text.ts';
        process.stdout.write(JSON.stringify(${JSON.stringify(texts)}.map((text) => new Date(parseMoment(text, ${Date.parse(now) / 1000}) * 1000).toISOString())));`,
      resolveDir: here,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    write: false,
    logLevel: 'error',
    alias: { '@hecate/host': fileURLToPath(new URL('../../../host/src/index.ts', import.meta.url)) },
    external: ['koffi'],
  });
  const program = outputFiles[0]!.text;
  return JSON.parse(
    execFileSync(process.execPath, ['-'], { input: program, encoding: 'utf8', env: { ...process.env, TZ: zone } }),
  ) as string[];
}

test('in autumn a doubled hour is its first; in spring an hour that there is not is the one after it', async () => {
  expect(await momentsIn('Europe/Berlin', '2026-10-25T12:00:00Z', ['02:30', '01:59', '03:30', 'yesterday 02:30'])).toEqual([
    '2026-10-25T00:30:00.000Z',
    '2026-10-24T23:59:00.000Z',
    '2026-10-25T02:30:00.000Z',
    '2026-10-24T00:30:00.000Z',
  ]);
  expect(await momentsIn('Europe/Berlin', '2026-03-29T12:00:00Z', ['02:30', '01:30', '-10h'])).toEqual([
    '2026-03-29T01:30:00.000Z',
    '2026-03-29T00:30:00.000Z',
    '2026-03-29T02:00:00.000Z',
  ]);
});
