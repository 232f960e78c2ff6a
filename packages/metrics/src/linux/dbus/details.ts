import { HecateError } from '@hecate/host';
import type { ListedUnit, SystemdClient } from './systemd.ts';

/** What systemd says of a single unit, by its kind; null where its kind has no such thing. */
export interface UnitDetails {
  /** Kind of service: `simple`, `notify`. */
  readonly type: string | null;
  /** Times that a service was started again by itself. */
  readonly restarts: number | null;
  /** When a timer last fired, seconds since the epoch; null when it never did. */
  readonly lastTrigger: number | null;
  /** Connections that a socket took, has now, and refused. */
  readonly accepted: number | null;
  readonly connections: number | null;
  readonly refused: number | null;
}

/** Of a unit of which nothing is asked. */
export const NO_DETAILS: UnitDetails = {
  type: null,
  restarts: null,
  lastTrigger: null,
  accepted: null,
  connections: null,
  refused: null,
};

/** Units that are asked about in one read; a machine has some tens of these kinds. */
const MOST = 200;
/** Each is asked about again every so many reads. */
const AGAIN_EVERY = 6;

interface Known {
  details: UnitDetails;
  asked: number;
}

/** Null instead of a refusal: a unit may go while it is asked about, and older versions lack some properties. */
async function ifSaid<Value>(answer: Promise<Value | null>): Promise<Value | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof HecateError) return null;
    throw error;
  }
}

async function ask(client: SystemdClient, { name, object }: ListedUnit, last: UnitDetails | undefined): Promise<UnitDetails> {
  const number = (kind: string, property: string): Promise<number | null> => ifSaid(client.number(object, kind, property));
  if (name.endsWith('.service')) {
    const type = last?.type ?? (await ifSaid(client.text(object, 'Service', 'Type')));
    return { ...NO_DETAILS, type, restarts: await number('Service', 'NRestarts') };
  }
  if (name.endsWith('.timer')) {
    const microseconds = await number('Timer', 'LastTriggerUSec');
    return { ...NO_DETAILS, lastTrigger: microseconds ? microseconds / 1e6 : null };
  }
  const [accepted, connections, refused] = await Promise.all([
    number('Socket', 'NAccepted'),
    number('Socket', 'NConnections'),
    number('Socket', 'NRefused'),
  ]);
  return { ...NO_DETAILS, accepted, connections, refused };
}

/**
 * Asks about loaded services, timers and sockets: those that are new at once, the others once a minute.
 * Rejects when systemd does not answer in time.
 */
export function createDetails(): (client: SystemdClient, units: readonly ListedUnit[]) => Promise<ReadonlyMap<string, UnitDetails>> {
  let known = new Map<string, Known>();
  let round = 0;
  return async (client, units) => {
    round++;
    const next = new Map<string, Known>();
    const due: ListedUnit[] = [];
    for (const unit of units) {
      if (unit.load !== 'loaded' || !/\.(?:service|timer|socket)$/.test(unit.name)) continue;
      const found = known.get(unit.name);
      if (found) next.set(unit.name, found);
      if (!found || round - found.asked >= AGAIN_EVERY) due.push(unit);
    }
    await Promise.all(
      due.slice(0, MOST).map(async (unit) => {
        next.set(unit.name, { details: await ask(client, unit, next.get(unit.name)?.details), asked: round });
      }),
    );
    known = next;
    return new Map([...known].map(([name, { details }]) => [name, details]));
  };
}
