import { HecateError } from '@hecate/host';
import { integer, maxValue, minValue, number, picklist, pipe, strictObject } from 'valibot';
import { SIGNALS } from '../../act/process-actor.ts';
import type { Acted, ProcessActor } from '../../act/process-actor.ts';
import { checkSettings } from '../../settings.ts';
import { JSON_TYPE } from '../route.ts';
import type { Answer, Route, RouteContext } from '../route.ts';

const PID = 'must be the number of a process';
const START = 'must be the seconds after boot at which the process started';
const NICE = 'must be a whole number from -20 to 19';

const TARGET = {
  pid: pipe(number(PID), integer(PID), minValue(1, PID), maxValue(2 ** 22, PID)),
  startedAfterBoot: pipe(number(START), minValue(0, START)),
};
const SIGNAL = strictObject({ ...TARGET, signal: picklist(SIGNALS) });
const PRIORITY = strictObject({ ...TARGET, nice: pipe(number(NICE), integer(NICE), minValue(-20, NICE), maxValue(19, NICE)) });

const TARGET_SCHEMA = {
  pid: { type: 'integer', minimum: 1 },
  startedAfterBoot: { type: 'number', description: 'As /api/v1/processes says it: another process with this number is left alone.' },
};
const GIVES = {
  'application/json': {
    type: 'object',
    properties: { pid: { type: 'integer' }, startedAfterBoot: { type: 'number' }, name: { type: 'string' } },
  },
};

function actorOf({ actor }: RouteContext): ProcessActor {
  if (actor) return actor;
  throw new HecateError('DENIED', 'This daemon does nothing to processes.', {
    hint: 'Start it with --allow-act, or with act = true in [serve].',
  });
}

const told = (acted: Acted): Answer => ({ type: JSON_TYPE, body: JSON.stringify(acted) });
const nobody = { address: 'this program' };

/** Sends a signal to a process. */
export const PROCESS_SIGNAL: Route = {
  method: 'POST',
  path: '/api/v1/processes/signal',
  scope: 'act',
  summary: 'Sends a signal to a process.',
  takes: {
    type: 'object',
    properties: { ...TARGET_SCHEMA, signal: { enum: SIGNALS } },
    required: ['pid', 'startedAfterBoot', 'signal'],
    additionalProperties: false,
  },
  gives: GIVES,
  answer: (context, { body, caller }) => {
    const actor = actorOf(context);
    const { signal, ...target } = checkSettings(SIGNAL, body, 'The body');
    return told(actor.signal(target, signal, caller ?? nobody));
  },
};

/** Gives a process another priority. */
export const PROCESS_PRIORITY: Route = {
  method: 'POST',
  path: '/api/v1/processes/priority',
  scope: 'act',
  summary: 'Gives a process and its threads another nice value.',
  takes: {
    type: 'object',
    properties: { ...TARGET_SCHEMA, nice: { type: 'integer', minimum: -20, maximum: 19 } },
    required: ['pid', 'startedAfterBoot', 'nice'],
    additionalProperties: false,
  },
  gives: GIVES,
  answer: (context, { body, caller }) => {
    const actor = actorOf(context);
    const { nice, ...target } = checkSettings(PRIORITY, body, 'The body');
    return told(actor.setNice(target, nice, caller ?? nobody));
  },
};
