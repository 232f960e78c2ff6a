import { openHost } from '@hecate/host';
import { expect, test } from 'vitest';
import { nvmeGroups } from '../domain/nvme.ts';
import { nvme } from './nvme.ts';
import { readOnce, readTree, samplesOf } from './storage/reading.testing.ts';
import { tree } from './trees/nvme.testing.ts';

test('a drive on PCI, and one path of a namespace behind a network', async () => {
  const { reading, gaps } = await readTree(nvme, tree);
  expect(gaps).toEqual([]);
  expect(reading).toEqual([
    {
      device: 'nvme10',
      model: 'Example 1TB',
      serial: 'EX0001',
      firmware: '2B7Q',
      state: 'live',
      controllerId: 5,
      transport: 'pcie',
      address: '0000:01:00.0',
      subsystem: 'nqn.2014.08.org.nvmexpress:example',
      queues: 9,
      namespaces: [{ namespace: 'nvme10n1', id: '1', size: 1_073_741_824, used: 536_870_912, blockSize: 4096, anaState: null }],
    },
    {
      device: 'nvme11',
      model: null,
      serial: null,
      firmware: null,
      state: 'connecting',
      controllerId: null,
      transport: 'tcp',
      address: null,
      subsystem: null,
      queues: null,
      namespaces: [{ namespace: 'nvme11c1n2', id: '2', size: 2_097_152, used: null, blockSize: null, anaState: 'inaccessible' }],
    },
  ]);
});

test("node_exporter's series say the size as it does; ours is the size", async () => {
  const { reading } = await readTree(nvme, tree);
  const series = (name: string): string[] => samplesOf(nvmeGroups(), reading, name);
  expect(series('node_nvme_namespace_size_bytes')).toEqual(['device=nvme10 nsid=1 8589934592']);
  expect(series('hecate_nvme_namespace_bytes')).toEqual(['device=nvme10 nsid=1 1073741824', 'device=nvme11 nsid=2 2097152']);
  expect(series('node_nvme_namespace_info')).toEqual([
    'device=nvme10 nsid=1 ana_state=unknown 1',
    'device=nvme11 nsid=2 ana_state=inaccessible 1',
  ]);
  expect(series('hecate_nvme_live')).toEqual(['device=nvme10 1', 'device=nvme11 0']);
});

test('a file that may not be read is a gap, and the rest is there', async () => {
  const host = openHost();
  const files: Record<string, string> = { model: 'A\n', state: 'live\n' };
  const denied = Object.assign(new Error('EACCES: permission denied'), {
    code: 'EACCES',
    syscall: 'open',
    path: '/sys/class/nvme/nvme0/serial',
  });
  const absent = Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
  const { reading, gaps } = await readOnce(nvme, {
    ...host,
    list: (directory) => (directory === '/sys/class/nvme' ? ['nvme0', 'nvme-fabrics'] : []),
    readText(path) {
      const name = path.split('/').at(-1)!;
      if (name === 'serial') throw denied;
      const text = files[name];
      if (text === undefined) throw absent;
      return text;
    },
  });
  expect(reading).toMatchObject([{ device: 'nvme0', model: 'A', serial: null, state: 'live', namespaces: [] }]);
  expect(gaps).toEqual([
    { field: 'nvme.nvme0.serial', reason: 'permission', detail: '/sys/class/nvme/nvme0/serial may not be read by this user.' },
  ]);
});

test('this machine: every controller of /sys/class/nvme', async () => {
  const host = openHost();
  let expected: string[] = [];
  try {
    expected = host.list('/sys/class/nvme').sort();
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOENT');
  }
  const { reading } = await readOnce(nvme, host);
  expect(reading.map(({ device }) => device).sort()).toEqual(expected);
});
