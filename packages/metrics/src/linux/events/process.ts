import { errnoOf, HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import { NETLINK_CONNECTOR, openKernelSocket, receiveAll } from './kernel-socket.ts';
import { POLLIN } from './poll-thread.ts';
import { encodeListen, parseProcessMessages } from './process-message.ts';
import type { EventSource } from '../../events/event-source.ts';

/** CN_IDX_PROC of linux/connector.h, as a bit of groups. */
const GROUP = 1;

/** The kernel's name of a process now; null when it is gone. */
function nameOf(host: Host, pid: number): string | null {
  try {
    const { buffer, length } = host.read(`/proc/${pid}/comm`);
    return buffer.toString('utf8', 0, length).replace(/\n$/, '');
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
}

/** Every start and end of a process, from the connector (kernel: drivers/connector/cn_proc.c). */
export const processes: EventSource = {
  kinds: ['process'],
  open({ host, emit, overrun, watch }) {
    const socket = openKernelSocket(NETLINK_CONNECTOR, GROUP);
    /** Names of those that are alive, so that an end can be told by name: a process that ended has none to be read. */
    const names = new Map<number, string>();
    /** Tells the answer to us from those to other listeners. */
    const question = Math.floor(Math.random() * 2 ** 32);
    let acknowledged = false;
    const take = (datagram: Buffer): void => {
      for (const news of parseProcessMessages(datagram)) {
        if (news.is === 'acknowledged') {
          if (news.question !== question) continue;
          if (news.errno !== 0) throw new HecateError('DENIED', 'The kernel does not tell this user about processes; root may listen.');
          acknowledged = true;
          continue;
        }
        // Of what others asked for, who may not ask is told too: in namespaces of their own, with pids that mean nothing there.
        if (!acknowledged) continue;
        const { is: change, pid } = news;
        const ppid = change === 'started' ? news.ppid : null;
        const read = nameOf(host, pid);
        // A process that was too quick: at its birth it bears its parent's name, at its end the one that it was last seen with.
        const known = change === 'started' ? names.get(news.ppid) : change === 'exited' ? names.get(pid) : undefined;
        const name = read ?? known ?? null;
        if (change === 'exited' || name === null) names.delete(pid);
        else names.set(pid, name);
        const { status, signal } = change === 'exited' ? news : { status: null, signal: null };
        emit({ kind: 'process', change, pid, ppid, name, status, signal });
      }
    };
    const receive = (): void =>
      receiveAll(socket, take, () => {
        // Ends may be among the lost ones, and numbers are given anew.
        names.clear();
        overrun();
      });
    try {
      socket.send(encodeListen(question));
      // The kernel has answered before the call that asked came back, if it answers at all.
      receive();
      if (!acknowledged) {
        throw new HecateError(
          'UNSUPPORTED',
          'The kernel does not answer: no process connector, or this is a pid or user namespace of its own.',
        );
      }
      watch(socket.descriptor, POLLIN, receive);
    } catch (error) {
      socket.close();
      throw errnoOf(error) === 'ECONNREFUSED'
        ? new HecateError('UNSUPPORTED', 'The kernel has no process connector.', { cause: error })
        : error;
    }
    return socket.close;
  },
};
