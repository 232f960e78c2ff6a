import fc from 'fast-check';
import { HecateError } from '@hecate/host';
import { expect, test } from 'vitest';
import { ByteCursor } from '../../model/cursor.ts';
import { finish } from '../../model/collector.ts';
import { encodeAttributes } from '../netlink/message.ts';
import { bytesOf } from '../rooted-tree.testing.ts';
import { decodeInetDiag, inetDiagRequest, SOCKET_KINDS } from './inet-diag.ts';
import type { BoundConnection, SocketKind } from './inet-diag.ts';
import { parseSocketTable, parseUnixSockets } from './socket-table.ts';

const [tcp, tcp6, udp] = SOCKET_KINDS as unknown as [SocketKind, SocketKind, SocketKind];
const decode = (payload: Buffer, kind: SocketKind): BoundConnection | null =>
  decodeInetDiag({ type: 20, flags: 2, sequence: 1, payload }, kind);

/** A message as linux/inet_diag.h describes it. */
function messageOf(state: number, remotePort: number, info: Buffer): Buffer {
  const message = Buffer.alloc(72);
  message[1] = state;
  message.writeUInt16BE(8080, 4);
  message.writeUInt16BE(remotePort, 6);
  message.set([192, 0, 2, 1], 8);
  message.set([192, 0, 2, 7], 24);
  message.writeUInt32LE(3, 40);
  message.writeUInt32LE(11, 56);
  message.writeUInt32LE(22, 60);
  message.writeUInt32LE(1000, 64);
  message.writeUInt32LE(4_000_000_000, 68);
  return Buffer.concat([
    message,
    encodeAttributes([
      [2, info],
      [21, Buffer.from([1, 0, 0, 0, 1, 0, 0, 0])],
    ]),
  ]);
}

test('the request asks for every state, and of TCP for what is known of the connection', () => {
  expect(inetDiagRequest(tcp)).toHaveLength(56);
  expect([...inetDiagRequest(tcp6).subarray(0, 8)]).toEqual([10, 6, 2, 0, 255, 255, 255, 255]);
  expect([...inetDiagRequest(udp).subarray(0, 8)]).toEqual([2, 17, 0, 0, 255, 255, 255, 255]);
});

test('a connection with all that is told, by a kernel whose structure ends early, and a listener', () => {
  const info = Buffer.alloc(280);
  info.writeUInt32LE(1500, 68);
  info.writeUInt32LE(4, 100);
  info.writeUInt32LE(7, 120);
  info.writeUInt32LE(1, 132);
  expect(decode(messageOf(1, 443, info), tcp)).toEqual({
    interfaceIndex: 3,
    connection: {
      protocol: 'tcp',
      family: 'ipv4',
      localAddress: '192.0.2.1',
      localPort: 8080,
      remoteAddress: '192.0.2.7',
      remotePort: 443,
      state: 'established',
      receiveQueue: 11,
      transmitQueue: 22,
      uid: 1000,
      inode: 4_000_000_000,
      device: null,
      bytesAcked: 7,
      bytesReceived: 2 ** 32,
      roundTripTime: 0.0015,
      retransmits: 4,
      cgroup: 2 ** 32 + 1,
      owners: [],
    },
  });
  expect(decode(messageOf(1, 443, info.subarray(0, 104)), tcp)!.connection).toMatchObject({
    retransmits: 4,
    bytesAcked: null,
    bytesReceived: null,
  });
  expect(decode(messageOf(10, 0, info), tcp)!.connection).toMatchObject({
    state: 'listen',
    remoteAddress: null,
    remotePort: null,
    bytesAcked: null,
    roundTripTime: null,
  });
  expect(decode(messageOf(12, 443, info), tcp)!.connection.state).toBe('syn_recv');
  expect(decode(messageOf(77, 443, info), tcp)!.connection.state).toBe('unknown');
  expect(decode(messageOf(1, 443, info).subarray(0, 71), tcp)).toBeNull();
});

test('any bytes give a connection of finite numbers, or none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(...SOCKET_KINDS), (bytes, kind) => {
      const decoded = decode(Buffer.from(bytes), kind);
      for (const value of Object.values(decoded?.connection ?? {}))
        if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
    }),
  );
});

test('any lines of a table give connections of finite numbers, or an error of ours', () => {
  const word = fc.constantFrom(
    '0:',
    '0100007F:1F90',
    `${'0'.repeat(32)}:0000`,
    '0A',
    '00000010:00000020',
    '1000',
    '77',
    '\n',
    'x',
    '-1',
    '',
  );
  const table = fc.array(word, { maxLength: 60 }).map((words) => Buffer.from(words.join(' ')));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), table), fc.constantFrom(...SOCKET_KINDS), (bytes, kind) => {
      try {
        for (const row of finish(parseSocketTable(Buffer.from(bytes), kind))) {
          for (const value of Object.values(row)) if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(HecateError);
      }
    }),
  );
});

test('a table of many lines gives way, and a kernel without local sockets has none', () => {
  const line = '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 5001 1\n';
  const slices = parseSocketTable(Buffer.from(`heading\n${line.repeat(250)}`), tcp);
  let yields = 0;
  for (let step = slices.next(); ; step = slices.next()) {
    if (step.done) {
      expect(step.value).toHaveLength(250);
      break;
    }
    yields++;
  }
  expect(yields).toBe(2);
  expect(parseUnixSockets(new ByteCursor().reset(bytesOf('protocol size sockets\nTCP 1 2\n')))).toBeNull();
});
