import { errnoOf, HecateError } from '@hecate/host';
import { createThrottleWatch } from '../../events/throttle.ts';
import type { Learned } from '../../events/event.ts';
import { GENERIC_HEADER, genericPayload } from '../netlink/generic.ts';
import { attributeNumber, attributeText, listAttributes, parseAttributes } from '../netlink/message.ts';
import { NETLINK_GENERIC, openNetlink } from '../netlink/socket.ts';
import type { NetlinkSocket } from '../netlink/socket.ts';
import { POLLIN } from './poll-thread.ts';
import type { EventSource } from '../../events/event-source.ts';
import { openThrottleReader } from './throttle-reader.ts';

/** Seconds between two looks. Processors only count, and tell nobody. */
const LOOK_EVERY = 5;

/** The controller of generic families (linux/genetlink.h). */
const CONTROLLER = 16;
const CTRL_CMD_GETFAMILY = 3;
const CTRL_ATTR_FAMILY_NAME = 2;
const CTRL_ATTR_MCAST_GROUPS = 7;
const CTRL_ATTR_MCAST_GRP_NAME = 1;
const CTRL_ATTR_MCAST_GRP_ID = 2;

/** Number of a group of a generic family; null when the kernel lacks either. */
function resolveGroup(socket: NetlinkSocket, family: string, group: string): number | null {
  try {
    const payload = genericPayload(CTRL_CMD_GETFAMILY, 1, [[CTRL_ATTR_FAMILY_NAME, Buffer.from(`${family}\0`)]]);
    const answer = socket.request(CONTROLLER, payload);
    const groups = answer && parseAttributes(answer.payload, GENERIC_HEADER).get(CTRL_ATTR_MCAST_GROUPS);
    for (const [, nested] of groups ? listAttributes(groups) : []) {
      const attributes = parseAttributes(nested);
      if (attributeText(attributes.get(CTRL_ATTR_MCAST_GRP_NAME)) === group) return attributeNumber(attributes.get(CTRL_ATTR_MCAST_GRP_ID));
    }
    return null;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
}

/** A socket that is told of trip points and cooling devices (linux/thermal.h); null where there is none, or it is not for us. */
function openThermalEvents(): NetlinkSocket | null {
  let socket: NetlinkSocket | null = null;
  try {
    const asker = openNetlink(NETLINK_GENERIC);
    let group: number | null;
    try {
      group = resolveGroup(asker, 'thermal', 'event');
    } finally {
      asker.close();
    }
    // The bits of an address reach to group 32.
    if (group === null || group < 1 || group > 31) return null;
    socket = openNetlink(NETLINK_GENERIC, 1 << (group - 1));
    return socket;
  } catch (error) {
    if (errnoOf(error) === undefined && !(error instanceof HecateError)) throw error;
    return null;
  }
}

/** Throttling: cooling devices, looked at when the thermal family speaks, and counters, looked at every few seconds. */
export const throttle: EventSource = {
  kinds: ['throttle'],
  open({ host, emit, every, overrun, watch }) {
    const reader = openThrottleReader(host);
    const throttles = createThrottleWatch();
    const look = (by: Learned, settled: boolean): void => throttles.look(reader.read(), by, settled).forEach(emit);
    const first = reader.read();
    if (first.length === 0) {
      reader.close();
      throw new HecateError('UNAVAILABLE', 'This machine shows neither throttle counters nor cooling devices that slow it down.');
    }
    throttles.look(first, 'polling').forEach(emit);
    every(LOOK_EVERY, () => look('polling', true));
    const socket = openThermalEvents();
    if (socket) {
      watch(socket.descriptor, POLLIN, () => {
        try {
          // What happened matters less than how things stand now.
          while (socket.receive());
        } catch (error) {
          if (errnoOf(error) !== 'ENOBUFS') throw error;
          overrun();
        }
        look('kernel', false);
      });
    }
    return () => {
      socket?.close();
      reader.close();
    };
  },
};
