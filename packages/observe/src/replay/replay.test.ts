import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Alert } from '../alert/alerts.ts';
import { temporary } from '../record/recorder.testing.ts';
import { openReplay } from './replay.ts';

const NOON = Date.UTC(2026, 10, 21, 12) / 1000;

const alertOf = (rule: string, severity: Alert['severity'], since: number): Alert => ({
  id: rule,
  rule,
  object: null,
  severity,
  value: 1,
  unit: 'percent',
  summary: `${rule} is ${severity ?? 'well'}`,
  advice: null,
  since,
  silencedUntil: null,
});

test('what was wrong then is what had changed to it and not back; what happened then is what is in the files of events', async () => {
  const directory = temporary();
  const alertFile = path.join(directory, 'alerts.json');
  const change = (time: number, rule: string, severity: Alert['severity']): object => ({
    time,
    previous: null,
    alert: alertOf(rule, severity, time),
  });
  // The newest first, as the daemon keeps them.
  const history = [
    change(NOON + 300, 'memory', 'critical'),
    change(NOON + 60, 'disk', null),
    change(NOON, 'memory', 'warning'),
    change(NOON, 'disk', 'warning'),
  ];
  writeFileSync(alertFile, JSON.stringify({ version: 1, active: [], silences: [], history }));
  const event = (time: number): string => `${JSON.stringify({ time, kind: 'power-source', source: 'ac' })}\n`;
  writeFileSync(path.join(directory, 'events-2026-11.jsonl'), [NOON - 3600, NOON - 60, NOON + 30, NOON + 500].map(event).join(''));
  const replay = openReplay(directory, alertFile, (sentence) => {
    throw new Error(sentence);
  });
  const wrongAt = async (time: number): Promise<string[]> => (await replay.at(time)).alerts.map(({ summary }) => summary).toSorted();
  expect(await wrongAt(NOON - 1)).toEqual([]);
  expect(await wrongAt(NOON + 10)).toEqual(['disk is warning', 'memory is warning']);
  expect(await wrongAt(NOON + 100)).toEqual(['memory is warning']);
  expect(await wrongAt(NOON + 300)).toEqual(['memory is critical']);
  expect((await replay.at(NOON)).events.map(({ time }) => time)).toEqual([NOON - 60, NOON + 30]);
  expect(await replay.at(NOON)).toMatchObject({ time: NOON, row: null, processes: null });
  expect(await replay.extent()).toEqual({ days: [], processes: null });
});

test('where nothing was kept there is nothing, and nobody is told of it', async () => {
  const directory = temporary();
  const replay = openReplay(path.join(directory, 'nowhere'), path.join(directory, 'nothing'), (sentence) => {
    throw new Error(sentence);
  });
  expect(await replay.at(NOON)).toEqual({ time: NOON, row: null, processes: null, events: [], alerts: [] });
});

test.skipIf(process.getuid?.() === 0)('events that this user may not read are told of, and the rest is there', async () => {
  const directory = temporary();
  const file = path.join(directory, 'events-2026-11.jsonl');
  writeFileSync(file, '');
  chmodSync(file, 0);
  const said: string[] = [];
  const moment = await openReplay(directory, path.join(directory, 'nothing'), (sentence) => said.push(sentence)).at(NOON);
  expect(moment).toEqual({ time: NOON, row: null, processes: null, events: [], alerts: [] });
  expect(said).toEqual([`The events in ${directory} may not be read by this user.`]);
});
