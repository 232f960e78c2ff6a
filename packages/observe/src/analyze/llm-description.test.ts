import { createServer } from 'node:http';
import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { usingDays } from '../day/day-directory.testing.ts';
import type { Analysis } from './analysis.ts';
import { analyze } from './analyze.ts';
import { describeWithLlm } from './llm-description.ts';

let analysis: Analysis;
beforeAll(async () => {
  const days = { '2026-11-21': ['timestamp,cpu_usage_percent', '2026-11-21T10:00:00Z,97.123456', '2026-11-21T10:00:01Z,99'] };
  analysis = await usingDays(days, (dataDir) => analyze({ dataDir, today: '2026-11-21' }));
});

interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server on the loopback that answers as told; gone after the test. */
async function serve(
  answer: (asked: Asked) => { status?: number; body: string; headers?: Record<string, string> } | null,
): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const listener: RequestListener = (request, response) => {
    let body = '';
    request
      .setEncoding('utf8')
      .on('data', (text: string) => (body += text))
      .on('end', () => {
        const one = { path: request.url ?? '', headers: request.headers, body };
        asked.push(one);
        const told = answer(one);
        if (told) response.writeHead(told.status ?? 200, { 'content-type': 'application/json', ...told.headers }).end(told.body);
      });
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
const say = (content: unknown): string => JSON.stringify({ choices: [{ message: { role: 'assistant', content } }] });

test('sends only the summary numbers, and returns the text', async () => {
  const { url, asked } = await serve(() => ({ body: say('  The CPU was full.\u001b[31m\nAdd cores. ') }));
  expect(await describeWithLlm(analysis, { url, model: 'small', apiKey: 'secret' })).toBe('The CPU was full.[31m\nAdd cores.');
  expect(asked[0]).toMatchObject({
    path: '/v1/chat/completions',
    headers: { authorization: 'Bearer secret', 'content-type': 'application/json' },
  });
  const body = JSON.parse(asked[0]?.body ?? '') as { model: string; messages: { role: string; content: string }[] };
  expect(body.model).toBe('small');
  expect(body.messages.map(({ role }) => role)).toEqual(['system', 'user']);
  const sent = JSON.parse(body.messages[1]?.content ?? '') as Record<string, Record<string, Record<string, unknown>>>;
  expect(Object.keys(sent)).toEqual(['statistics', 'sufficiency', 'levels']);
  expect(sent['statistics']?.['cpu_usage_percent']).toMatchObject({ min: 97.12, max: 99, count: 2 });
  expect(asked[0]?.body).not.toMatch(/2026|timeline|heatmap/);
});

test.each([
  ['', '/v1/chat/completions'],
  ['/', '/v1/chat/completions'],
  ['/v1', '/v1/chat/completions'],
  ['/v1/', '/v1/chat/completions'],
  ['/api/openai/v1', '/api/openai/v1/chat/completions'],
  ['/v1/chat/completions', '/v1/chat/completions'],
])('the address %j asks %j', async (given, path) => {
  const { url, asked } = await serve(() => ({ body: say('ok') }));
  await describeWithLlm(analysis, { url: url + given, model: 'm' });
  expect(asked[0]?.path).toBe(path);
  expect(asked[0]?.headers.authorization).toBeUndefined();
});

describe('what goes wrong', () => {
  test.each([
    ['another status', { status: 500, body: 'out of\u001b[2J memory' }, 'FAILED', 'HTTP 500: out of [2J memory'],
    ['an unknown model', { status: 404, body: '{"error":"no such model"}' }, 'FAILED', 'no such model'],
    ['a wrong key', { status: 401, body: '' }, 'DENIED', 'refused the key'],
    ['no JSON', { body: '<html>' }, 'FAILED', 'did not answer in JSON'],
    ['JSON null', { body: 'null' }, 'FAILED', 'without a text'],
    ['no choices', { body: '{"choices":[]}' }, 'FAILED', 'without a text'],
    ['a text that is none', { body: say(['x']) }, 'FAILED', 'without a text'],
    ['an empty text', { body: say(' ') }, 'FAILED', 'without a text'],
    ['far too much', { body: 'x'.repeat(2_000_000) }, 'FAILED', 'more than 1 MiB'],
    [
      'a redirect, which would carry the numbers elsewhere',
      { status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } },
      'UNAVAILABLE',
      'cannot be reached',
    ],
  ])('%s', async (_, answer, code, text) => {
    const { url } = await serve(() => answer);
    await expect(describeWithLlm(analysis, { url, model: 'm' })).rejects.toMatchObject({
      name: 'HecateError',
      code,
      message: expect.stringContaining(text),
    });
  });

  test('no answer in time, nobody there, and addresses that are none', async () => {
    const { url } = await serve(() => null);
    await expect(describeWithLlm(analysis, { url, model: 'm', timeout: 0.2 })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('0.2 s'),
    });
    await expect(describeWithLlm(analysis, { url: 'http://127.0.0.1:1', model: 'm' })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      hint: expect.stringContaining('--llm'),
    });
    for (const wrong of ['localhost:80', 'file:///etc/passwd', '', 'nonsense'])
      await expect(describeWithLlm(analysis, { url: wrong, model: 'm' })).rejects.toMatchObject({ code: 'INVALID' });
    await expect(describeWithLlm(analysis, { url, model: 'm', signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});
