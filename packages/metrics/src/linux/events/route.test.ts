import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { MachineEvent } from '../../events/event.ts';
import { createNetworkState } from '../../events/network-state.ts';
import type { LinkState } from '../../events/network-state.ts';
import { encodeAttributes, parseMessages } from '../netlink/message.ts';
import { inPrivateNetwork, ip, ipBatch, privateNetworkMissing } from '../private-network.testing.ts';
import { parseRouteMessage } from './route-message.ts';
import { startWatching } from './watching.testing.ts';
import type { Watching } from './watching.testing.ts';

const link = (index: number, name: string, up = false): LinkState => ({ index, name, enabled: true, up });

describe('the state of the network', () => {
  test('only what is new is an event', () => {
    const state = createNetworkState();
    expect(state.apply({ is: 'link', gone: false, link: link(2, 'eth0') })).toMatchObject([{ change: 'added', device: 'eth0' }]);
    expect(state.apply({ is: 'link', gone: false, link: link(2, 'eth0') })).toEqual([]);
    expect(state.apply({ is: 'link', gone: false, link: link(2, 'lan0', true) })).toMatchObject([
      { change: 'renamed', previous: 'eth0', device: 'lan0' },
      { change: 'up', device: 'lan0' },
    ]);
    const address = { index: 2, family: 4, address: '192.0.2.1', prefix: 24 } as const;
    expect(state.apply({ is: 'address', gone: false, address })).toMatchObject([{ change: 'added', device: 'lan0' }]);
    expect(state.apply({ is: 'address', gone: false, address })).toEqual([]);
    expect(state.apply({ is: 'address', gone: true, address: { ...address, prefix: 16 } })).toEqual([]);
    expect(state.apply({ is: 'link', gone: true, link: link(2, 'lan0') })).toMatchObject([{ change: 'down' }, { change: 'removed' }]);
    expect(state.apply({ is: 'link', gone: true, link: link(2, 'lan0') })).toEqual([]);
    expect(state.apply({ is: 'address', gone: true, address })).toMatchObject([{ change: 'removed', device: '#2' }]);
  });

  test('a whole state, read anew, gives the differences', () => {
    const state = createNetworkState();
    const address = { index: 1, family: 6, address: '::1', prefix: 128 } as const;
    expect(state.replace([link(1, 'lo', true), link(2, 'a')], [address])).toHaveLength(4);
    expect(state.replace([link(1, 'lo', true), link(2, 'a')], [address])).toEqual([]);
    expect(state.replace([link(1, 'lo', false), link(3, 'b')], [])).toMatchObject([
      { kind: 'address', change: 'removed', device: 'lo', address: '::1' },
      { change: 'removed', device: 'a' },
      { change: 'down', device: 'lo' },
      { change: 'added', device: 'b' },
    ]);
  });
});

describe('messages', () => {
  test('a port that leaves its bridge has not left the machine', () => {
    const payload = Buffer.concat([Buffer.alloc(16), encodeAttributes([[3, Buffer.from('eth0\0')]])]);
    payload.writeInt32LE(5, 4);
    expect(parseRouteMessage({ type: 17, flags: 0, sequence: 0, payload })).toEqual({
      is: 'link',
      gone: true,
      link: { index: 5, name: 'eth0', enabled: false, up: false },
    });
    payload[0] = 7; // AF_BRIDGE
    expect(parseRouteMessage({ type: 17, flags: 0, sequence: 0, payload })).toBeNull();
  });

  test('any bytes are survived', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(16, 17, 20, 21), (bytes, type) => {
        const news = [
          parseRouteMessage({ type, flags: 0, sequence: 0, payload: Buffer.from(bytes) }),
          ...parseMessages(Buffer.from(bytes)).map(parseRouteMessage),
        ];
        for (const one of news) {
          if (one?.is === 'link') expect(Number.isInteger(one.link.index)).toBe(true);
          if (one?.is === 'address') expect(one.address.address).toMatch(/^[\da-f.:]+$/);
        }
      }),
    );
  });
});

const missing = privateNetworkMissing();
if (missing) console.warn(`SKIPPED: events of a network of its own: ${missing}`);
const open: Watching[] = [];
afterAll(() => Promise.all(open.map((watching) => watching.end())));

