import type { Route } from '../route.ts';
import { ACCESS } from './access.ts';
import { ALERT_HISTORY, ALERT_SILENCE, ALERTS } from './alerts.ts';
import { ANALYSIS } from './analysis.ts';
import { EVENTS } from './events.ts';
import { HEALTH } from './health.ts';
import { HISTORY } from './history.ts';
import { METRICS } from './metrics.ts';
import { createOpenApi } from './openapi.ts';
import { PROCESS_PRIORITY, PROCESS_SIGNAL } from './process-actions.ts';
import { PROCESS_DETAIL } from './process-detail.ts';
import { PROCESSES } from './processes.ts';
import { SNAPSHOT } from './snapshot.ts';
import { SSE } from './sse.ts';
import { TUNING } from './tuning.ts';

/** Every path of the API but the page and the stream. */
export const ROUTES: readonly Route[] = [
  HEALTH,
  SNAPSHOT,
  PROCESSES,
  PROCESS_DETAIL,
  HISTORY,
  TUNING,
  ANALYSIS,
  METRICS,
  EVENTS,
  SSE,
  createOpenApi(() => ROUTES),
  ACCESS,
  PROCESS_SIGNAL,
  PROCESS_PRIORITY,
  ALERTS,
  ALERT_HISTORY,
  ALERT_SILENCE,
];
