import { join } from 'node:path';
import type { Host } from '@hecate/host';
import { array, literal, number, object, picklist, string } from 'valibot';
import type { AlertSettings } from '../alert/alert-settings.ts';
import type { Alert, Alerts, Severity } from '../alert/alerts.ts';
import { isQuiet } from '../alert/quiet-hours.ts';
import { openStateFile } from '../alert/state-file.ts';
import { messageOf, testMessage } from './message.ts';
import type { Message, Told } from './message.ts';
import type { NotifySettings } from './notify-settings.ts';
import { openOutbox } from './outbox.ts';
import type { Outbox } from './outbox.ts';
import { openTarget } from './open-target.ts';

/** What a notifier works with. */
export interface NotifierOptions {
  readonly alerts: Alerts & { readonly quiet: ReadonlySet<string> };
  readonly settings: AlertSettings;
  /** Where it keeps what people were told, and what waits. */
  readonly directory: string;
  readonly host: Host;
  /** The name of the machine in messages. */
  readonly hostname: string;
  readonly log: (text: string) => void;
}

/** Tells people what changed. */
export interface Notifier {
  close(): Promise<void>;
}

const TOLD = object({
  version: literal(1),
  told: array(object({ id: string(), severity: picklist(['warning', 'critical']), at: number(), since: number() })),
});

/** What people know of an alert. */
interface Known {
  readonly severity: Severity;
  /** When they were told, and since when it was wrong. */
  readonly at: number;
  readonly since: number;
}

/** Milliseconds between two looks for what time alone changes: the end of quiet hours or a silence, a repetition. */
const LOOK = 30_000;
/**
 * Milliseconds until it is written down that people were told: by then the message lies on the disk or has arrived. A kill in between
 * tells something twice, and never forgets it.
 */
const SAVE = 2000;

/**
 * Tells every target what is wrong, and when it is over. It compares what is with what people were told last: so what comes and goes
 * within the time that changes are gathered is told to nobody, quiet hours and silences only put it off, and a restart tells nothing twice.
 */
export function startNotifier({ alerts, settings, directory, host, hostname, log }: NotifierOptions): Notifier {
  const file = openStateFile(join(directory, 'told.json'), TOLD, 'notes of what people were told', log);
  const known = new Map<string, Known>(file.kept?.told.map(({ id, ...rest }) => [id, rest]));
  const over = new Map<string, Alert>();
  const boxes = settings.notify.map((target): readonly [NotifySettings, Outbox] => [
    target,
    openOutbox({ name: target.name, directory: join(directory, target.name), target: openTarget(target, host), log }),
  ]);
  let gathering: NodeJS.Timeout | undefined;
  let saving: NodeJS.Timeout | undefined;

  const mayTell = (severity: Severity | null, time: number): boolean =>
    !isQuiet(settings.quiet, time) || (severity === 'critical' && settings.quietLetsCriticals);

  /** What is to be told now. */
  const collect = (time: number): Told[] => {
    const told: Told[] = [];
    const active = new Map(alerts.active().map((alert) => [alert.id, alert]));
    for (const [id, alert] of active) {
      const before = known.get(id);
      const isNew = before?.severity !== alert.severity;
      const isDue = settings.repeat > 0 && before !== undefined && time - before.at >= settings.repeat;
      if (alert.severity === null || alerts.quiet.has(alert.rule) || alert.silencedUntil !== null) continue;
      if ((!isNew && !isDue) || !mayTell(alert.severity, time)) continue;
      told.push({ previous: before?.severity ?? null, lasted: null, alert });
      known.set(id, { severity: alert.severity, at: time, since: before?.since ?? alert.since });
    }
    for (const [id, before] of known) {
      if (active.has(id) || !mayTell(null, time)) continue;
      const alert = over.get(id) ?? forgotten(id, time);
      known.delete(id);
      if (alert.silencedUntil === null) told.push({ previous: before.severity, lasted: alert.since - before.since, alert });
    }
    // How it ended is kept for who is told later.
    for (const id of over.keys()) if (!known.has(id)) over.delete(id);
    return told;
  };
  const save = (): void => {
    saving = undefined;
    file.save(() => ({ version: 1, told: [...known].map(([id, rest]) => ({ id, ...rest })) }));
  };
  const tell = (): void => {
    gathering = undefined;
    const time = host.clock.now();
    const told = collect(time);
    if (told.length === 0) return;
    saving ??= setTimeout(save, SAVE).unref();
    for (const [target, box] of boxes) {
      const wanted = told.filter((one) => concerns(target, one));
      if (wanted.length > 0) box.put(messageOf(wanted, hostname, time));
    }
  };
  const gather = (): void => {
    gathering ??= setTimeout(tell, settings.group * 1000).unref();
  };

  const unsubscribe = alerts.subscribe(({ alert }) => {
    if (alert.severity === null) over.set(alert.id, alert);
    else over.delete(alert.id);
    gather();
  });
  const timer = setInterval(gather, LOOK).unref();
  gather();

  return {
    async close() {
      unsubscribe();
      clearInterval(timer);
      if (gathering) {
        clearTimeout(gathering);
        tell();
      }
      await Promise.all(boxes.map(([, box]) => box.close()));
      clearTimeout(saving);
      save();
      await file.close();
    },
  };
}

/** Whether a target wants to hear of it: its end only from who heard of its beginning. */
function concerns({ least, recovered }: NotifySettings, { previous, alert: { severity } }: Told): boolean {
  const counts = (one: Severity | null): boolean => one === 'critical' || (one === 'warning' && least === 'warning');
  return counts(severity) || (recovered && counts(previous));
}

/** What was wrong before a restart and is not any more: nobody saw how it ended. */
const forgotten = (id: string, time: number): Alert => ({
  id,
  rule: id.split('/', 1)[0] ?? id,
  object: id.includes('/') ? id.slice(id.indexOf('/') + 1) : null,
  severity: null,
  value: null,
  unit: 'count',
  summary: `${id} is over.`,
  advice: null,
  since: time,
  silencedUntil: null,
});

/** What came of a test message. */
export interface TestOutcome {
  readonly name: string;
  readonly place: string;
  /** Null: it arrived. */
  readonly trouble: string | null;
}

/** Seconds that a test may take. */
const TEST_TIME = 30_000;

/** Sends a test message to every target, once and at once, and says what came of it. */
export async function testTargets(targets: readonly NotifySettings[], host: Host, hostname: string): Promise<TestOutcome[]> {
  const message: Message = testMessage(hostname, host.clock.now());
  return Promise.all(
    targets.map(async (settings) => {
      const target = openTarget(settings, host);
      try {
        const outcome = await target.send(message, AbortSignal.timeout(TEST_TIME));
        return { name: settings.name, place: target.place, trouble: outcome.kind === 'sent' ? null : outcome.why };
      } finally {
        await target.close();
      }
    }),
  );
}
