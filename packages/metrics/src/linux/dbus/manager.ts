import { errnoOf, HecateError } from '@hecate/host';
import { connectDbus } from './connection.ts';
import type { DbusConnection } from './connection.ts';
import { createDetails } from './details.ts';
import type { UnitDetails } from './details.ts';
import { createSystemdClient } from './systemd.ts';
import type { ListedUnit, SystemdClient } from './systemd.ts';

/** A socket on which systemd may be reached. */
export interface SystemdSocket {
  readonly path: string;
  /** A bus, where systemd has a name; else systemd's own socket, for root. */
  readonly isBus: boolean;
}

/** The system bus, and systemd's own socket, which needs no bus (systemd: "private" socket of PID 1). */
export const SYSTEMD_SOCKETS: readonly SystemdSocket[] = [
  { path: '/run/dbus/system_bus_socket', isBus: true },
  { path: '/run/systemd/private', isBus: false },
];

/** Seconds for each answer of systemd. */
const PATIENCE = 1;

/** What systemd says. */
export interface ManagerState {
  readonly systemState: string | null;
  readonly version: string | null;
  readonly units: readonly ListedUnit[];
  /** What is known of single units, by name. */
  readonly details: ReadonlyMap<string, UnitDetails>;
}

/** systemd, asked again and again over one connection. */
export interface Manager {
  /** Null where none of the sockets is there: systemd does not run. Rejects when it is there and does not answer, or not us. */
  ask(): Promise<ManagerState | null>;
  close(): void;
}

interface Session {
  readonly connection: DbusConnection;
  readonly client: SystemdClient;
  readonly version: string | null;
}

const isAbsent = (error: unknown): boolean => {
  const errno = errnoOf(error);
  return (
    errno === 'ENOENT' || errno === 'ENOTDIR' || errno === 'ECONNREFUSED' || (error instanceof HecateError && error.code === 'UNAVAILABLE')
  );
};

/** Opens systemd; nothing is connected before the first question. */
export function openManager(sockets: readonly SystemdSocket[] = SYSTEMD_SOCKETS, seconds: number = PATIENCE): Manager {
  let session: Session | undefined;
  const details = createDetails();

  const connect = async ({ path, isBus }: SystemdSocket): Promise<Session> => {
    const connection = await connectDbus(path, isBus, seconds);
    try {
      const client = createSystemdClient(connection, isBus);
      return { connection, client, version: await client.text(null, 'Manager', 'Version') };
    } catch (error) {
      connection.close();
      throw error;
    }
  };

  /** The first socket behind which systemd answers; the first refusal when none does. */
  const find = async (): Promise<Session | undefined> => {
    let refusal: unknown;
    for (const socket of sockets) {
      try {
        return await connect(socket);
      } catch (error) {
        if (!isAbsent(error)) refusal ??= error;
      }
    }
    if (refusal) throw refusal;
    return undefined;
  };

  return {
    async ask() {
      if (!session?.connection.isOpen) session = await find();
      if (!session) return null;
      const { client, version } = session;
      const [units, systemState] = await Promise.all([client.units(), client.text(null, 'Manager', 'SystemState')]);
      return { systemState, version, units, details: await details(client, units) };
    },
    close() {
      session?.connection.close();
      session = undefined;
    },
  };
}