/** Starts to watch in a network of its own. */
const watchHere = async (): Promise<Watching> => {
  const watching = await startWatching({ only: ['link', 'address', 'device'] });
  open.push(watching);
  return watching;
};
const isOf =
  (kind: string) =>
  (event: MachineEvent): boolean =>
    event.kind === kind;

describe.skipIf(missing)('a network of its own', () => {
  test('interfaces and addresses that come, change and go are told in order', async () => {
    const before = readdirSync('/proc/self/fd').length;
    const seen = await inPrivateNetwork(async () => {
      const watching = await watchHere();
      expect(watching.opening).toMatchObject([{ kind: 'watching', kinds: ['link', 'address', 'device'] }]);
      ip('link', 'add', 'left', 'type', 'veth', 'peer', 'name', 'right');
      ip('link', 'set', 'right', 'up');
      ip('link', 'set', 'left', 'up');
      await watching.until({ kind: 'link', change: 'up', device: 'left' });
      ip('link', 'set', 'right', 'down');
      await watching.until({ kind: 'link', change: 'down', device: 'left', enabled: true });
      ip('link', 'set', 'left', 'down');
      ip('link', 'set', 'left', 'name', 'other-name');
      ip('address', 'add', '192.0.2.7/24', 'dev', 'other-name');
      ip('address', 'add', '2001:db8::7/64', 'dev', 'other-name', 'nodad');
      await watching.until({ kind: 'address', change: 'added', address: '2001:db8::7' });
      ip('address', 'del', '192.0.2.7/24', 'dev', 'other-name');
      ip('link', 'del', 'other-name');
      await watching.until({ kind: 'link', change: 'removed', device: 'right' });
      await watching.until({ kind: 'device', change: 'removed', subsystem: 'net', name: 'other-name' });
      await watching.end();
      return watching.seen;
    });
    const left = seen.filter(isOf('link')).filter((event) => 'device' in event && /^(?:left|other-name)$/.test(event.device));
    expect(left).toMatchObject([
      { change: 'added', device: 'left', previous: null },
      { change: 'up', device: 'left', enabled: true },
      { change: 'down', device: 'left', enabled: true },
      { change: 'renamed', device: 'other-name', previous: 'left' },
      { change: 'removed', device: 'other-name' },
    ]);
    expect(seen.filter(isOf('address')).filter((event) => 'address' in event && !event.address.startsWith('fe80'))).toMatchObject([
      { change: 'added', device: 'other-name', address: '192.0.2.7', prefix: 24, family: 4 },
      { change: 'added', device: 'other-name', address: '2001:db8::7', prefix: 64, family: 6 },
      { change: 'removed', address: '192.0.2.7' },
      { change: 'removed', address: '2001:db8::7' },
    ]);
    expect(seen.filter(isOf('device'))).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ change: 'added', subsystem: 'net', name: 'left', path: '/devices/virtual/net/left', action: 'add' }),
        expect.objectContaining({ change: 'changed', name: 'other-name', action: 'move' }),
      ]),
    );
    expect(readdirSync('/proc/self/fd')).toHaveLength(before);
  });

  test('a storm that overruns the queue is told, and the state is right after it', async () => {
    await inPrivateNetwork(async () => {
      const watching = await watchHere();
      // All of it happens while we do not read: ip is waited for.
      const names = Array.from({ length: 150 }, (_, index) => `s${index}`);
      ipBatch(names.map((name) => `link add ${name} type veth peer name p${name}`));
      ipBatch(names.flatMap((name) => [`link set ${name} up`, `link set p${name} up`, `link set ${name} mtu 1400`, `link del ${name}`]));
      ip('link', 'add', 'last', 'type', 'veth', 'peer', 'name', 'plast');
      await watching.until({ kind: 'link', change: 'added', device: 'last' });
      await watching.until({ kind: 'overrun', what: 'link' });
      const alive = new Set<string>();
      for (const event of watching.seen) {
        if (event.kind !== 'link') continue;
        if (event.change === 'added') alive.add(event.device);
        if (event.change === 'removed') alive.delete(event.device);
      }
      expect([...alive].sort()).toEqual(['last', 'plast']);
      await watching.end();
    });
  });
});
