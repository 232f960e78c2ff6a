import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { temporary } from './cli.testing.ts';
import type { Daemon } from './cli.testing.ts';

/** An environment with a config.toml of this text, and a place for state that outlives the process. */
export function configured(text: string, state: string = temporary('state')): Readonly<Record<string, string>> {
  const directory = temporary('config');
  mkdirSync(join(directory, 'hecate'));
  writeFileSync(join(directory, 'hecate', 'config.toml'), text, { mode: 0o600 });
  return { XDG_CONFIG_HOME: directory, XDG_STATE_HOME: state };
}

/** The second that a time lies in. */
const secondOf = (time: number): number => Math.floor(time + 0.001);

/** A server of line protocol of which every request can be looked at. */
export interface LineServer {
  readonly port: number;
  /** Times of the samples that it took, in seconds, in the order in which they came. */
  readonly times: () => readonly number[];
  /** Headers of the requests. */
  readonly headers: readonly Readonly<Record<string, unknown>>[];
  close(): Promise<void>;
}

/**
 * Starts one, on `port` when it is given. `answer` says the status of each request with these sample times: 204 by default;
 * null leaves the request without an answer.
 */
export async function startLineServer(port = 0, answer: (times: readonly number[]) => number | null = () => 204): Promise<LineServer> {
  const taken: number[] = [];
  const headers: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
      // One measurement stands for its sample: its lines have all one time.
      const lines = text.split('\n').filter((line) => line.startsWith('load'));
      const times = lines.map((line) => secondOf(Number(line.slice(line.lastIndexOf(' ') + 1)) / 1e9));
      headers.push(request.headers);
      const status = answer(times);
      if (status === null) return;
      if (status === 204) taken.push(...times);
      response.writeHead(status).end(status === 204 ? undefined : 'no');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    times: () => taken,
    headers,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** The seconds in which the daemon took samples that have rates, as its history has them: a machine under load skips ticks. */
export async function sampledSeconds(daemon: Daemon): Promise<number[]> {
  const { time } = (await daemon.json('api/v1/history?seconds=600')) as { time: number[] };
  return [...new Set(time.slice(1).map(secondOf))];
}
