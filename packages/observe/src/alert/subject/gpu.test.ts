import { expect, test } from 'vitest';
import { createGpuForTest } from '../../record/gpu.testing.ts';
import type { TestGpu } from '../../record/gpu.testing.ts';
import { alertsOf, createTestHub, filesystem } from '../alerts.testing.ts';
import type { Moment } from '../alerts.testing.ts';

const cards = (...gpu: readonly TestGpu[]): Moment => ({ snapshot: { gpu } });
const nvidia = (id: string, temperature: number | null, more: Partial<TestGpu> = {}): TestGpu =>
  createGpuForTest(id, { name: 'NVIDIA H100', driver: 'nvidia', temperature, ...more });

test('a card of NVIDIA that stays above 90 degrees is told, and over when it has cooled; others have limits of their own', () => {
  const hub = createTestHub();
  const alerts = alertsOf(hub.hub);
  const machine = (a: number | null, b: number | null): Moment =>
    cards(
      nvidia('0000:0b:00.0', a),
      nvidia('0000:0c:00.0', b),
      createGpuForTest('0000:0d:00.0', { driver: 'amdgpu', temperature: 99 }),
      createGpuForTest('AGX', { driver: 'AGX', temperature: 105 }),
      createGpuForTest('unknown', { temperature: 105 }),
    );
  hub.run(80, machine(93, 89));
  expect(alerts.active()).toEqual([]);
  hub.run(120, machine(93, 89));
  expect(alerts.active()).toMatchObject([
    {
      ...{ id: 'gpu_temperature/0000:0b:00.0', object: '0000:0b:00.0', severity: 'warning', value: 93, unit: 'celsius' },
      summary: 'The GPU NVIDIA H100 0000:0b:00.0 had 93 °C or more all of the last 3 minutes.',
    },
  ]);
  hub.run(200, machine(86, 86));
  expect(alerts.active()).toHaveLength(1);
  hub.run(200, machine(80, 86));
  expect(alerts.active()).toEqual([]);
});

test('a machine without a GPU has nothing to say of one, and a card that sleeps is not known to be hot', () => {
  const hub = createTestHub();
  const alerts = alertsOf(hub.hub);
  hub.run(300, cards());
  hub.run(300, {});
  expect(alerts.all().filter(({ rule }) => rule === 'gpu_temperature')).toEqual([]);
  hub.run(300, cards(nvidia('a', null, { suspended: true })));
  expect(alerts.all().filter(({ rule }) => rule === 'gpu_temperature')).toEqual([]);
});

test.each<[what: string, value: number | null]>([
  ['gpu.0000:0b:00.0.usage_percent', 37.5],
  ['gpu.0000:0b:00.0.memory_used', 3],
  ['gpu.0000:*.memory_used_percent', 75],
  ['gpu.*.power_watts', 50],
  ['gpu.power_percent', 25],
  ['gpu.*.celsius', 61],
  ['gpu.*.frequency_hertz', 1e9],
  ['gpu.*.fan_percent', 40],
  ['gpu.*.resets', 2],
  ['gpu.*.nvidia', 0],
  ['gpu_temperature_celsius', 61],
])('%s can be judged, as the series of the same name: %s', (what, value) => {
  const hub = createTestHub();
  const alerts = alertsOf(hub.hub, { rule: [{ name: 'mine', what, warning: '>= 0' }] });
  const gpu = createGpuForTest('0000:0b:00.0', {
    ...{ driver: 'xe', usage: 0.375, memoryUsed: 3, memoryTotal: 4, powerLimit: 200, fan: 0.4, resets: 2, frequency: 1e9 },
  });
  // The power and the temperature of the only one may be told by others.
  const row = { gpu_power_watts: 50, gpu_temperature_celsius: 61 };
  hub.run(20, { row, ...cards(gpu) });
  expect(alerts.active()).toMatchObject([{ rule: 'mine', value, severity: 'warning' }]);
});

test('an object of any kind may have a colon in its name', () => {
  const hub = createTestHub();
  const what = 'filesystem./mnt/nas:share.used_percent';
  const alerts = alertsOf(hub.hub, { disable: ['disk_space'], rule: [{ name: 'mine', what, warning: '> 90' }] });
  hub.run(20, { snapshot: { filesystem: [filesystem('/mnt/nas:share', 95), filesystem('/mnt', 95)] } });
  expect(alerts.active().map(({ id }) => id)).toEqual(['mine//mnt/nas:share']);
});
