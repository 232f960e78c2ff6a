import { errnoOf } from '@hecate/host';
import { attributeNumber, encodeAttributes, parseAttributes } from './message.ts';
import type { AttributeToSend } from './message.ts';
import type { NetlinkSocket } from './socket.ts';

/** Bytes of `struct genlmsghdr` (linux/genetlink.h), which comes before the attributes. */
export const GENERIC_HEADER = 4;

/** The family that knows the others: its number is fixed (GENL_ID_CTRL). */
const CONTROLLER = 16;
const CTRL_CMD_GETFAMILY = 3;
const CTRL_ATTR_FAMILY_ID = 1;
const CTRL_ATTR_FAMILY_NAME = 2;

/** The payload of a request to a generic family: command, version, attributes. */
export function genericPayload(command: number, version: number, attributes: readonly AttributeToSend[] = []): Buffer {
  return Buffer.concat([Buffer.from([command, version, 0, 0]), encodeAttributes(attributes)]);
}

/** The number of a family (`nl80211`, `TASKSTATS`), which is the message type to use; null when the kernel has no such family. */
export function resolveFamily(socket: NetlinkSocket, name: string): number | null {
  try {
    const answer = socket.request(CONTROLLER, genericPayload(CTRL_CMD_GETFAMILY, 1, [[CTRL_ATTR_FAMILY_NAME, Buffer.from(`${name}\0`)]]));
    return answer && attributeNumber(parseAttributes(answer.payload, GENERIC_HEADER).get(CTRL_ATTR_FAMILY_ID));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}
