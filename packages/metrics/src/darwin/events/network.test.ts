import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { constant } from '../fake/abi.testing.ts';
import { driveSource, eventful, happeningsOf, networkMessage } from '../fake/events.testing.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { merge } from '../fake/machine.testing.ts';
import type { FakeMachine } from '../fake/machine.testing.ts';
import { networkOf } from '../fake/network.testing.ts';
import type { FakeInterface } from '../fake/network.testing.ts';
import { parseNetworkMessage } from './kernel-socket.ts';
import { network } from './network.ts';

const LINK = 'KEV_DL_SUBCLASS';
const [ON, OFF] = [constant('KEV_DL_LINK_ON'), constant('KEV_DL_LINK_OFF')];
/** KEV_INET_NEW_ADDR of netinet/in_var.h. */
const NEW_ADDRESS = 1;
const lost = { status: constant('IFM_AVALID'), active: 0 };
const found = { status: constant('IFM_AVALID') | constant('IFM_ACTIVE'), active: 0 };

const one = (name: string, index: number, more: Partial<FakeInterface> = {}): FakeInterface => ({
  ...{ name, index, type: constant('IFT_ETHER'), counters: {} },
  ...more,
});
const loopback = one('lo0', 1, { type: constant('IFT_LOOP'), addresses: [{ address: '127.0.0.1/8' }, { address: '::1/128' }] });
const ethernet = one('en0', 4, { media: found, addresses: [{ address: '192.168.1.20/24', other: '192.168.1.255' }] });
const machine = (...interfaces: readonly FakeInterface[]): FakeMachine => merge(eventful, networkOf(interfaces));

