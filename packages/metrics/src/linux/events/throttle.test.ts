import { openHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import { expect, test } from 'vitest';
import { createTree } from '../rooted-tree.testing.ts';
import { startWatching } from './watching.testing.ts';

test.runIf(process.platform === 'linux')('a cooling device that is turned up and down, and a counter that grows', async () => {
  const tree = createTree({
    'sys/class/thermal/cooling_device0/type': 'Processor\n',
    'sys/class/thermal/cooling_device0/max_state': '4\n',
    'sys/class/thermal/cooling_device0/cur_state': '3\n',
    'sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count': '3\n',
  });
  const real = openHost();
  const isOurs = (file: string): boolean => file.startsWith('/sys/class/thermal') || file.startsWith('/sys/devices/system/cpu');
  const host = (file: string): Host => (isOurs(file) ? tree.host : real);
  const watching = await startWatching(
    { only: ['throttle'] },
    {
      list: (file) => host(file).list(file),
      read: (file) => host(file).read(file),
      readText: (file) => host(file).readText(file),
      keep: (file) => host(file).keep(file),
    },
  );
  try {
    const device = 'cooling_device0 Processor';
    expect(watching.opening).toMatchObject([
      { kind: 'throttle', change: 'on', device, share: 0.75, by: 'polling' },
      { kind: 'watching', kinds: ['throttle'] },
    ]);
    tree.write('sys/class/thermal/cooling_device0/cur_state', '0\n');
    tree.write('sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count', '4\n');
    await watching.until({ kind: 'throttle', change: 'off', device });
    await watching.until({ kind: 'throttle', change: 'on', device: 'cpu0 core' });
    await watching.until({ kind: 'throttle', change: 'off', device: 'cpu0 core' });
  } finally {
    await watching.end();
    tree.remove();
  }
});
