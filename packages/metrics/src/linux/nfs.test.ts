import { openHost } from '@hecate/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nfsGroups, nfsRates } from '../domain/nfs.ts';
import { nfsdGroups } from '../domain/nfsd.ts';
import { nfs, toNfs } from './nfs.ts';
import { nfsd, toNfsd } from './nfsd.ts';
import { readOnce, readTree, samplesOf } from './storage/reading.testing.ts';
import { parseRpcLines } from './storage/rpc-file.ts';
import { tree } from './trees/nfs.testing.ts';

test('a client: calls, and each procedure by its version; what this kernel does not count is not 0', async () => {
  const { reading, gaps } = await readTree(nfs, tree);
  expect(gaps).toEqual([]);
  expect(reading).toMatchObject({
    udpPackets: 6,
    tcpPackets: 7,
    tcpConnections: 8,
    calls: 1000,
    retransmissions: 20,
    authenticationRefreshes: 3,
  });
  const counts = new Map(reading.procedures.map(({ version, method, count }) => [`${version} ${method}`, count]));
  expect(counts.get('3 Null')).toBe(100);
  expect(counts.get('3 Commit')).toBe(121);
  expect(counts.get('4 Commit')).toBe(203);
  expect(counts.get('4 Open')).toBeNull();
  // Version 2 was never used, so that it has no line.
  expect(counts.get('2 Null')).toBeNull();
  expect(samplesOf(nfsGroups(), reading, 'node_nfs_requests_total')).toContain('proto=4 method=Open 0');
});

test('a server', async () => {
  const { reading } = await readTree(nfsd, tree);
  expect(reading).toMatchObject({
    replyCacheHits: 1,
    replyCacheUncached: 3,
    staleHandles: 4,
    readBytes: 5000,
    writtenBytes: 6000,
    threads: 8,
    tcpConnections: 12,
    calls: 13,
    badFormat: 15,
    badAuthentication: 16,
    badClient: 17,
  });
  const samples = samplesOf(nfsdGroups(), reading, 'node_nfsd_requests_total');
  expect(samples).toContain('proto=4 method=Access 403');
  expect(samples).toContain('proto=4 method=RelLockOwner 439');
  expect(samples).toContain('proto=4 method=WdelegGetattr 20');
  expect(samples).toContain('proto=3 method=GetAttr 301');
  expect(samples.filter((line) => line.includes('Null') || line.includes('method=-'))).toEqual([]);
});

test('without NFS nothing is known, and that is no gap', async () => {
  const client = await readTree(nfs, {});
  expect(client.gaps).toEqual([]);
  expect(client.reading).toMatchObject({ calls: null, procedures: [] });
  expect((await readTree(nfsd, {})).reading).toMatchObject({ threads: null, procedures: [] });
  expect(nfsRates(client.reading, client.reading, 1)).toBeNull();
});

test('the share of calls that were sent again', () => {
  const at = (calls: number, retransmissions: number) => toNfs(parseRpcLines(`rpc ${calls} ${retransmissions} 0\n`));
  expect(nfsRates(at(100, 5), at(200, 10), 10)).toEqual({ callsPerSecond: 10, retransmissionRatio: 0.05 });
  expect(nfsRates(at(100, 5), at(100, 5), 10)).toEqual({ callsPerSecond: 0, retransmissionRatio: null });
  expect(nfsRates(at(100, 5), at(5, 0), 10)).toBeNull();
});

test('any bytes give finite numbers or null', () => {
  const words = fc.constantFrom('net', 'rpc', 'proc4ops', 'proc3', 'rc', '1', '-1', 'x', '9'.repeat(30), '\n', '1.5');
  fc.assert(
    fc.property(fc.array(words, { maxLength: 60 }), (parts) => {
      const lines = parseRpcLines(parts.join(' '));
      expect(JSON.stringify([toNfs(lines), toNfsd(lines)])).not.toMatch(/NaN|Infinity/);
      for (const { count } of [...toNfs(lines).procedures, ...toNfsd(lines).procedures]) expect(count).not.toBeUndefined();
    }),
  );
});

test.each([
  ['/proc/net/rpc/nfs', async () => (await readOnce(nfs, openHost())).reading.calls],
  ['/proc/net/rpc/nfsd', async () => (await readOnce(nfsd, openHost())).reading.calls],
])('this machine: the calls of %s, or none', async (file, read) => {
  let before: number | null = null;
  try {
    before = Number(/^rpc (\d+)/m.exec(openHost().readText(file))![1]);
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOENT');
  }
  const calls = await read();
  if (before === null) expect(calls).toBeNull();
  else expect(calls).toBeGreaterThanOrEqual(before);
});
