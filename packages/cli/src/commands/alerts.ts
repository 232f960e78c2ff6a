import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { HecateError } from '@hecate/host';
import { deriveRates, openMachine } from '@hecate/metrics';
import { judgedBy, judgeOnce, machineRow, parseSpan } from '@hecate/observe';
import type { Alert, AlertChange, Opinion } from '@hecate/observe';
import { alertLines, changeLines, opinionLines } from '../alerts/alert-lines.ts';
import type { testNotify } from '../alerts/test-targets.ts';
import { openDaemonApi } from '../alerts/daemon-api.ts';
import type { DaemonApi } from '../alerts/daemon-api.ts';
import { readConfig } from '../config/config.ts';
import type { Config } from '../config/config.ts';
import { openTarget } from '../target.ts';
import { timeText } from '../terminal/event-line.ts';
import { print } from '../terminal/print.ts';
import { during } from '../terminal/progress.ts';
import { sentences } from '../terminal/sentences.ts';
import { terminalOf } from '../terminal/terminal.ts';

interface AlertOptions {
  readonly action: 'list' | 'history' | 'test' | 'silence';
  readonly id: readonly string[];
  readonly all?: boolean;
  readonly limit: number;
  readonly for: string;
  readonly end?: boolean;
  readonly notify?: boolean;
  readonly url?: string;
  readonly format: 'text' | 'json';
}

/** What an action gives: data for programs, and the same for people. */
interface Answer {
  readonly data: unknown;
  readonly text: () => string;
}

/** Milliseconds between the two readings that rates need. */
const BETWEEN = 1000;

async function list(api: DaemonApi, all: boolean, { alerts: rules }: Config): Promise<Answer> {
  const { alerts } = (await api.get(`/api/v1/alerts${all ? '?all=1' : ''}`)) as { readonly alerts: readonly Alert[] };
  const text = (): string => alertLines(alerts, judgedBy(rules), Date.now() / 1000, terminalOf(process.stdout)) || 'Nothing is wrong.\n';
  return { data: alerts, text };
}

async function history(api: DaemonApi, limit: number): Promise<Answer> {
  const { changes } = (await api.get(`/api/v1/alerts/history?limit=${limit}`)) as { readonly changes: readonly AlertChange[] };
  return { data: changes, text: () => changeLines(changes, terminalOf(process.stdout)) || 'Nothing was wrong.\n' };
}

async function silence(api: DaemonApi, { id: words, for: time, end }: AlertOptions): Promise<Answer> {
  const [id, ...more] = words;
  if (id === undefined || more.length > 0) {
    throw new HecateError('INVALID', 'silence takes one alert, or one rule.', { hint: 'hecate alerts list names them.' });
  }
  const seconds = parseSpan(time);
  if (seconds === null || seconds <= 0) {
    throw new HecateError('INVALID', `--for must be a time such as 30m, 4h or 2d, not ${JSON.stringify(time)}.`);
  }
  const until = end ? null : Date.now() / 1000 + seconds;
  const data = await api.post('/api/v1/alerts/silence', { id, until });
  return {
    data,
    text: () => (until === null ? `${id} is told again.\n` : `Nobody is told about ${id} until ${timeText(until)}.\n`),
  };
}

const ONE_LOOK = 'This was one look, judged as if it had been so for as long as each rule wants.';

/** What the rules say of this machine now. */
async function judgeNow({ alerts }: Config): Promise<Opinion[]> {
  using machine = openMachine();
  const before = await machine.snapshot();
  await sleep(BETWEEN);
  const snapshot = await machine.snapshot();
  const rates = deriveRates(before, snapshot);
  return judgeOnce(alerts, { snapshot, rates, row: machineRow(snapshot, rates) });
}

async function tell(targets: Config['alerts']['notify']): ReturnType<typeof testNotify> {
  const late = await import('../alerts/test-targets.ts');
  return late.testNotify(targets, openTarget(undefined), hostname());
}

async function test(config: Config, notify: boolean): Promise<Answer> {
  const opinions = await during('Looking at the machine', () => judgeNow(config));
  const targets = config.alerts.notify;
  if (notify && targets.length === 0) {
    throw new HecateError('INVALID', 'Nobody is to be told: there is no [[alerts.notify]] in config.toml.', {
      hint: 'docs/alerts.md shows how.',
    });
  }
  const told = notify ? await during('Telling everybody', () => tell(targets)) : [];
  if (told.some(({ trouble }) => trouble !== null)) process.exitCode = 1;
  const lines = told.map(
    ({ name, place, trouble }) => `${name}: ${trouble === null ? `a message arrived at ${place}` : `${place} ${trouble}`}.`,
  );
  const text = (): string => opinionLines(opinions, terminalOf(process.stdout)) + sentences([ONE_LOOK, ...lines]);
  return { data: { opinions, ...(notify ? { told } : {}) }, text };
}

/** `hecate alerts`. */
export async function run(options: AlertOptions): Promise<void> {
  const { action, id, format } = options;
  if (action !== 'silence' && id.length > 0) throw new HecateError('INVALID', `${action} takes nothing, and not ${JSON.stringify(id[0])}.`);
  const config = readConfig();
  const api = (): DaemonApi => openDaemonApi(options.url, config.serve);
  const answers = {
    list: () => list(api(), options.all ?? false, config),
    history: () => history(api(), options.limit),
    silence: () => silence(api(), options),
    test: () => test(config, options.notify ?? false),
  };
  const { data, text } = await answers[action]();
  print({ format }, data, text);
}