describe.skipIf(noFakeDarwin !== null)('links and addresses', () => {
  test('what the list says after a message: interfaces that come and go, are switched off, and their addresses', async () => {
    const fake = openFakeDarwin(machine(loopback, ethernet));
    const happenings = happeningsOf(fake);
    const driven = driveSource(network, fake);
    expect(driven.seen).toEqual([{ kind: 'watching', kinds: ['link', 'address'] }]);
    const tell = (...interfaces: readonly FakeInterface[]): void => {
      fake.change(networkOf(interfaces));
      expect(happenings.send(networkMessage('KEV_INET_SUBCLASS', NEW_ADDRESS, 'en', 0))).toBe(1);
      driven.ready();
    };
    tell(
      loopback,
      { ...ethernet, addresses: [{ address: '10.1.2.3/16' }, { address: 'fe80::1c2a/64' }] },
      one('utun3', 9, { flags: ['UP', 'RUNNING'] }),
    );
    tell(loopback, { ...ethernet, flags: ['RUNNING'], addresses: [] });
    const link = { kind: 'link', previous: null };
    const address = { kind: 'address', device: 'en0' };
    expect(driven.seen.slice(1)).toEqual([
      { ...address, change: 'removed', address: '192.168.1.20', prefix: 24, family: 4 },
      { ...link, change: 'added', device: 'utun3', index: 9, enabled: true },
      { ...link, change: 'up', device: 'utun3', index: 9, enabled: true },
      { ...address, change: 'added', address: '10.1.2.3', prefix: 16, family: 4 },
      { ...address, change: 'added', address: 'fe80::1c2a', prefix: 64, family: 6 },
      { ...address, change: 'removed', address: '10.1.2.3', prefix: 16, family: 4 },
      { ...address, change: 'removed', address: 'fe80::1c2a', prefix: 64, family: 6 },
      { ...link, change: 'down', device: 'utun3', index: 9, enabled: true },
      { ...link, change: 'removed', device: 'utun3', index: 9, enabled: true },
      { ...link, change: 'down', device: 'en0', index: 4, enabled: false },
    ]);
    await driven.close();
    fake.expectClean();
  });

  test('a cable that was pulled out and put back is two events, though the list never changed', async () => {
    const fake = openFakeDarwin(machine(loopback, ethernet, one('en10', 5, { media: lost }), one('en11', 6, { flags: [] })));
    const happenings = happeningsOf(fake);
    const driven = driveSource(network, fake);
    const cut = networkMessage(LINK, OFF, 'en', 0).subarray(0, 40);
    happenings.send(cut);
    happenings.send(networkMessage(LINK, OFF, 'en', 0));
    happenings.send(networkMessage(LINK, ON, 'en', 0));
    happenings.send(cut);
    happenings.send(networkMessage(LINK, ON, 'en', 11));
    // Of nobody that is known, of another subclass, of a code that is no link, and of one that is down.
    happenings.send(networkMessage(LINK, ON, 'bridge', 0));
    happenings.send(networkMessage('KEV_INET_SUBCLASS', OFF, 'en', 0));
    happenings.send(networkMessage(LINK, constant('KEV_DL_IF_ATTACHED'), 'en', 0));
    happenings.send(networkMessage(LINK, OFF, 'en', 10));
    driven.ready();
    const link = { kind: 'link', previous: null, device: 'en0', index: 4, enabled: true };
    expect(driven.seen.slice(1)).toEqual([
      { ...link, change: 'down' },
      { ...link, change: 'up' },
    ]);
    fake.change(networkOf([loopback, { ...ethernet, media: lost }]));
    happenings.send(networkMessage(LINK, OFF, 'en', 0));
    driven.ready();
    expect(driven.seen.slice(3)).toEqual([
      { ...link, change: 'down' },
      { ...link, change: 'removed', device: 'en10', index: 5 },
      { ...link, change: 'removed', device: 'en11', index: 6, enabled: false },
    ]);
    await driven.close();
    fake.expectClean();
  });

  test('a storm is taken in by portions, and ends where the machine is', async () => {
    const fake = openFakeDarwin(machine(loopback, ethernet));
    const happenings = happeningsOf(fake);
    const driven = driveSource(network, fake);
    let told = 0;
    for (let time = 0; time < 10_000; time++) {
      told += happenings.send(networkMessage(LINK, time % 2 === 0 ? OFF : ON, 'en', 0));
      if (time === 400) expect(driven.ready()).toBe(1);
      // Others have their turn after 256 of them; the list then says that all is well.
      if (time === 400) expect(driven.seen).toHaveLength(1 + 256);
    }
    for (let count = 0; count < 10; count++) driven.ready();
    const changes = driven.seen.slice(1).map((event) => (event.kind === 'link' ? event.change : event.kind));
    expect(told).toBeGreaterThan(400);
    expect(changes.every((change, index) => change === (index % 2 === 0 ? 'down' : 'up'))).toBe(true);
    expect(changes.at(-1)).toBe('up');
    happenings.send(Buffer.alloc(0));
    driven.ready();
    expect(driven.seen.slice(-2)).toMatchObject([
      { kind: 'unavailable', what: 'link', reason: 'absent' },
      { kind: 'unavailable', what: 'address' },
    ]);
    await driven.close();
    fake.expectClean();
  });

  test('no such socket, no filter, no list: unavailable, and the socket is closed', async () => {
    const refused = (error: string) => ({ result: -1, error: constant(error) });
    const keys = Object.keys(eventful.answers!);
    const socket = keys.find((key) => key.startsWith('socket:'))!;
    const filter = keys.find((key) => key.startsWith(`ioctl:${constant('SIOCSKEVFILT').toString(16)}`))!;
    const list = Object.keys(networkOf([]).answers!).find((key) => key.startsWith('sysctl:'))!;
    for (const [key, error, reason] of [
      [socket, 'EPERM', 'permission'],
      [filter, 'EINVAL', 'error'],
      [`fcntl:${constant('F_SETFD')}`, 'EIO', 'error'],
      [list, 'EPERM', 'permission'],
    ] as const) {
      const fake = openFakeDarwin(merge(machine(loopback), { answers: { [key]: refused(error) } }));
      const driven = driveSource(network, fake);
      expect(driven.seen.slice(0, 2)).toMatchObject([
        { kind: 'unavailable', what: 'link', reason },
        { kind: 'unavailable', what: 'address', reason },
      ]);
      await driven.close();
      fake.expectClean();
    }
  });

  test('one of the two kinds alone says nothing of the other', async () => {
    const fake = openFakeDarwin(machine(loopback, ethernet));
    const driven = driveSource(network, fake, { only: ['address'] });
    fake.change(networkOf([loopback, { ...ethernet, addresses: [], flags: [] }]));
    happeningsOf(fake).send(networkMessage(LINK, OFF, 'en', 0));
    driven.ready();
    expect(driven.seen.slice(1)).toMatchObject([{ kind: 'address', change: 'removed' }]);
    await driven.close();
    fake.expectClean();
  });
});

test('messages of any bytes are messages or nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100, size: 'max' }), (bytes) => {
      const message = parseNetworkMessage(Buffer.from(bytes));
      expect(message === null).toBe(bytes.length < 48);
    }),
  );
  expect(parseNetworkMessage(networkMessage(LINK, OFF, 'utun', 4_000_000_000))).toEqual({
    subclass: 2,
    code: OFF,
    device: 'utun4000000000',
  });
});
