import fc from 'fast-check';
import { openHost } from '@hecate/host';
import { expect, test } from 'vitest';
import { drbdGroups } from '../domain/drbd.ts';
import { drbd, parseDrbd } from './drbd.ts';
import { anyText } from './storage/any-text.testing.ts';
import { readOnce, readTree, samplesOf } from './storage/reading.testing.ts';
import { tree } from './trees/drbd.testing.ts';

test('devices, both their sides, and sizes in bytes', async () => {
  const { reading, gaps } = await readTree(drbd, tree);
  expect(gaps).toEqual([]);
  expect(reading).toMatchObject([
    {
      device: 'drbd0',
      connection: 'SyncSource',
      nodes: [
        { node: 'local', role: 'Primary', disk: 'UpToDate' },
        { node: 'remote', role: 'Secondary', disk: 'Inconsistent' },
      ],
      sentBytes: 102_400,
      receivedBytes: 204_800,
      writtenBytes: 307_200,
      readBytes: 409_600,
      activityLogWrites: 5,
      applicationPending: 10,
      outOfSync: 11_264,
    },
    { device: 'drbd2', connection: 'WFConnection', nodes: [{ role: 'Secondary' }, { role: 'Unknown', disk: 'DUnknown' }], outOfSync: 0 },
  ]);
});

test("node_exporter's series", async () => {
  const { reading } = await readTree(drbd, tree);
  const series = (name: string): string[] => samplesOf(drbdGroups(), reading, `node_drbd_${name}`);
  expect(series('network_received_bytes_total')).toEqual(['device=drbd0 200', 'device=drbd2 0']);
  expect(series('connected')).toEqual(['device=drbd0 0', 'device=drbd2 0']);
  expect(series('disk_state_is_up_to_date')).toEqual([
    'device=drbd0 node=local 1',
    'device=drbd0 node=remote 0',
    'device=drbd2 node=local 1',
    'device=drbd2 node=remote 0',
  ]);
});

test('any bytes give finite numbers or null', () => {
  const word = fc.constantFrom('0:', '1:', 'cs:Connected', 'ro:Primary', 'ds:/', 'ns:x', `nr:${'9'.repeat(30)}`, 'ns:5', '::', 'a:b:c');
  fc.assert(
    fc.property(
      fc.oneof(
        anyText,
        fc.array(word).map((words) => words.join(' ')),
      ),
      (content) => {
        for (const device of parseDrbd(content)) expect(JSON.stringify(device)).not.toMatch(/NaN|Infinity|undefined/);
      },
    ),
  );
  expect(parseDrbd('version: 9.1.0 (api:2/proto:110-121)\n')).toEqual([]);
});

test('this machine has as many devices as it says', async () => {
  const host = openHost();
  let devices = 0;
  try {
    devices = host.readText('/proc/drbd').match(/^\s*\d+: /gm)?.length ?? 0;
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOENT');
  }
  expect((await readOnce(drbd, host)).reading).toHaveLength(devices);
});
