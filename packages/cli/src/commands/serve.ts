import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { sentenceOf } from '@hecate/host';
import type { Snapshot } from '@hecate/metrics';
import type { TuningStatus } from '@hecate/observe';
import { createHub, keepMemoryLean, keepRecording, optimiseForMany, serve } from '@hecate/observe';
import { readConfig } from '../config/config.ts';
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
  readonly tune?: string;
}

/** The same trouble every second is told once. */
function createLog(): (text: string) => void {
  let last = '';
  return (text) => {
    if (text !== last) process.stderr.write(`hecate: ${text}\n`);
    last = text;
  };
}

/** Where others reach a server that listens on every address: nobody can open 0.0.0.0 from elsewhere. */
function reachableAt(url: string): string {
  const place = new URL(url);
  if (place.hostname !== '0.0.0.0' && place.hostname !== '[::]') return url;
  const outside = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  place.hostname = outside.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? hostname();
  return place.href;
}

/** `hecate serve`: samples, records and serves until a signal. */
export async function run(options: ServeOptions): Promise<void> {
  const log = createLog();
  const host = openTarget(options.root);
  const hub = createHub({ host, interval: options.interval, onError: (error) => log(sentenceOf(error)) });
  const { tune } = readConfig();
  // A machine of files is looked at: nobody works there who would gain by it.
  const profile = host.kind === 'rooted' || options.tune === 'off' ? null : (options.tune ?? tune.profile);
  const ending = untilSignal();
  let tuning: (() => TuningStatus) | undefined;
  let recording: ReturnType<typeof keepRecording> | undefined;
  try {
    const server = await serve({
      hub,
      version: VERSION,
      platform: host.platform,
      startedAt: performance.now() / 1000,
      recording: () => recording?.active ?? false,
      tuning: () => tuning?.() ?? { profile, events: [] },
      recorded: (query) => recording?.history(query) ?? Promise.resolve(null),
      address: options.host,
      port: options.port,
      tokenFile: join(stateDirectory(), 'token'),
      dashboard: join(__dirname, '..', 'dashboard.html'),
      onError: (error) => log(sentenceOf(error)),
    });
    try {
      // Only now: a daemon that finds its port taken leaves no lock and no file behind.
      // A recorded machine does not change: recording it would fill a disk with one row.
      if (options.record && !host.clock.stands) recording = keepRecording(hub, dataDirectory(options.dataDir), log);
      process.stdout.write(
        `hecate watches this machine: ${reachableAt(server.url)}${server.token === null ? '' : `?token=${server.token}`}\n`,
      );
      if (server.token !== null) log('Everyone who can reach this address and knows the token can watch; the connection is not encrypted.');
      if (recording?.active) process.stdout.write(`Recording to ${recording.directory}\n`);
      if (profile !== null) {
        const { serveTuning } = await import('../serve-tuning.ts');
        const look = (): Snapshot | null => hub.latest?.snapshot ?? null;
        tuning = serveTuning({ config: { ...tune, profile }, look, log, signal: ending.signal });
      }
      optimiseForMany(hub);
      keepMemoryLean(ending.signal, (error) => log(sentenceOf(error)));
      await hub.run(ending.signal);
    } finally {
      await server.close();
    }
  } finally {
    recording?.close();
    ending.release();
  }
}
