import type { Route } from '../route.ts';
import { HEALTH } from './health.ts';
import { HISTORY } from './history.ts';
import { METRICS } from './metrics.ts';
import { PROCESSES } from './processes.ts';
import { SNAPSHOT } from './snapshot.ts';
import { TUNING } from './tuning.ts';

/** Every path of the API but the page and the stream. */
export const ROUTES: readonly Route[] = [HEALTH, SNAPSHOT, PROCESSES, HISTORY, TUNING, METRICS];
