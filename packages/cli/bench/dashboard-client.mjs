// What a dashboard does to a daemon, without a browser.
import { randomBytes } from 'node:crypto';
import { Agent, get, request } from 'node:http';
import { sleep } from './daemon-process.mjs';

/** An agent that keeps one connection open. */
export const oneConnection = () => new Agent({ keepAlive: true, maxSockets: 1 });

/** Asks once and reads the answer to its end. Resolves with milliseconds and bytes; rejects on any status but 200. */
export function ask(url, agent) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    let bytes = 0;
    get(url, { agent }, (response) => {
      response.on('data', (chunk) => (bytes += chunk.length));
      response.on('error', reject);
      response.on('end', () => {
        const milliseconds = performance.now() - start;
        if (response.statusCode === 200) resolve({ milliseconds, bytes });
        else reject(new Error(`${url} answered with status ${response.statusCode}.`));
      });
    }).on('error', reject);
  });
}

/** A short text frame as a client sends it: masked. */
function textFrame(text) {
  const body = Buffer.from(text);
  const mask = randomBytes(4);
  return Buffer.concat([Buffer.from([0x81, 0x80 | body.length]), mask, body.map((byte, at) => byte ^ mask[at % 4])]);
}

/** Watches the stream with its process table for some seconds. Resolves with the bytes that came. */
export function watch(url, seconds) {
  return new Promise((resolve, reject) => {
    const upgrade = request(new URL('api/v1/stream', url), {
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      },
    });
    upgrade.on('error', reject);
    upgrade.on('response', ({ statusCode }) => reject(new Error(`The stream answered with status ${statusCode}.`)));
    upgrade.on('upgrade', (_response, socket, head) => {
      let bytes = head.length;
      socket.on('data', (chunk) => (bytes += chunk.length));
      socket.on('error', reject);
      socket.write(textFrame('{"type":"subscribe","processes":true}'));
      sleep(seconds).then(() => {
        socket.destroy();
        resolve(bytes);
      }, reject);
    });
    upgrade.end();
  });
}
