import { expect, test } from 'vitest';
import { tcpBytesByProcess } from './tcp-bytes.ts';

test('bytes are summed for each owner; what is not known counts nothing', () => {
  const [one, two] = [
    { pid: 1, name: 'one' },
    { pid: 2, name: 'two' },
  ];
  const sums = tcpBytesByProcess([
    { bytesAcked: 1, bytesReceived: 10, owners: [one] },
    { bytesAcked: 2, bytesReceived: 20, owners: [one, two] },
    { bytesAcked: null, bytesReceived: null, owners: [two] },
    { bytesAcked: 4, bytesReceived: 40, owners: [] },
  ]);
  expect([...sums]).toEqual([
    [1, { received: 30, acked: 3 }],
    [2, { received: 20, acked: 2 }],
  ]);
});
