import { errnoOf } from '@hecate/host';
import { createNetworkState } from '../../events/network-state.ts';
import { NETLINK_ROUTE, openNetlink } from '../netlink/socket.ts';
import { POLLIN } from './poll-thread.ts';
import { parseRouteMessage, RTM_GETADDR, RTM_GETLINK } from './route-message.ts';
import type { EventSource } from '../../events/event-source.ts';

/** Groups of linux/rtnetlink.h: links, IPv4 and IPv6 addresses. */
const GROUPS = 0x1 | 0x10 | 0x100;
/** `struct ifinfomsg` and `struct ifaddrmsg`, all zero: everything. */
const ANY_LINK = Buffer.alloc(16);
const ANY_ADDRESS = Buffer.alloc(8);
/** Datagrams taken in at a time; others get their turn in between. */
const AT_ONCE = 256;

/** Interfaces and addresses, from rtnetlink (man 7 rtnetlink). */
export const route: EventSource = {
  kinds: ['link', 'address'],
  open({ emit, overrun, watch }) {
    const state = createNetworkState();
    const listener = openNetlink(NETLINK_ROUTE, GROUPS);
    try {
      // A socket of its own: answers to a request would mix with what comes unasked.
      const readAll = (): ReturnType<typeof state.replace> => {
        const asker = openNetlink(NETLINK_ROUTE);
        try {
          const links = asker.rows(RTM_GETLINK, ANY_LINK, (message) => {
            const news = parseRouteMessage(message);
            return news?.is === 'link' ? news.link : null;
          });
          const addresses = asker.rows(RTM_GETADDR, ANY_ADDRESS, (message) => {
            const news = parseRouteMessage(message);
            return news?.is === 'address' ? news.address : null;
          });
          return state.replace(links, addresses);
        } finally {
          asker.close();
        }
      };
      readAll();
      watch(listener.descriptor, POLLIN, () => {
        try {
          for (let count = 0; count < AT_ONCE; count++) {
            const messages = listener.receive();
            if (!messages) return;
            for (const message of messages) {
              const news = parseRouteMessage(message);
              if (news) state.apply(news).forEach(emit);
            }
          }
        } catch (error) {
          if (errnoOf(error) !== 'ENOBUFS') throw error;
          // What is still in the queue is older than what is read now, and would undo it for a moment: it goes first.
          while (drain(listener.receive)) {
            // Thrown away: the whole state follows.
          }
          overrun();
          readAll().forEach(emit);
        }
      });
    } catch (error) {
      listener.close();
      throw error;
    }
    return listener.close;
  },
};

/** Takes one datagram away; false when there is none. Losing yet more is no news. */
function drain(receive: () => unknown): boolean {
  try {
    return receive() !== null;
  } catch (error) {
    if (errnoOf(error) === 'ENOBUFS') return true;
    throw error;
  }
}
