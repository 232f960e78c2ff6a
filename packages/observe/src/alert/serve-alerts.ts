import { join } from 'node:path';
import type { Host } from '@hecate/host';
import { sentenceOf } from '@hecate/host';
import type { Notifier } from '../notify/notifier.ts';
import type { Hub } from '../serve/hub.ts';
import { readTiers } from '../tier/tiers.ts';
import type { AlertSettings } from './alert-settings.ts';
import type { Alerts } from './alerts.ts';
import { startAnomaly } from './anomaly/anomaly.ts';
import { wantsAnomaly } from './rule-set.ts';
import { startAlerts } from './start-alerts.ts';
import type { AlertsOptions } from './start-alerts.ts';

/** What alerts of a daemon are made of. */
export interface ServeAlertsOptions extends Omit<AlertsOptions, 'stateFile' | 'hub' | 'settings'> {
  readonly hub: Hub;
  readonly settings: AlertSettings;
  readonly host: Host;
  /** The name of the machine in messages. */
  readonly hostname: string;
  /** Where all of it is kept. */
  readonly directory: string;
  /** Where the daemon records; absent when it does not. What is usual is learned from there. */
  readonly dataDir?: string;
}

/** Alerts of a daemon that runs. */
export interface ServedAlerts extends Alerts {
  /** Begins to tell people, where somebody is to be told: once everything else of the daemon stands. */
  tell(): Promise<void>;
  /** Ends judging and telling, and writes what is kept. */
  close(): Promise<void>;
}

/** Alerts, and who is told of them. What delivers is loaded only where somebody is to be told. */
export function serveAlerts({ host, hostname, directory, dataDir, ...options }: ServeAlertsOptions): ServedAlerts {
  const { settings, log, hub } = options;
  const anomaly = dataDir === undefined || !wantsAnomaly(settings) ? undefined : startAnomaly({ hub, recorded: readTiers(dataDir), log });
  const alerts = startAlerts({ ...options, ...(anomaly ? { anomaly } : {}), stateFile: join(directory, 'alerts.json') });
  let notifier: Notifier | undefined;
  return {
    ...alerts,
    async tell() {
      if (settings.notify.length === 0) return;
      try {
        const { startNotifier } = await import('../notify/notifier.ts');
        notifier = startNotifier({ alerts, settings, directory: join(directory, 'notify'), host, hostname, log });
      } catch (error) {
        log(`Nobody is told of alerts. ${sentenceOf(error)}`);
      }
    },
    async close() {
      anomaly?.close();
      await alerts.close();
      await notifier?.close();
    },
  };
}
