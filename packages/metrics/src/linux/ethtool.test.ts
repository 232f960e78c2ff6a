import { spawnSync } from 'node:child_process';
import { openHost } from '@hecate/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ethtoolFamily, ethtoolGroups } from '../domain/ethtool.ts';
import type { EthtoolReading } from '../domain/ethtool.ts';
import { finish } from '../model/collector.ts';
import type { Sliced } from '../model/collector.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { ethtool, readDriver } from './ethtool.ts';
import { inPrivateNetwork, ip, privateNetworkMissing } from './private-network.testing.ts';
import { createTree } from './rooted-tree.testing.ts';

const read = (gaps: Gap[] = []): readonly EthtoolReading[] =>
  finish(ethtool.open(openHost()).read(collectGaps(gaps)) as Sliced<readonly EthtoolReading[]>);

test.each([
  ['rx_bytes', 'received_bytes_total'],
  ['rx_queue_0_drops', 'received_queue_0_drops'],
  ['port.tx_size', 'port_transmitted_size'],
  ['[1]: tx_bytes', '1_:_transmitted_bytes'],
  ['Tx-Errors', 'transmitted_errors'],
  ['_rx', 'received'],
  // Two that share an underscore: the first one takes it.
  ['tx_tx_timeouts', 'transmitted_tx_timeouts'],
  ['tx0_tx_timeouts', 'tx0_transmitted_timeouts'],
  ['matrix_txt', 'matrix_txt'],
])('the counter %s is published as node_ethtool_%s', (counter, family) => {
  expect(ethtoolFamily(counter)).toBe(`node_ethtool_${family}`);
});

test('names that become the same are left out, so that no sample is two things', () => {
  const counters = ['a b', 'a.b', 'c', 'a-b'].map((name, value) => ({ name, value }));
  const row = { device: 'x', driver: '', version: '', firmwareVersion: '', expansionRomVersion: '', busInfo: '', counters };
  expect([...ethtoolGroups()[1]!.rows([row])]).toEqual([{ device: 'x', name: 'c', value: 2, family: 'node_ethtool_c' }]);
});

test('a driver that says nothing, one that counts nothing, and one that answers nonsense', () => {
  const fail = (code: string) => () => {
    throw Object.assign(new Error(code), { code });
  };
  expect(readDriver(fail('ENOTSUP'), 'x')).toBeNull();
  expect(() => readDriver(fail('EPERM'), 'x')).toThrow('EPERM');
  expect(readDriver((_device, command) => void command.write('dummy\0', 4), 'x')).toMatchObject({ driver: 'dummy', counters: [] });
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat(255)), fc.nat(9), (bytes, count) => {
      const reading = readDriver((_device, command) => {
        for (let at = 4; at < command.length; at++) command[at] = bytes.next().value as number;
        if (command.readUInt32LE(0) === 3) command.writeUInt32LE(count, 180);
      }, 'x')!;
      expect(reading.counters.length).toBeLessThanOrEqual(count);
      expect(reading.counters.every(({ value }) => Number.isFinite(value))).toBe(true);
    }),
  );
});

test('a machine that is only files has no drivers to ask', () => {
  const tree = createTree({});
  expect(() => finish(ethtool.open(tree.host).read(collectGaps([])) as Sliced<readonly EthtoolReading[]>)).toThrow(/in no file/);
  tree.remove();
});

const missing =
  privateNetworkMissing() ??
  (spawnSync('ethtool', ['--version']).status === 0 ? null : 'ethtool is not installed (apt-get install ethtool)');
if (missing) console.warn(`SKIPPED: drivers against ethtool: ${missing}`);

/** `ethtool -i` and `ethtool -S`: `name: value` lines. */
function askEthtool(option: '-i' | '-S', device: string): [string, string][] {
  const { stdout } = spawnSync('ethtool', [option, device], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => /: ?/.test(line) && !line.startsWith('NIC statistics'))
    .map((line) => [line.slice(0, line.lastIndexOf(':')).trim(), line.slice(line.lastIndexOf(':') + 1).trim()]);
}

test.skipIf(missing)('a network of its own: drivers and counters as ethtool says', async () => {
  const gaps: Gap[] = [];
  const { ours, theirs } = await inPrivateNetwork(() => {
    ip('link', 'add', 'one', 'type', 'veth', 'peer', 'name', 'two');
    ip('link', 'add', 'br0', 'type', 'bridge');
    return {
      ours: read(gaps),
      theirs: ['one', 'two', 'br0'].map((device) => ({
        device,
        info: new Map(askEthtool('-i', device)),
        counters: askEthtool('-S', device),
      })),
    };
  });
  expect(gaps).toEqual([]);
  for (const { device, info, counters } of theirs) {
    const row = ours.find((reading) => reading.device === device)!;
    expect([row.driver, row.version, row.firmwareVersion]).toEqual(['driver', 'version', 'firmware-version'].map((key) => info.get(key)));
    expect(row.counters.map(({ name, value }) => [name, String(value)])).toEqual(counters);
  }
  expect(ours.find(({ device }) => device === 'one')!.counters.length).toBeGreaterThan(0);
});
