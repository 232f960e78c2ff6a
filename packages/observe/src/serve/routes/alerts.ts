import { HecateError } from '@hecate/host';
import { minLength, nullable, number, pipe, strictObject, string } from 'valibot';
import type { Alerts } from '../../alert/alerts.ts';
import { checkSettings } from '../../settings.ts';
import { JSON_TYPE, numberOf } from '../route.ts';
import type { Route, RouteContext } from '../route.ts';

const SEVERITY = { enum: ['warning', 'critical', null] };
const ALERT = {
  type: 'object',
  required: ['id', 'rule', 'object', 'severity', 'value', 'unit', 'summary', 'advice', 'since', 'silencedUntil'],
  properties: {
    id: { type: 'string', description: '`<rule>` or `<rule>/<object>`.' },
    rule: { type: 'string' },
    object: { type: ['string', 'null'], description: 'Null: the whole machine.' },
    severity: SEVERITY,
    value: { type: ['number', 'null'], description: 'What is compared; null when it is not known, or without end.' },
    unit: { type: 'string' },
    summary: { type: 'string' },
    advice: { type: ['string', 'null'] },
    since: { type: 'number', description: 'Seconds since the epoch at which it got this severity.' },
    silencedUntil: { type: ['number', 'null'] },
  },
};

/** The most changes of one answer, and how many are given to who does not say. */
const MOST = 300;
const USUAL = 100;

/** What is wrong. */
export const ALERTS: Route = {
  method: 'GET',
  path: '/api/v1/alerts',
  scope: 'read',
  summary: 'What is wrong now, the worst first.',
  parameters: [
    {
      name: 'all',
      help: '1: everything that a rule can say anything about, whether something is wrong or not',
      schema: { enum: ['0', '1'], default: '0' },
    },
  ],
  gives: { 'application/json': { type: 'object', required: ['alerts'], properties: { alerts: { type: 'array', items: ALERT } } } },
  answer: ({ alerts }, { query }) => {
    const all = query.get('all') ?? '0';
    if (all !== '0' && all !== '1') throw new HecateError('INVALID', `all must be 0 or 1, not ${JSON.stringify(all)}.`);
    return { type: JSON_TYPE, body: JSON.stringify({ alerts: (all === '1' ? alerts?.all() : alerts?.active()) ?? [] }) };
  },
};

/** What was wrong. */
export const ALERT_HISTORY: Route = {
  method: 'GET',
  path: '/api/v1/alerts/history',
  scope: 'read',
  summary: 'The last alerts that changed their severity, the newest first.',
  parameters: [
    { name: 'limit', help: 'the most changes to answer', schema: { type: 'integer', minimum: 0, maximum: MOST, default: USUAL } },
  ],
  gives: {
    'application/json': {
      type: 'object',
      required: ['changes'],
      properties: {
        changes: {
          type: 'array',
          items: {
            type: 'object',
            required: ['time', 'previous', 'alert'],
            properties: { time: { type: 'number' }, previous: SEVERITY, alert: ALERT },
          },
        },
      },
    },
  },
  answer: ({ alerts }, { query }) => {
    const limit = Math.min(Math.trunc(numberOf(query, 'limit', USUAL)), MOST);
    return { type: JSON_TYPE, body: JSON.stringify({ changes: alerts?.history(limit) ?? [] }) };
  },
};

const SILENCE_BODY = strictObject({
  id: pipe(string(), minLength(1, 'must not be empty')),
  until: nullable(number('must be seconds since the epoch, or null')),
});

function judged({ alerts }: RouteContext): Alerts {
  if (alerts) return alerts;
  throw new HecateError('UNAVAILABLE', 'This daemon judges nothing.', {
    hint: 'It has enabled = false in [alerts], or shows a recorded machine.',
  });
}

/** Keeps people from being told. */
export const ALERT_SILENCE: Route = {
  method: 'POST',
  path: '/api/v1/alerts/silence',
  scope: 'act',
  summary: 'Tells nobody about an alert, or about a whole rule, until then; `until` null ends a silence.',
  takes: {
    type: 'object',
    properties: { id: { type: 'string', description: 'Id of an alert, or name of a rule.' }, until: { type: ['number', 'null'] } },
    required: ['id', 'until'],
    additionalProperties: false,
  },
  gives: { 'application/json': { type: 'object', properties: { id: { type: 'string' }, until: { type: ['number', 'null'] } } } },
  answer: (context, { body }) => {
    const alerts = judged(context);
    const { id, until } = checkSettings(SILENCE_BODY, body, 'The body');
    alerts.silence(id, until);
    return { type: JSON_TYPE, body: JSON.stringify({ id, until }) };
  },
};
