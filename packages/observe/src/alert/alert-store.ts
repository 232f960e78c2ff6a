import { array, literal, nullable, number, object, picklist, string } from 'valibot';
import type { GenericSchema } from 'valibot';
import type { Alert, AlertChange, Severity } from './alerts.ts';

/** What is kept of alerts over a restart. */
export interface KeptAlerts {
  readonly version: 1;
  readonly active: readonly (Alert & { readonly severity: Severity })[];
  readonly silences: readonly { readonly id: string; readonly until: number }[];
  /** The newest first. */
  readonly history: readonly AlertChange[];
}

const SEVERITY = picklist(['warning', 'critical']);

const ALERT = object({
  id: string(),
  rule: string(),
  object: nullable(string()),
  severity: nullable(SEVERITY),
  value: nullable(number()),
  unit: string(),
  summary: string(),
  advice: nullable(string()),
  since: number(),
  silencedUntil: nullable(number()),
});

/** Finds out whether a file holds {@link KeptAlerts}. */
export const KEPT_ALERTS: GenericSchema<unknown, KeptAlerts> = object({
  version: literal(1),
  active: array(object({ ...ALERT.entries, severity: SEVERITY })),
  silences: array(object({ id: string(), until: number() })),
  history: array(object({ time: number(), previous: nullable(SEVERITY), alert: ALERT })),
});
