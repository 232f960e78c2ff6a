import type { AppleThermal } from '@hecate/metrics';
import { expect, test } from 'vitest';
import { alertsOf, createTestHub } from '../alerts.testing.ts';
import type { Moment } from '../alerts.testing.ts';

const mac = (pressure: AppleThermal['pressure']): Moment => ({
  snapshot: { thermal: { zones: [], coolingDevices: [], apple: { pressure, cpuLevel: null } } },
});

test('a Mac that is slowed down against heat for two minutes says so, and more when it is about to sleep', () => {
  const hub = createTestHub();
  const alerts = alertsOf(hub.hub);
  const told = (): unknown => alerts.active().map(({ rule, severity, value }) => [rule, severity, value]);
  hub.run(100, mac('heavy'));
  // A moment without is no two minutes.
  hub.run(20, mac('moderate'));
  hub.run(110, mac('heavy'));
  expect(told()).toEqual([]);
  hub.run(60, mac('heavy'));
  expect(told()).toEqual([['thermal_pressure', 'warning', 2]]);
  hub.run(180, mac('trapping'));
  expect(told()).toEqual([['thermal_pressure', 'critical', 3]]);
  hub.run(180, mac('nominal'));
  expect(told()).toEqual([]);
});

test('where nobody says how hard heat presses there is no alert of it', () => {
  const hub = createTestHub();
  const alerts = alertsOf(hub.hub);
  hub.run(300, mac(null));
  hub.run(300, { snapshot: { thermal: { zones: [], coolingDevices: [] } } });
  hub.run(300, {});
  expect(alerts.all().filter(({ rule }) => rule === 'thermal_pressure')).toEqual([]);
});
