import type { DaemonApi } from '../../alerts/daemon-api.ts';
import { noHecate } from '../../alerts/daemon-request.ts';
import type { Scene } from '../scene.ts';
import type { RemoteMachine } from './remote-machine.ts';
import { followDaemon } from './remote-stream.ts';
import { objectOf } from './remote-values.ts';

/** One connection to a daemon after another. */
export interface RemoteSession {
  /** Seconds between two scenes; when it is changed the connection is made anew. */
  interval: number;
  /** Whether the daemon does anything to processes, as far as it has told. */
  readonly acts: boolean;
  /** Scenes until the signal, or until the interval was changed. Rejects as asking the daemon does. */
  scenes(signal: AbortSignal): AsyncGenerator<Scene, void, undefined>;
}

/** What a session is made of. */
export interface RemoteSessionOptions {
  readonly api: DaemonApi;
  readonly machine: RemoteMachine;
  readonly interval: number;
}

/** Milliseconds between two looks at what does not come with the samples: mounts, power, clocks, the wording of alerts. */
const REFRESH = 10_000;
/** Milliseconds after the last of several changes of the interval. */
const SETTLED = 300;
const EVENTS = '/api/v1/events?limit=50';

/** Nothing is asked before the first scene is. */
export function createRemoteSession({ api, machine, interval }: RemoteSessionOptions): RemoteSession {
  let every = interval;
  let acts = true;
  let change = (): void => undefined;

  const refresh = async (): Promise<void> => {
    const [snapshot, alerts] = await Promise.all([api.get('/api/v1/snapshot'), api.get('/api/v1/alerts')]);
    if (typeof objectOf(snapshot)['time'] !== 'number') throw noHecate(api.place);
    machine.takeSnapshot(snapshot);
    machine.takeAlerts(alerts);
  };

  const begin = async (): Promise<void> => {
    const [access, events] = await Promise.all([api.get('/api/v1/access'), api.get(EVENTS), refresh()]);
    acts = objectOf(access)['processes'] !== false;
    machine.takeEvents(events);
  };

  /** What cannot be refreshed stays as it was: the stream tells when the daemon is gone. */
  const refreshLater = (): NodeJS.Timeout => {
    let busy = false;
    return setInterval(() => {
      if (busy) return;
      busy = true;
      refresh()
        .catch(() => undefined)
        .finally(() => {
          busy = false;
        });
    }, REFRESH).unref();
  };

  return {
    get interval() {
      return every;
    },
    set interval(seconds) {
      every = seconds;
      change();
    },
    get acts() {
      return acts;
    },
    async *scenes(signal) {
      await begin();
      const ending = new AbortController();
      const end = (): void => ending.abort();
      let settling: NodeJS.Timeout | undefined;
      const asked = every;
      change = () => {
        clearTimeout(settling);
        if (every !== asked) settling = setTimeout(end, SETTLED).unref();
      };
      change();
      signal.addEventListener('abort', end);
      if (signal.aborted) end();
      const timer = refreshLater();
      try {
        for await (const message of followDaemon({ place: api.place, token: api.readToken(), every: asked, signal: ending.signal })) {
          const scene = machine.takeMessage(message);
          if (scene && !signal.aborted) yield scene;
        }
      } finally {
        change = () => undefined;
        clearTimeout(settling);
        clearInterval(timer);
        signal.removeEventListener('abort', end);
        end();
      }
    },
  };
}
