import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createHandHub } from '../stream/listening.testing.ts';
import { METRICS } from './metrics.ts';

const hand = createHandHub();
hand.tick(1_795_000_000, { load: { load1: 1, load5: 2, load15: 3, runnable: 1, threads: 2 } });
const context = { hub: hand.hub, platform: 'linux', version: '1', startedAt: 0, recording: () => false } as const;
const ask = async (
  query: string,
  headers: Record<string, string> = {},
): Promise<{ text: string; headers: Readonly<Record<string, string>> }> => {
  const question = { query: new URLSearchParams(query), accept: headers['accept'] ?? '', headers };
  const { body, headers: told = {} } = await METRICS.answer(context, question);
  return { text: told['Content-Encoding'] === 'gzip' ? gunzipSync(body as Buffer).toString() : body.toString(), headers: told };
};

test.each([
  ['gzip', true],
  ['deflate, gzip;q=1.0, *;q=0.5', true],
  ['gzip;q=0.5', true],
  ['gzip;q=0', false],
  ['gzip; q=0.000', false],
  ['br, gzip;q=0, identity', false],
  ['identity', false],
  ['xgzip', false],
  ['gzipped', false],
  ['', false],
])('Accept-Encoding: %s', async (accepted, zipped) => {
  const { text, headers } = await ask('', { 'accept-encoding': accepted });
  expect(headers['Content-Encoding'] === 'gzip').toBe(zipped);
  expect(headers['Vary']).toBe('Accept, Accept-Encoding');
  expect(text).toContain('\nnode_load1 1\n');
});

test('collect[] and exclude[] are as node_exporter has them', async () => {
  const load = await ask('collect[]=load');
  expect(load.text).toContain('\nnode_load15 3\n');
  expect(load.text).not.toContain('collector="cpu"');
  expect((await ask('collect[]=cpu&collect[]=memory')).text).not.toContain('node_load1');
  expect((await ask('exclude[]=load')).text).not.toContain('node_load1');
  expect((await ask('exclude[]=load', { accept: 'application/openmetrics-text' })).text).toMatch(/# EOF\n$/);
  // The snapshot that others get is whole.
  expect((await ask('')).text).toContain('\nnode_load1 1\n');
});

test.each([
  ['collect[]=laod', /There is no collector "laod"\./, /Did you mean load\?/],
  ['exclude[]=', /There is no collector ""\./, /./],
  ['collect[]=__proto__', /There is no collector/, /./],
  ['collect[]=load&exclude[]=cpu', /cannot be combined/, undefined],
])('%s is refused', async (query, message, hint) => {
  const error: unknown = await ask(query).catch((refusal: unknown) => refusal);
  expect(error).toMatchObject({ code: 'INVALID', message: expect.stringMatching(message) });
  if (hint) expect(error).toMatchObject({ hint: expect.stringMatching(hint) });
});
