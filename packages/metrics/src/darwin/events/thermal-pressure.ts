import type { Learned, ThermalPressure } from '../../events/event.ts';
import type { EventSource } from '../../events/event-source.ts';
import { openDarwin } from '../binding/darwin.ts';
import { THERMAL_LEVELS } from '../../domain/thermal.ts';
import { PRESSURE_NAME } from '../thermal-levels.ts';
import { readThermalPressure } from '../thermal.ts';
import { openNotifications } from './notifications.ts';
import { READABLE } from './waiter.ts';

/** How far a level is from none, 0 to 1. */
const shareOf = (level: ThermalPressure): number => THERMAL_LEVELS.indexOf(level) / (THERMAL_LEVELS.length - 1);

/** Thermal pressure: how hard the system slows itself down to get cooler. thermald posts each change of its level. */
export const thermalPressure: EventSource = {
  kinds: ['throttle'],
  open({ host, emit, watch }) {
    const darwin = openDarwin(host);
    const notifications = openNotifications(darwin, [PRESSURE_NAME]);
    let before: ThermalPressure = 'nominal';
    const look = (by: Learned): void => {
      const level = readThermalPressure(darwin);
      if (level === before) return;
      before = level;
      emit({
        kind: 'throttle',
        change: level === 'nominal' ? 'off' : 'on',
        device: 'thermal pressure',
        share: shareOf(level),
        level,
        by,
      });
    };
    try {
      look('polling');
      watch(notifications.descriptor, READABLE, () => {
        notifications.take();
        look('kernel');
      });
    } catch (error) {
      notifications.close();
      throw error;
    }
    return notifications.close;
  },
};
