import { hostname } from 'node:os';
import { join } from 'node:path';
import { openServiceNotifier, sentenceOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { Snapshot } from '@hecate/metrics';
import type { ProcessRecording, Push, Reports, ServeOptions as ServingOptions, TuningStatus } from '@hecate/observe';
import {
  createHub,
  hasInlineSecret,
  hasNotifySecret,
  createReports,
  keepMemoryLean,
  keepProcessesOf,
  keepRecording,
  openEventLog,
  optimiseForMany,
  serve,
  serveAlerts,
} from '@hecate/observe';
import { readConfig } from '../config/config.ts';
import { exposedSecrets, exposedSentence } from '../config/exposed-secrets.ts';
import { dataDirectory, stateDirectory } from '../directories.ts';
import { tellAddress } from '../serve-address.ts';
import { outliveReaders } from '../serve-output.ts';
import { giveUpRights } from '../serve-rights.ts';
import { withFlags } from '../serve-settings.ts';
import type { ServeFlags } from '../serve-settings.ts';
import { untilSignal } from '../signals.ts';
import { openTarget } from '../target.ts';
import { VERSION } from '../version.ts';

interface ServeOptions extends ServeFlags {
  readonly record: boolean;
  readonly interval: number;
  readonly dataDir?: string;
  readonly root?: string;
  readonly tune?: string;
  readonly newToken?: boolean;
}

/** The same trouble every second is told once. */
function createLog(): (text: string) => void {
  let last = '';
  return (text) => {
    if (text !== last) process.stderr.write(`hecate: ${text}\n`);
    last = text;
  };
}

/** Reports are made by this program, started a second time. */
const reportsOf = (host: Host, dataDir: string): Reports =>
  createReports({ run: host.run, program: [process.execPath, join(__dirname, '..', 'hecate.cjs')], dataDir });

/** `hecate serve`: samples, records and serves until a signal. Parts are closed in the reverse of the order in which they opened. */
export async function run(options: ServeOptions): Promise<void> {
  outliveReaders();
  const log = createLog();
  const onError = (error: unknown): void => log(sentenceOf(error));
  const host = openTarget(options.root);
  const hub = createHub({ host, interval: options.interval, onError });
  const { tune, export: exports, record, serve: section, alerts: rules } = readConfig();
  const settings = withFlags(section, options);
  const [tokenFile, actTokenFile] = ['token', 'act-token'].map((name) => join(stateDirectory(), name)) as [string, string];
  // A machine of files is looked at: nobody works there who would gain by it.
  const profile = host.kind === 'rooted' || options.tune === 'off' ? null : (options.tune ?? tune.profile);
  // First of all: what is confined later would leave out the threads that run by then.
  const directories = [dataDirectory(options.dataDir), stateDirectory()];
  const confined = await giveUpRights(host, settings, { directories, exports, tunes: profile !== null, log });
  const manager = openServiceNotifier(onError);
  const ending = untilSignal();
  let tuning: (() => TuningStatus) | undefined;
  let recording: ReturnType<typeof keepRecording> | undefined;
  let processes: ProcessRecording | undefined;
  let push: Push | undefined;
  const closing: (() => void | Promise<void>)[] = [
    () => ending.release(),
    () => recording?.close(),
    () => processes?.close(),
    () => push?.close(),
  ];
  // A recorded machine does not change: recording it would fill a disk with one row.
  const isRecorded = options.record && !host.clock.stands;
  const events = openEventLog({ host, log, signal: ending.signal, directory: isRecorded ? dataDirectory(options.dataDir) : null });
  closing.push(() => events.close());
  // A machine of files does not change: what is wrong with it is wrong for ever.
  const alerts =
    rules.enabled && !host.clock.stands
      ? serveAlerts({
          hub,
          host,
          hostname: hostname(),
          settings: rules,
          directory: join(stateDirectory(), 'alerts'),
          ...(isRecorded ? { dataDir: dataDirectory(options.dataDir) } : {}),
          events,
          facts: { recording_failed: () => (recording ? Number(!recording.active) : null) },
          exporters: () => push?.status() ?? [],
          log,
        })
      : undefined;
  closing.push(() => alerts?.close());
  try {
    const serving = {
      hub,
      version: VERSION,
      platform: host.platform,
      startedAt: performance.now() / 1000,
      recording: () => recording?.active ?? false,
      tuning: () => tuning?.() ?? { profile, events: [] },
      recorded: (query) => recording?.history(query) ?? Promise.resolve(null),
      processesAt: async (time) => (await processes?.at(time)) ?? null,
      events,
      ...(alerts ? { alerts } : {}),
      ...(host.kind === 'rooted' ? {} : { reports: reportsOf(host, dataDirectory(options.dataDir)) }),
      selfMetrics: () => push?.families() ?? [],
      ...settings,
      ...(settings.act ? { actor: (await import('../serve-acting.ts')).serveActing(host, stateDirectory(), log) } : {}),
      tokenToRead: settings.token,
      renewTokens: options.newToken ?? false,
      tokenFile,
      actTokenFile,
      warn: log,
      dashboard: join(__dirname, '..', 'dashboard.html'),
      onError,
    } satisfies ServingOptions;
    const server = await serve(serving);
    closing.push(() => server.close());
    const { grpcPort } = settings;
    const grpc = grpcPort === null ? null : await (await import('../serve-grpc.ts')).serveGrpc({ ...serving, port: grpcPort });
    closing.push(() => grpc?.close());
    const running = hub.run(ending.signal);
    // Who waits for it hears of its end; until somebody does, it is not unheard.
    running.catch(() => undefined);
    await confined?.settle(hub, ending.signal);
    // Only now: a daemon that finds its port taken leaves no lock and no file behind.
    if (isRecorded) recording = keepRecording(hub, dataDirectory(options.dataDir), log, record);
    if (recording && record.processes) {
      const { directory: dataDir } = recording;
      processes = keepProcessesOf(hub, { dataDir, settings: record, mayWrite: () => recording?.active ?? false, log });
    }
    tellAddress(server, settings, log);
    if (grpc) process.stdout.write(`gRPC: ${grpc.url}\n`);
    if (recording?.active) process.stdout.write(`Recording to ${recording.directory}\n`);
    if (profile !== null) {
      const { serveTuning } = await import('../serve-tuning.ts');
      const look = (): Snapshot | null => hub.latest?.snapshot ?? null;
      tuning = serveTuning({ config: { ...tune, profile }, look, log, signal: ending.signal });
    }
    if (exports.length + rules.notify.length > 0) {
      const exposed = exposedSecrets((config) => hasInlineSecret(config.export) || hasNotifySecret(config.alerts.notify));
      for (const file of exposed) log(exposedSentence(file));
    }
    if (exports.length > 0) {
      const { serveExport } = await import('../serve-export.ts');
      push = await serveExport({ hub, platform: host.platform, exports, stateDirectory: stateDirectory(), log });
    }
    await alerts?.tell();
    optimiseForMany(hub);
    keepMemoryLean(ending.signal, onError);
    manager?.ready();
    manager?.keepAlive(ending.signal);
    await running;
    manager?.stopping();
  } finally {
    for (const close of closing.reverse()) await close();
  }
}
