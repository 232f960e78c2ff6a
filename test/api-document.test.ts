import { afterAll, beforeAll, expect, it } from 'vitest';
import { schemaFaults, valueFaults } from '../packages/observe/src/serve/json-schema.testing.ts';
import { eventually, startDaemon } from './cli.testing.ts';
import type { Daemon } from './cli.testing.ts';

type Schema = Readonly<Record<string, unknown>>;
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly required: boolean; readonly schema: Schema }[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: { readonly Error: Schema } };
}

let daemon: Daemon;
let document: Document;
beforeAll(async () => {
  daemon = await startDaemon(['--no-record', '--interval', '0.2']);
  await eventually(() => daemon.json('healthz').then(({ samples }) => Number(samples) >= 3), 'three samples');
  document = (await daemon.json('api/v1/openapi.json')) as unknown as Document;
});
afterAll(async () => {
  expect((await daemon.end()).status).toBe(0);
});

/** What is asked beside the bare path, so that more of an answer is seen. */
const QUERIES: Readonly<Record<string, readonly string[]>> = {
  '/api/v1/processes': ['sort=rss&limit=5', 'sort=name'],
  '/api/v1/history': ['seconds=60&step=1', 'seconds=5&series=load1,nonsense', 'seconds=60&band=1'],
  '/api/v1/alerts': ['all=1'],
  '/api/v1/events': ['since=0&limit=3', 'from=0'],
  '/metrics': ['collect[]=cpu', 'exclude[]=cpu&exclude[]=memory'],
};

it('every path that is looked at answers what the document says', async () => {
  const looked: string[] = [];
  const { processes } = (await daemon.json('api/v1/processes?sort=pid&limit=1')) as {
    processes: { pid: number; startedAfterBoot: number }[];
  };
  const [{ pid, startedAfterBoot }] = processes as [(typeof processes)[number]];
  const queries: typeof QUERIES = { ...QUERIES, '/api/v1/processes/detail': [`pid=${pid}&startedAfterBoot=${startedAfterBoot}`] };
  for (const [path, { get }] of Object.entries(document.paths)) {
    const content = get?.responses['200']?.content;
    if (!content || 'text/event-stream' in content) continue;
    const isAskable = get.parameters?.every(({ required }) => !required) ?? true;
    for (const query of [...(isAskable ? [''] : []), ...(queries[path] ?? [])]) {
      const name = `${path}?${query}`;
      const answer = await fetch(new URL(name, daemon.url));
      const type = answer.headers.get('content-type')!.split(';')[0]!;
      const body = await answer.text();
      if (answer.status !== 200) {
        // What is not to be had here says so in the way that all refusals do: a daemon that records nothing has nothing to analyse.
        expect([503, 501], `${name}: ${body}`).toContain(answer.status);
        expect(valueFaults(JSON.parse(body), document.components.schemas.Error), name).toEqual([]);
        continue;
      }
      expect(Object.keys(content), name).toContain(type);
      const { schema } = content[type]!;
      expect(valueFaults(type === 'application/json' ? JSON.parse(body) : body, schema), name).toEqual([]);
      looked.push(name);
    }
  }
  // Most of them answer on every machine.
  expect(looked.length).toBeGreaterThanOrEqual(12);
});

it('every parameter with a number refuses what is none, in the way that the document says', async () => {
  let refused = 0;
  for (const [path, { get }] of Object.entries(document.paths)) {
    for (const { name, schema } of get?.parameters ?? []) {
      const types = ([] as unknown[]).concat(schema['type'] ?? []);
      if (!types.includes('number') && !types.includes('integer')) continue;
      const answer = await fetch(new URL(`${path}?${name}=nonsense`, daemon.url));
      const body: unknown = await answer.json();
      expect([answer.status, valueFaults(body, document.components.schemas.Error)], `${path}?${name}`).toEqual([400, []]);
      refused++;
    }
  }
  expect(refused).toBeGreaterThanOrEqual(5);
});

it('the document itself is whole', () => {
  for (const [path, methods] of Object.entries(document.paths))
    for (const { responses } of Object.values(methods))
      for (const { content = {} } of Object.values(responses))
        for (const { schema } of Object.values(content))
          expect(
            schemaFaults(schema, () => true),
            path,
          ).toEqual([]);
});
