import { readdirSync, readFileSync } from 'node:fs';
import { WebSocket } from 'ws';
import { eventually } from './cli.testing.ts';
import type { Daemon, Running, StartOptions } from './cli.testing.ts';

/** Lets {@link openInspector} look into the daemon: Node's inspector then takes any free port. */
export const INSPECTED: StartOptions['env'] = { NODE_OPTIONS: '--inspect-port=0' };

/** A look at the memory of a daemon that holds nothing which could be given back. */
export interface Inspector {
  /** MiB that are in use after a full collection, in the heap and outside of it: what is resident depends on the C library too. */
  live(): Promise<number>;
  close(): void;
}

/** MiB of a process that are resident now. */
export function residentNow(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
}

/** Open descriptors of a process. */
export const descriptorsOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

/** Samples that a daemon has taken. */
export const samplesOf = async (daemon: Daemon): Promise<number> => Number((await daemon.json('healthz'))['samples']);

/** Waits for so many more samples: the daemon lives, and goes on. */
export async function sampledOn(daemon: Daemon, count: number): Promise<void> {
  const wanted = (await samplesOf(daemon)) + count;
  await eventually(async () => (await samplesOf(daemon)) >= wanted, `${count} more samples`);
}

/** What a daemon said on standard error about other things than the inspector. */
export function complaints({ stderr }: Running): string[] {
  return stderr()
    .split('\n')
    .filter((line) => line !== '' && !/^(Debugger |For help, see: )/.test(line));
}

/** Opens the inspector of a daemon that was started with {@link INSPECTED}. */
export async function openInspector(daemon: Daemon): Promise<Inspector> {
  const { pid } = daemon.child;
  process.kill(pid!, 'SIGUSR1');
  const [, address] = (await daemon.until(/Debugger listening on (ws:\S+)/)) as unknown as [string, string];
  const socket = new WebSocket(address, { perMessageDeflate: false });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve).once('error', reject);
  });
  let id = 0;
  interface Result {
    readonly result?: { readonly value?: unknown };
  }
  const call = (method: string, params: object = {}): Promise<Result> => {
    const own = ++id;
    return new Promise((resolve) => {
      const listen = (data: Buffer): void => {
        const reply = JSON.parse(data.toString()) as { id?: number; result: Result };
        if (reply.id !== own) return;
        socket.off('message', listen);
        resolve(reply.result);
      };
      socket.on('message', listen);
      socket.send(JSON.stringify({ id: own, method, params }));
    });
  };
  const expression = '(({ heapUsed, external }) => (heapUsed + external) / 2 ** 20)(process.memoryUsage())';
  return {
    async live() {
      let least = Number.POSITIVE_INFINITY;
      // What is found dead in one collection is freed with the next; and ticks go on meanwhile.
      for (let time = 0; time < 5; time++) {
        await call('HeapProfiler.collectGarbage');
        least = Math.min(least, Number((await call('Runtime.evaluate', { expression, returnByValue: true })).result?.value));
      }
      return least;
    },
    close: () => socket.terminate(),
  };
}
