import { HecateError, sentenceOf } from '@hecate/host';
import type { Frame, Hub } from '../serve/hub.ts';
import type { AlertSettings } from './alert-settings.ts';
import { KEPT_ALERTS } from './alert-store.ts';
import type { KeptAlerts } from './alert-store.ts';
import type { Alert, AlertChange, Alerts } from './alerts.ts';
import { createJudge } from './judge.ts';
import type { Judge } from './judge.ts';
import type { Matter } from './matter.ts';
import { compileDefaults } from './rule-set.ts';
import type { Rule } from './rule.ts';
import type { SourceContext } from './source.ts';
import { openStateFile } from './state-file.ts';

/** What alerts are made of. */
export interface AlertsOptions extends SourceContext {
  readonly hub: Pick<Hub, 'latest' | 'interval' | 'subscribe'>;
  readonly settings: Pick<AlertSettings, 'rules' | 'without'>;
  /** File that keeps them over a restart; null: they are not kept. */
  readonly stateFile: string | null;
  readonly log: (text: string) => void;
}

/** Alerts of a daemon that runs. */
export interface RunningAlerts extends Alerts {
  /** Names of rules that nobody is told about. */
  readonly quiet: ReadonlySet<string>;
  /** Ends judging, and writes what is kept. */
  close(): Promise<void>;
}

/** Changes that are kept. */
const MOST_CHANGES = 300;

const idOf = (rule: string, object: string | null): string => (object === null ? rule : `${rule}/${object}`);
const finite = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);
const worstFirst = (a: Alert, b: Alert): number =>
  Number(b.severity === 'critical') - Number(a.severity === 'critical') ||
  Number(b.severity !== null) - Number(a.severity !== null) ||
  b.since - a.since;

/** Judges every tick of a hub by the rules of the settings and our own. */
export function startAlerts({ hub, settings, stateFile, log, ...context }: AlertsOptions): RunningAlerts {
  const rules = compileDefaults(settings);
  const judges = rules.map((rule, turn) => createJudge(rule, context, hub.interval, turn));
  const store = stateFile === null ? null : openStateFile(stateFile, KEPT_ALERTS, 'alerts', log);
  const silences = new Map(store?.kept?.silences.map(({ id, until }) => [id, until]));
  const history: AlertChange[] = [...(store?.kept?.history ?? [])].slice(0, MOST_CHANGES);
  const listeners = new Set<(change: AlertChange) => void>();

  const now = (): number => hub.latest?.snapshot.time ?? Date.now() / 1000;
  const silencedUntil = (id: string, rule: string): number | null => {
    const until = Math.max(silences.get(id) ?? 0, silences.get(rule) ?? 0);
    return until > now() ? until : null;
  };
  const alertOf = (rule: Rule, { object, severity, value, summary, since }: Matter): Alert => {
    const id = idOf(rule.name, object);
    const text = summary || (value === null ? (rule.source.reason?.(context) ?? '') : '');
    return {
      id,
      rule: rule.name,
      object,
      severity,
      value: finite(value),
      unit: rule.source.unit,
      summary: text,
      advice: rule.advice,
      since,
      silencedUntil: silencedUntil(id, rule.name),
    };
  };
  const collect = (wanted: (judge: Judge, matter: Matter) => boolean): Alert[] =>
    judges.flatMap((judge) =>
      [...judge.matters.values()].filter((matter) => wanted(judge, matter)).map((matter) => alertOf(judge.rule, matter)),
    );
  const active = (): Alert[] => collect((_, { severity }) => severity !== null).toSorted(worstFirst);

  const keep = (): KeptAlerts => ({
    version: 1,
    active: active().flatMap((alert) => (alert.severity === null ? [] : [{ ...alert, severity: alert.severity }])),
    silences: [...silences].filter(([, until]) => until > now()).map(([id, until]) => ({ id, until })),
    history,
  });

  for (const kept of store?.kept?.active ?? []) judges.find(({ rule }) => rule.name === kept.rule)?.restore(kept);

  const broken = new Set<string>();
  const tell = (change: AlertChange): void => {
    for (const listener of listeners) {
      try {
        listener(change);
      } catch (error) {
        log(`Somebody could not be told of an alert. ${sentenceOf(error)}`);
      }
    }
  };
  const look = (judge: Judge, frame: Frame): ReturnType<Judge['look']> => {
    try {
      return judge.look(frame);
    } catch (error) {
      // One rule that fails must not keep the others from being judged.
      if (!broken.has(judge.rule.name)) log(`The rule ${judge.rule.name} cannot be judged. ${sentenceOf(error)}`);
      broken.add(judge.rule.name);
      return [];
    }
  };
  const unsubscribe = hub.subscribe((frame: Frame) => {
    for (const judge of judges) {
      for (const { rule, matter, previous } of look(judge, frame)) {
        const change: AlertChange = { time: frame.snapshot.time, previous, alert: alertOf(rule, matter) };
        history.unshift(change);
        if (history.length > MOST_CHANGES) history.length = MOST_CHANGES;
        tell(change);
        store?.save(keep);
      }
    }
  });

  return {
    quiet: new Set(rules.filter(({ quiet }) => quiet).map(({ name }) => name)),
    active,
    all: () =>
      collect(({ rule }, { value, severity }) => value !== null || severity !== null || rule.source.reason !== undefined).toSorted(
        worstFirst,
      ),
    history: (limit) => history.slice(0, limit),
    silence(id, until) {
      const isKnown = judges.some(
        ({ rule, matters }) => rule.name === id || [...matters.values()].some(({ object }) => idOf(rule.name, object) === id),
      );
      if (!isKnown && !silences.has(id)) {
        throw new HecateError('INVALID', `There is no alert and no rule ${JSON.stringify(id)}.`, {
          hint: 'hecate alerts list --all names them.',
        });
      }
      if (until === null) silences.delete(id);
      else if (until > now()) silences.set(id, until);
      else throw new HecateError('INVALID', 'A silence must end in the future.');
      store?.save(keep);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    async close() {
      unsubscribe();
      store?.save(keep);
      await store?.close();
    },
  };
}
