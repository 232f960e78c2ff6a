import { HecateError } from '@hecate/host';
import type { DbusConnection } from './connection.ts';
import { openBody } from './wire.ts';
import type { Message, MethodCall } from './wire.ts';

/** A unit as the manager lists it (org.freedesktop.systemd1(5), ListUnits). */
export interface ListedUnit {
  readonly name: string;
  /** `loaded`, `not-found`, `masked`, `error`, … */
  readonly load: string;
  /** `active`, `reloading`, `inactive`, `failed`, `activating`, `deactivating`, … */
  readonly active: string;
  /** Depends on the kind of unit: `running`, `exited`, `listening`, `mounted`. */
  readonly sub: string;
  /** Path of its object. */
  readonly object: string;
}

const MANAGER = '/org/freedesktop/systemd1';
const SERVICE = 'org.freedesktop.systemd1';
const PROPERTIES = 'org.freedesktop.DBus.Properties';

/** Decodes the answer of ListUnits. Throws FAILED when it is of other types. */
export function parseUnits(message: Message): ListedUnit[] {
  if (message.signature !== 'a(ssssssouso)')
    throw new HecateError('FAILED', `ListUnits was answered with ${JSON.stringify(message.signature)}.`);
  const body = openBody(message.body, message.isLittle);
  const length = body.uint32();
  body.pad(8);
  const end = body.at + length;
  const units: ListedUnit[] = [];
  while (body.at < end) {
    body.pad(8);
    const name = body.text();
    body.skipText();
    const load = body.text();
    const active = body.text();
    const sub = body.text();
    body.skipText();
    const object = body.text();
    body.uint32();
    body.skipText();
    body.skipText();
    units.push({ name, load, active, sub, object });
  }
  return units;
}

/** The text in a variant; null when it holds something else. */
export function parseTextVariant(message: Message): string | null {
  if (message.signature !== 'v') return null;
  const body = openBody(message.body, message.isLittle);
  return body.signature() === 's' ? body.text() : null;
}

/** The whole number in a variant (32 or 64 bits, without a sign); null when it holds something else. */
export function parseNumberVariant(message: Message): number | null {
  if (message.signature !== 'v') return null;
  const body = openBody(message.body, message.isLittle);
  const type = body.signature();
  return type === 'u' ? body.uint32() : type === 't' ? body.uint64() : null;
}

/** What systemd is asked. `isBus`: its name must be said. */
export interface SystemdClient {
  /** All units in memory; the same array again while nothing changed. */
  units(): Promise<readonly ListedUnit[]>;
  /** A property of the manager or of an object that is a text. */
  text(object: string | null, kind: string, property: string): Promise<string | null>;
  /** The same of one that is a number. */
  number(object: string, kind: string, property: string): Promise<number | null>;
}

/** Asks systemd over a connection. */
export function createSystemdClient(connection: DbusConnection, isBus: boolean): SystemdClient {
  const to = isBus ? { destination: SERVICE } : {};
  const call = (given: MethodCall): Promise<Message> => connection.call({ ...to, ...given });
  const get = (object: string, kind: string, property: string): Promise<Message> =>
    call({ path: object, interface: PROPERTIES, member: 'Get', strings: [`${SERVICE}.${kind}`, property] });
  let last: Buffer | undefined;
  let units: readonly ListedUnit[] = [];
  return {
    async units() {
      const message = await call({ path: MANAGER, interface: `${SERVICE}.Manager`, member: 'ListUnits' });
      if (!last?.equals(message.body)) {
        units = parseUnits(message);
        last = message.body;
      }
      return units;
    },
    text: async (object, kind, property) => parseTextVariant(await get(object ?? MANAGER, kind, property)),
    number: async (object, kind, property) => parseNumberVariant(await get(object, kind, property)),
  };
}
