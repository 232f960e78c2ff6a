import { HecateError } from '@hecate/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ipvsGroups } from '../domain/ipvs.ts';
import type { IpvsReading } from '../domain/ipvs.ts';
import { ByteCursor } from '../model/cursor.ts';
import { collectGaps } from '../model/gap.ts';
import { ipvs, parseIpvs, parseIpvsStats } from './ipvs.ts';
import { bytesOf, createTree } from './rooted-tree.testing.ts';
import { tree as fixture } from './trees/ipvs.testing.ts';

test('totals, and servers of services of both families and by mark', () => {
  const tree = createTree(fixture);
  const reader = ipvs.open(tree.host);
  const reading = reader.read(collectGaps([])) as IpvsReading;
  reader.close();
  tree.remove();
  expect(reading).toMatchObject({ connections: 31, incomingPackets: 2 ** 20, outgoingPackets: 0, incomingBytes: 0x51d8c8883ab3 });
  expect(reading.backends).toEqual([
    {
      protocol: 'TCP',
      localAddress: '192.0.2.1',
      localPort: 3306,
      localMark: null,
      remoteAddress: '192.0.2.17',
      remotePort: 3306,
      weight: 100,
      activeConnections: 248,
      inactiveConnections: 2,
    },
    expect.objectContaining({ remoteAddress: '192.0.2.18', weight: 0, activeConnections: 1 }),
    expect.objectContaining({
      protocol: 'UDP',
      localAddress: '2001:db8::1',
      localPort: 53,
      remoteAddress: '2001:db8::2',
      inactiveConnections: 4,
    }),
    expect.objectContaining({ protocol: 'FWM', localAddress: null, localPort: 0, localMark: '10001000', weight: 20 }),
  ]);
  expect([...ipvsGroups()[1]!.rows(reading)].at(-1)).toMatchObject({ localAddress: '', localMark: '10001000' });
});

test('where it is not loaded, nothing is known and nothing is wrong', () => {
  const tree = createTree({});
  expect(ipvs.open(tree.host).read(collectGaps([]))).toMatchObject({ connections: null, backends: [] });
  tree.remove();
});

test('any bytes give servers of finite numbers or an error of ours', () => {
  const words = fc
    .array(fc.constantFrom('TCP', 'C0000201:0CEA', '->', 'wlc', '1', '\n', 'FWM', '[', ']', 'x'), { maxLength: 60 })
    .map((parts) => Buffer.from(parts.join(' ')));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), words), (content) => {
      for (const task of [
        () => parseIpvs(new ByteCursor().reset(bytesOf(content))).flatMap((row) => [row.weight, row.remotePort, row.localPort]),
        () => Object.values(parseIpvsStats(new ByteCursor().reset(bytesOf(content)))) as number[],
      ]) {
        try {
          expect(task().every(Number.isFinite)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(HecateError);
        }
      }
    }),
  );
});
