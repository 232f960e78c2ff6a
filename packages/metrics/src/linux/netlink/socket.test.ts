import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inPrivateNetwork, ip, ipBatch, privateNetworkMissing } from '../private-network.testing.ts';
import { resolveFamily } from './generic.ts';
import { attributeText, parseAttributes } from './message.ts';
import { NETLINK_GENERIC, NETLINK_ROUTE, openNetlink } from './socket.ts';
import type { NetlinkSocket } from './socket.ts';

const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;
const RTMGRP_LINK = 1;
/** `struct ifinfomsg`, all zero: every interface. */
const ANY_LINK = Buffer.alloc(16);
const IFLA_IFNAME = 3;

const links = (socket: NetlinkSocket): string[] =>
  socket.rows(RTM_GETLINK, ANY_LINK, ({ payload }) => attributeText(parseAttributes(payload, 16).get(IFLA_IFNAME)));

const onLinux = process.platform === 'linux';

test.runIf(onLinux)('a dump has all interfaces; one that is left early does not disturb the next', () => {
  const socket = openNetlink(NETLINK_ROUTE);
  const names = links(socket);
  expect(names).toContain('lo');
  for (const message of socket.dump(RTM_GETLINK, ANY_LINK)) {
    expect(message.type).toBe(RTM_NEWLINK);
    break;
  }
  expect(links(socket)).toEqual(names);
  socket.close();
  socket.close();
  expect(socket.descriptor).toBe(-1);
});

test.runIf(onLinux)('a message that is longer than the buffer is received whole', () => {
  const [small, large] = [openNetlink(NETLINK_ROUTE, 0, 20), openNetlink(NETLINK_ROUTE)];
  expect(links(small)).toEqual(links(large));
  expect(links(small)).toContain('lo');
  small.close();
  large.close();
});

test.runIf(onLinux)('generic families have a number each, and one that is not there has none', () => {
  const socket = openNetlink(NETLINK_GENERIC);
  expect(resolveFamily(socket, 'nlctrl')).toBe(16);
  expect(resolveFamily(socket, 'no_such_family')).toBeNull();
  expect(resolveFamily(socket, 'nlctrl')).toBe(16);
  socket.close();
});

test.runIf(onLinux)('what the kernel refuses is thrown as an error of the operating system, and nothing stays open', () => {
  const open = (): number => readdirSync('/proc/self/fd').length;
  const before = open();
  expect(() => openNetlink(99)).toThrow(expect.objectContaining({ code: 'EPROTONOSUPPORT' }));
  const socket = openNetlink(NETLINK_ROUTE);
  expect(() => socket.request(RTM_GETLINK, Buffer.from([0, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f, ...Array<number>(8).fill(0)]))).toThrow(
    expect.objectContaining({ code: 'ENODEV' }),
  );
  expect(links(socket)).toContain('lo');
  socket.close();
  expect(open()).toBe(before);
});

const missing = privateNetworkMissing();
if (missing) console.warn(`SKIPPED: netlink in a network of its own: ${missing}`);

test.skipIf(missing)('a dump of many parts is complete, and events of a group are heard', async () => {
  const { names, theirs, heard } = await inPrivateNetwork(() => {
    const listener = openNetlink(NETLINK_ROUTE, RTMGRP_LINK);
    const socket = openNetlink(NETLINK_ROUTE);
    expect(listener.receive()).toBeNull();
    ip('link', 'add', 'first', 'type', 'bridge');
    const events = listener.receive();
    const heardOf = events?.map(({ type, payload }) => [type, attributeText(parseAttributes(payload, 16).get(IFLA_IFNAME))]);
    listener.close();
    ipBatch(Array.from({ length: 150 }, (_, index) => `link add a${index} type veth peer name b${index}`));
    const all = links(socket);
    socket.close();
    const judged = (JSON.parse(ip('-j', 'link')) as { ifname: string }[]).map(({ ifname }) => ifname);
    return { names: all, theirs: judged, heard: heardOf };
  });
  expect(heard).toContainEqual([RTM_NEWLINK, 'first']);
  expect(names).toHaveLength(302);
  expect(names).toEqual(theirs);
});
