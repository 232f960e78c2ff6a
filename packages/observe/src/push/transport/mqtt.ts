import { readFileSync } from 'node:fs';
import { connect } from 'mqtt';
import type { IClientOptions, MqttClient } from 'mqtt';
import { causeOf } from '@hecate/host';
import { readSecret } from '../secret.ts';
import type { Credentials } from '../secret.ts';
import { SENT } from '../transport.ts';
import type { Outcome, Transport } from '../transport.ts';

/** A broker. */
export interface MqttTarget {
  /** `mqtt:` or `mqtts:`. */
  readonly url: URL;
  readonly credentials: Credentials;
  readonly caFile: string | null;
  /** What all topics begin with: `hecate/web1`. */
  readonly topic: string;
  /** Whether the broker keeps the newest sample for who comes later. */
  readonly retain: boolean;
  /** Seconds for a delivery. */
  readonly timeout: number;
}

/** Messages that wait for their acknowledgement at a time. */
const IN_FLIGHT = 10;
/** Milliseconds that a goodbye may take. */
const GOODBYE = 500;

/**
 * One message a sample, `<topic>/snapshot`, acknowledged by the broker (QoS 1); `<topic>/status` says `online`, and `offline` when we
 * go or, as our last will, when we vanish. A connection that breaks is made anew with the next delivery.
 */
export function createMqttTransport(target: MqttTarget): Transport {
  let client: MqttClient | null = null;
  const status = `${target.topic}/status`;

  /** The connection, made anew when there is none. Rejects when the broker does not take it. */
  const connected = async (): Promise<MqttClient> => {
    if (client?.connected) return client;
    drop();
    const { credentials, url, caFile } = target;
    const options: IClientOptions = {
      // We try again ourselves, and keep what waits ourselves.
      reconnectPeriod: 0,
      queueQoSZero: false,
      // Later than our own bound, which says it better.
      connectTimeout: (target.timeout + 1) * 1000,
      keepalive: 60,
      will: { topic: status, payload: Buffer.from('offline'), qos: 1, retain: true },
      ...(credentials.kind === 'password' ? { username: credentials.username, password: readSecret(credentials.password) } : {}),
      ...(caFile === null ? {} : { ca: readFileSync(caFile) }),
    };
    const fresh = connect(url.href, options);
    client = fresh;
    await new Promise<void>((resolve, reject) => {
      fresh.once('connect', () => resolve());
      // Stays: the error of a connection that breaks later would end the process; the next delivery finds it closed.
      fresh.on('error', reject);
      fresh.once('close', () => reject(new Error('the connection was closed')));
    });
    await fresh.publishAsync(status, 'online', { qos: 1, retain: true });
    return fresh;
  };
  const drop = (): void => {
    client?.end(true);
    client = null;
  };

  const deliver = async (chunks: readonly Buffer[]): Promise<Outcome> => {
    const open = await connected();
    for (let start = 0; start < chunks.length; start += IN_FLIGHT) {
      const some = chunks.slice(start, start + IN_FLIGHT);
      await Promise.all(some.map((chunk) => open.publishAsync(`${target.topic}/snapshot`, bare(chunk), { qos: 1, retain: target.retain })));
    }
    return SENT;
  };

  return {
    place: `${target.url.protocol}//${target.url.host}, ${target.topic}`,
    async send({ chunks, signal }) {
      try {
        return await within(deliver(chunks), target.timeout * 1000, signal);
      } catch (error) {
        drop();
        return { kind: 'failed', why: `cannot be reached: ${causeOf(error).replace(/\.$/, '')}` };
      }
    },
    async close() {
      const open = client;
      if (open?.connected) {
        try {
          await within(open.publishAsync(status, 'offline', { qos: 1, retain: true }), GOODBYE);
          client = null;
          await within(open.endAsync(), GOODBYE);
          return;
        } catch {
          // Its last will says the same.
          open.end(true);
        }
      }
      drop();
    },
  };
}

const NEWLINE = 10;

/** A message needs no newline at its end. */
const bare = (chunk: Buffer): Buffer => (chunk.at(-1) === NEWLINE ? chunk.subarray(0, -1) : chunk);

/** The library may wait for ever for an acknowledgement. */
function within<Result>(promise: Promise<Result>, milliseconds: number, signal?: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    const abort = (): void => {
      end();
      reject(new Error('it was given up'));
    };
    const timer = setTimeout(() => {
      end();
      reject(new Error(`no acknowledgement within ${milliseconds / 1000} s`));
    }, milliseconds);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(end);
  });
}
