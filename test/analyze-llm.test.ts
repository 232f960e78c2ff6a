import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY, days, expectRefusal, KEYS, ofDay, plainDay } from './analyze.testing.ts';

describe('--llm', () => {
  const directory = days({ [DAY]: plainDay() });
  const requests: { path: string | undefined; body: string; key: string | undefined }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      requests.push({ path: request.url, body, key: request.headers.authorization });
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ choices: [{ message: { content: 'The machine works half the time.' } }] }));
    });
  });
  let url = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
  });

  it('prints what the model says beside the report; sends summary numbers and nothing else', async () => {
    const { status, stdout, stderr } = await ofDay(directory, '--format', 'json', '--llm', url, '--llm-model', 'small');
    expect(status).toBe(0);
    expect(Object.keys(JSON.parse(stdout) as object)).toEqual(KEYS);
    expect(stderr).toContain('The machine works half the time.');
    const [{ path, body, key }] = requests as [(typeof requests)[0] & object];
    expect([path, key]).toEqual(['/v1/chat/completions', undefined]);
    expect(JSON.parse(body)).toMatchObject({ model: 'small' });
    expect(body).toContain('cpu_usage_percent');
    expect(body).not.toContain(DAY);
    expect(body).not.toContain(directory);
  });

  it('without it nothing is sent', async () => {
    const before = requests.length;
    await ofDay(directory);
    expect(requests).toHaveLength(before);
  });

  it('a server that is dead takes nothing from the report: status 4', async () => {
    const { status, stdout, stderr } = await ofDay(directory, '--llm', 'http://127.0.0.1:1', '--llm-model', 'small');
    expect(status).toBe(4);
    expect(stdout).toMatch(/CPU/i);
    expect(stderr).toMatch(/^hecate: The model server http:\/\/127\.0\.0\.1:1 cannot be reached\.\n {8}\S.*\n$/);
  });

  it('the address and the model go together', async () => expectRefusal(await ofDay(directory, '--llm', url), 2, /--llm-model/));
});
