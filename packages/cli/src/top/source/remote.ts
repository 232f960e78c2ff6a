import { setTimeout as sleep } from 'node:timers/promises';
import { HecateError } from '@hecate/host';
import { openDaemonApi } from '../../alerts/daemon-api.ts';
import { isLasting, noHecate } from '../../alerts/daemon-request.ts';
import type { ProcessKey, Scene } from '../scene.ts';
import type { SceneActor, SceneDetail, TopSource } from '../source.ts';
import { remoteDetail } from './remote-detail.ts';
import { remoteFacts } from './remote-facts.ts';
import { createRemoteMachine } from './remote-machine.ts';
import { openRemotePast } from './remote-past.ts';
import { createRemoteSession } from './remote-session.ts';

/** Which daemon is looked at. */
export interface RemoteSourceOptions {
  /** `http://web1:9095`. */
  readonly url: string;
  /** Shown to the daemon; without one HECATE_TOKEN is, and for an address of this machine the tokens of this user. */
  readonly token?: string | undefined;
  /** Certificates (PEM) that are trusted in place of those of the system. */
  readonly ca?: string | undefined;
  /** Seconds between two scenes. Default 1. */
  readonly interval?: number;
  readonly say: (sentence: string) => void;
}

/** Seconds until a daemon that went away is asked again: more each time. */
const FIRST_WAIT = 0.5;
const LONGEST_WAIT = 15;
const SHORTEST_INTERVAL = 0.1;
const LONGEST_INTERVAL = 60;

const bounded = (seconds: number): number => (seconds >= SHORTEST_INTERVAL ? Math.min(LONGEST_INTERVAL, seconds) : SHORTEST_INTERVAL);

/**
 * The machine of a daemon that runs somewhere. Throws INVALID for what is no address. `scenes` rejects when the daemon refuses (DENIED), when
 * it is not there at the first time, and when what is there is none; once it was there it is waited for.
 */
export function openRemoteSource({ url, token, ca, interval = 1, say }: RemoteSourceOptions): TopSource {
  const api = openDaemonApi(url, null, { token, ca, flag: '--remote' });
  const { base } = api.place;
  const machine = createRemoteMachine(base.hostname);
  const past = openRemotePast(api);
  const session = createRemoteSession({ api, machine, interval: bounded(interval) });

  async function* scenes(signal: AbortSignal): AsyncGenerator<Scene, void, undefined> {
    let wasThere = false;
    let isLost = false;
    for (let wait = FIRST_WAIT; !signal.aborted;) {
      try {
        for await (const scene of session.scenes(signal)) {
          if (isLost) say(`${base.origin} answers again.`);
          wasThere = true;
          isLost = false;
          wait = FIRST_WAIT;
          yield scene;
        }
        continue;
      } catch (error) {
        if (signal.aborted) return;
        if (!wasThere || !isPassing(error)) throw error;
        if (!isLost) say(`${error.message} It is asked again until it answers.`);
        isLost = true;
      }
      await sleep(wait * 1000, undefined, { signal }).catch(() => undefined);
      wait = Math.min(LONGEST_WAIT, wait * 2);
    }
  }

  const actor: SceneActor = {
    signal: async ({ pid, startedAfterBoot }, signal) => {
      await api.post('/api/v1/processes/signal', { pid, startedAfterBoot, signal });
    },
    setNice: async ({ pid, startedAfterBoot }, nice) => {
      await api.post('/api/v1/processes/priority', { pid, startedAfterBoot, nice });
    },
  };

  async function detail({ pid, startedAfterBoot }: ProcessKey): Promise<SceneDetail | null> {
    try {
      const found = remoteDetail(await api.getAsOwner(`/api/v1/processes/detail?pid=${pid}&startedAfterBoot=${startedAfterBoot}`));
      if (found === null) throw noHecate(api.place);
      return found;
    } catch (error) {
      // It is gone, or on a Mac, where the list has all that is known. Where nobody answered there is a cause.
      if (error instanceof HecateError && ['UNAVAILABLE', 'UNSUPPORTED'].includes(error.code) && error.cause === undefined) return null;
      throw error;
    }
  }

  return {
    kind: 'remote',
    label: base.href.replace(/\/$/, ''),
    get interval() {
      // Samples may come a little late; a daemon that takes them more rarely has a pace of its own.
      const { pace } = machine;
      return pace > session.interval * 1.5 ? bounded(Math.round(pace * 10) / 10) : session.interval;
    },
    set interval(seconds) {
      session.interval = bounded(seconds);
    },
    scenes,
    at: (time) => past.at(time, machine.facts ?? remoteFacts({}, base.hostname)),
    extent: past.extent,
    stretch: past.stretch,
    meta: machine.meta,
    detail,
    get actor() {
      return session.acts ? actor : null;
    },
    get whyNoActor() {
      return session.acts ? null : 'This daemon does nothing to processes: it was started without --allow-act.';
    },
    close: async () => undefined,
  };
}

/** Whether waiting can mend it: the daemon is gone, or was ended in the middle of a word. */
function isPassing(error: unknown): error is HecateError {
  return error instanceof HecateError && (error.code === 'UNAVAILABLE' || error.code === 'FAILED') && !isLasting(error);
}
