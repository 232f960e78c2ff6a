import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openHost } from '@hecate/host';
import { createReports } from './reports.ts';
import type { Reports } from './reports.ts';
import { ANALYSIS } from './routes/analysis.ts';
import type { RouteContext } from './route.ts';

let directory: string;
let calls: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'hecate-reports-'));
  calls = path.join(directory, 'calls');
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(directory, { recursive: true, force: true });
});

/** A program that notes its arguments and does what `body` says. */
function reportsOf(body: string): Reports {
  const file = path.join(directory, 'program.mjs');
  writeFileSync(
    file,
    `import { appendFileSync, existsSync } from 'node:fs';
appendFileSync(${JSON.stringify(calls)}, JSON.stringify(process.argv.slice(2)) + '\\n');
${body}`,
  );
  return createReports({ run: openHost().run, program: [process.execPath, file], dataDir: directory });
}
const callsSoFar = (): unknown[] =>
  existsSync(calls)
    ? readFileSync(calls, 'utf8')
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line))
    : [];
/** Waits for a file before it answers. */
const WAITS = `const wait = () => existsSync(process.argv[6] + '/go') ? console.log('{"a":1}') : setTimeout(wait, 5); wait();`;
const go = (): void => writeFileSync(path.join(directory, 'go'), '');

test('a report is what the program prints, asked with the days and the directory', async () => {
  expect(await reportsOf(`console.log('{"a":1}')`)('2026-11-01', '2026-11-07')).toBe('{"a":1}\n');
  expect(callsSoFar()).toEqual([
    ['analyze', '--format', 'json', '--data-dir', directory, '--start-date', '2026-11-01', '--end-date', '2026-11-07'],
  ]);
});

test('who asks for the same days meanwhile or soon after gets the same report', async () => {
  const reports = reportsOf(WAITS);
  const first = reports('2026-11-01', '2026-11-07');
  const second = reports('2026-11-01', '2026-11-07');
  go();
  expect(await first).toBe(await second);
  await reports('2026-11-01', '2026-11-07');
  expect(callsSoFar()).toHaveLength(1);
});

test('a report is made anew after a minute', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let runs = 0;
  const reports = createReports({
    run: () => Promise.resolve({ status: 0, signal: null, stdout: String(runs++), stderr: '' }),
    program: ['program'],
    dataDir: directory,
  });
  expect(await reports('2026-11-01', '2026-11-07')).toBe('0');
  await vi.advanceTimersByTimeAsync(59_000);
  expect(await reports('2026-11-01', '2026-11-07')).toBe('0');
  await vi.advanceTimersByTimeAsync(2000);
  expect(await reports('2026-11-01', '2026-11-07')).toBe('1');
});

test('one report at a time: another one is refused, and can be had afterwards', async () => {
  const reports = reportsOf(WAITS);
  const first = reports('2026-11-01', '2026-11-07');
  await expect(reports('2026-10-01', '2026-10-07')).rejects.toMatchObject({ code: 'CONFLICT' });
  go();
  await first;
  expect(await reports('2026-10-01', '2026-10-07')).toBe('{"a":1}\n');
});

test('tells the sentence of an error in JSON, with notes before it', async () => {
  const error = JSON.stringify({ error: { code: 'UNAVAILABLE', message: 'Nothing "was" recorded.', hint: null } });
  const reports = reportsOf(`process.stderr.write(${JSON.stringify(`hecate: A note.\n${error}\n`)}); process.exitCode = 4;`);
  await expect(reports('2026-11-21', '2026-11-21')).rejects.toMatchObject({ code: 'UNAVAILABLE', message: 'Nothing "was" recorded.' });
});

test('a program that refuses is quoted, and is asked again the next time', async () => {
  const reports = reportsOf(`process.stderr.write('hecate: Nothing was recorded.\\n        Record it.\\n'); process.exitCode = 4;`);
  for (let asked = 1; asked <= 2; asked++) {
    await expect(reports('2026-11-01', '2026-11-07')).rejects.toMatchObject({ code: 'UNAVAILABLE', message: 'Nothing was recorded.' });
    expect(callsSoFar()).toHaveLength(asked);
  }
});

test('a program that is killed, or is not there, is an error and no answer', async () => {
  await expect(reportsOf(`process.kill(process.pid, 'SIGKILL')`)('2026-11-01', '2026-11-07')).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  });
  const absent = createReports({ run: openHost().run, program: [path.join(directory, 'absent')], dataDir: directory });
  await expect(absent('2026-11-01', '2026-11-07')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});

test.each(['2026-13-01', '2026-02-30', '--help', '2026-11-01\n', '20261101', '', '2026-11-01T00:00', '../etc'])(
  'the route takes no %j for a day',
  async (start) => {
    const reports = vi.fn<Reports>();
    const answer = async (): Promise<unknown> =>
      ANALYSIS.answer({ reports } as unknown as RouteContext, { query: new URLSearchParams({ start }), accept: '' });
    await expect(answer()).rejects.toMatchObject({ code: 'INVALID' });
    expect(reports).not.toHaveBeenCalled();
  },
);

test('the route asks for the last seven days by default, and for none that end before they begin', async () => {
  const reports = vi.fn<Reports>(() => Promise.resolve('{}'));
  const context = { reports } as unknown as RouteContext;
  await ANALYSIS.answer(context, { query: new URLSearchParams(), accept: '' });
  const [start, end] = reports.mock.calls[0]!;
  expect((Date.parse(end) - Date.parse(start)) / 86_400_000).toBe(6);
  const reversed = { query: new URLSearchParams({ start: '2026-11-02', end: '2026-11-01' }), accept: '' };
  await expect((async () => ANALYSIS.answer(context, reversed))()).rejects.toMatchObject({ code: 'INVALID' });
});
