import { ENCODERS } from '../../export/encoders.ts';
import { joinPieces } from '../pieces.ts';
import { frameOf } from '../route.ts';
import type { Route } from '../route.ts';

const TEXT = { type: 'string' };

/** What Prometheus scrapes. */
export const METRICS: Route = {
  method: 'GET',
  path: '/metrics',
  scope: 'read',
  summary: 'Prometheus text, or OpenMetrics where it is asked for.',
  gives: { 'text/plain': TEXT, 'application/openmetrics-text': TEXT },
  answer: async ({ hub, platform }, { accept }) => {
    const { type, pieces } = ENCODERS[accept.includes('application/openmetrics-text') ? 'openmetrics' : 'prometheus'];
    return { type, body: await joinPieces(pieces({ ...(await frameOf(hub)), platform })) };
  },
};
