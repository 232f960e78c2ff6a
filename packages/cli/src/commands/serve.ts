import { join } from 'node:path';
import { messageOf } from '@hecate/host';
import { createHub, keepMemoryLean, keepRecording, optimiseForMany, serve } from '@hecate/observe';
import { dataDirectory, stateDirectory } from '../directories.ts';
import { untilSignal } from '../signals.ts';
import { openTarget } from '../target.ts';
import { VERSION } from '../version.ts';

interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly record: boolean;
  readonly interval: number;
  readonly dataDir?: string;
  readonly root?: string;
}

/** The same trouble every second is told once. */
function createLog(): (text: string) => void {
  let last = '';
  return (text) => {
    if (text !== last) process.stderr.write(`hecate: ${text}\n`);
    last = text;
  };
}

/** `hecate serve`: samples, records and serves until a signal. */
export async function run(options: ServeOptions): Promise<void> {
  const log = createLog();
  const host = openTarget(options.root);
  const hub = createHub({ host, interval: options.interval, onError: (error) => log(messageOf(error)) });
  const ending = untilSignal();
  let recording: ReturnType<typeof keepRecording> | undefined;
  try {
    const server = await serve({
      hub,
      version: VERSION,
      platform: host.platform,
      startedAt: performance.now() / 1000,
      recording: () => recording?.active ?? false,
      recorded: (query) => recording?.history(query) ?? Promise.resolve(null),
      address: options.host,
      port: options.port,
      tokenFile: join(stateDirectory(), 'token'),
      dashboard: join(__dirname, '..', 'dashboard.html'),
      onError: (error) => log(messageOf(error)),
    });
    try {
      // Only now: a daemon that finds its port taken leaves no lock and no file behind.
      // A recorded machine does not change: recording it would fill a disk with one row.
      if (options.record && !host.clock.stands) recording = keepRecording(hub, dataDirectory(options.dataDir), log);
      process.stdout.write(`hecate watches this machine: ${server.url}${server.token === null ? '' : `?token=${server.token}`}\n`);
      if (server.token !== null) log('Everyone who can reach this address and knows the token can watch; the connection is not encrypted.');
      if (recording?.active) process.stdout.write(`Recording to ${recording.directory}\n`);
      optimiseForMany(hub);
      keepMemoryLean(ending.signal, (error) => log(messageOf(error)));
      await hub.run(ending.signal);
    } finally {
      await server.close();
    }
  } finally {
    recording?.close();
    ending.release();
  }
}
