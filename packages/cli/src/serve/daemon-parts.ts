import { hostname } from 'node:os';
import { join } from 'node:path';
import type { EventLog, ProcessRecording, Push, Recording, ServedAlerts, TuningStatus } from '@hecate/observe';
import { hasInlineSecret, hasNotifySecret, keepProcessesOf, keepRecording, serveAlerts } from '@hecate/observe';
import { exposedSecrets, exposedSentence } from '../config/exposed-secrets.ts';
import type { DaemonSetup } from './daemon-setup.ts';

/** What the daemon does beside sampling and serving; what is absent was not asked for, or is not open yet. */
export interface DaemonParts {
  recording?: Recording;
  processes?: ProcessRecording;
  alerts?: ServedAlerts;
  push?: Push;
  tuning?: () => TuningStatus;
}

/** Judges the machine. One of files does not change: what is wrong with it is wrong for ever. */
export function startAlerts(setup: DaemonSetup, parts: DaemonParts, events: EventLog): void {
  const { hub, host, config, stateDir, dataDir, records, log } = setup;
  if (!config.alerts.enabled || host.clock.stands) return;
  parts.alerts = serveAlerts({
    hub,
    host,
    hostname: hostname(),
    settings: config.alerts,
    directory: join(stateDir, 'alerts'),
    ...(records ? { dataDir } : {}),
    events,
    facts: { recording_failed: () => (parts.recording ? Number(!parts.recording.active) : null) },
    exporters: () => parts.push?.status() ?? [],
    log,
  });
}

/** Keeps samples and processes. */
export function startRecording({ hub, config, records, dataDir, log }: DaemonSetup, parts: DaemonParts): void {
  if (!records) return;
  const recording = keepRecording(hub, dataDir, log, config.record);
  parts.recording = recording;
  if (!config.record.processes) return;
  parts.processes = keepProcessesOf(hub, {
    dataDir: recording.directory,
    settings: config.record,
    mayWrite: () => recording.active,
    log,
  });
}

/** Keeps the profile in force. */
export async function startTuning({ hub, config, profile, log }: DaemonSetup, parts: DaemonParts, signal: AbortSignal): Promise<void> {
  if (profile === null) return;
  const { serveTuning } = await import('./tuning.ts');
  parts.tuning = serveTuning({ config: { ...config.tune, profile }, look: () => hub.latest?.snapshot ?? null, log, signal });
}

/** Sends samples to other servers. */
export async function startExport({ hub, host, config, stateDir, log }: DaemonSetup, parts: DaemonParts): Promise<void> {
  const exports = config.export;
  if (exports.length === 0) return;
  const { serveExport } = await import('./export.ts');
  parts.push = await serveExport({ hub, platform: host.platform, exports, stateDirectory: stateDir, log });
}

/** Tells of files with secrets that others can read. */
export function tellExposedSecrets({ config, log }: DaemonSetup): void {
  if (config.export.length + config.alerts.notify.length === 0) return;
  for (const file of exposedSecrets((one) => hasInlineSecret(one.export) || hasNotifySecret(one.alerts.notify))) log(exposedSentence(file));
}
