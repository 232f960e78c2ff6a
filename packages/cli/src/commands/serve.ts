import { join } from 'node:path';
import { openServiceNotifier } from '@hecate/host';
import { createReports, keepMemoryLean, openEventLog, openWholeProcesses, optimiseForMany, serve } from '@hecate/observe';
import type { EventLog, GrpcOptions, ServeOptions as HttpOptions } from '@hecate/observe';
import { tellAddress } from '../serve/address.ts';
import { createClosing } from '../serve/closing.ts';
import type { Closing } from '../serve/closing.ts';
import { startAlerts, startExport, startRecording, startTuning, tellExposedSecrets } from '../serve/daemon-parts.ts';
import type { DaemonParts } from '../serve/daemon-parts.ts';
import { prepareDaemon } from '../serve/daemon-setup.ts';
import type { DaemonSetup, ServeOptions } from '../serve/daemon-setup.ts';
import { outliveReaders } from '../serve/output.ts';
import { giveUpRights } from '../serve/rights.ts';
import type { ConfinedDaemon } from '../serve/rights.ts';
import { untilSignal } from '../signals.ts';
import { VERSION } from '../version.ts';

/** `hecate serve`: samples, records, judges, serves and sends until a signal. */
export async function run(options: ServeOptions): Promise<void> {
  outliveReaders();
  const setup = prepareDaemon(options);
  const { host, settings, config, dataDir, stateDir, profile, log } = setup;
  const directories = [dataDir, stateDir];
  // First of all: what is confined later would leave out the threads that run by then.
  const confined = await giveUpRights(host, settings, { directories, exports: config.export, tunes: profile !== null, log });
  const ending = untilSignal();
  const closing = createClosing();
  closing.add(() => ending.release());
  try {
    await work(setup, options, closing, confined, ending.signal);
  } finally {
    await closing.all(setup.onError);
  }
}

async function work(
  setup: DaemonSetup,
  options: ServeOptions,
  closing: Closing,
  confined: ConfinedDaemon | null,
  signal: AbortSignal,
): Promise<void> {
  const { host, hub, settings, dataDir, records, log, onError } = setup;
  const manager = openServiceNotifier(onError);
  const parts: DaemonParts = {};
  closing.add(() => parts.recording?.close());
  closing.add(() => parts.processes?.close());
  closing.add(() => parts.push?.close());
  const events = openEventLog({ host, log, signal, directory: records ? dataDir : null });
  closing.add(() => events.close());
  startAlerts(setup, parts, events);
  closing.add(() => parts.alerts?.close());

  const processes = openWholeProcesses(host);
  closing.add(() => processes.close());
  const serving = { ...(await servingOptions(setup, parts, events, options.newToken ?? false)), processDetail: processes.read };
  const server = await serve(serving);
  closing.add(() => server.close());
  const { grpcPort } = settings;
  const grpc = grpcPort === null ? null : await (await import('../serve/grpc.ts')).serveGrpc({ ...serving, port: grpcPort });
  closing.add(() => grpc?.close());

  const running = hub.run(signal);
  // Who waits for it hears of its end; until somebody does, it is not unheard.
  running.catch(() => undefined);
  await confined?.settle(hub, signal);
  // Only now: a daemon that finds its port taken leaves no lock and no file behind.
  startRecording(setup, parts);
  const recordingTo = parts.recording?.active ? parts.recording.directory : null;
  tellAddress({ serving: server, settings, grpcUrl: grpc?.url ?? null, recordingTo }, options.format, log);
  tellExposedSecrets(setup);
  await startTuning(setup, parts, signal);
  await startExport(setup, parts);
  await parts.alerts?.tell();
  optimiseForMany(hub);
  keepMemoryLean(signal, onError);
  manager?.ready();
  manager?.keepAlive(signal);
  await running;
  manager?.stopping();
}

/** What the server of HTTP and that of gRPC need. */
type ServingOptions = HttpOptions & Omit<GrpcOptions, 'port'>;

/** What the servers tell, of parts that may come and go while they run. */
async function servingOptions(setup: DaemonSetup, parts: DaemonParts, events: EventLog, renewTokens: boolean): Promise<ServingOptions> {
  const { host, hub, settings, profile, dataDir, stateDir, log, onError } = setup;
  const program = [process.execPath, join(__dirname, '..', 'hecate.cjs')] as const;
  return {
    ...settings,
    hub,
    version: VERSION,
    platform: host.platform,
    startedAt: performance.now() / 1000,
    recording: () => parts.recording?.active ?? false,
    tuning: () => parts.tuning?.() ?? { profile, events: [] },
    recorded: (query) => parts.recording?.history(query) ?? Promise.resolve(null),
    processesAt: async (time) => (await parts.processes?.at(time)) ?? null,
    events,
    ...(parts.alerts ? { alerts: parts.alerts } : {}),
    // Reports are made by this program, started a second time.
    ...(host.kind === 'rooted' ? {} : { reports: createReports({ run: host.run, program, dataDir }) }),
    selfMetrics: () => parts.push?.families() ?? [],
    ...(settings.act ? { actor: (await import('../serve/acting.ts')).serveActing(host, stateDir, log) } : {}),
    tokenToRead: settings.token,
    renewTokens,
    tokenFile: join(stateDir, 'token'),
    actTokenFile: join(stateDir, 'act-token'),
    warn: log,
    dashboard: join(__dirname, '..', 'dashboard.html'),
    onError,
  };
}
