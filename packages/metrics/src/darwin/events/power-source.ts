import type { EventSource } from '../../events/event-source.ts';
import { openDarwin } from '../binding/darwin.ts';
import { readPowerSources } from '../battery/power-sources.ts';
import { openNotifications } from './notifications.ts';
import { READABLE } from './waiter.ts';

/** Posted when what feeds the machine is another one, and when a battery or a UPS came or went (IOKit/ps/IOPowerSources.h). */
const NAMES = ['com.apple.system.powersources.source', 'com.apple.system.powersources.attach'] as const;

/** Mains or battery: powerd posts that it changed, and the power sources tell to what. */
export const powerSource: EventSource = {
  kinds: ['power-source'],
  open({ host, emit, watch }) {
    const darwin = openDarwin(host);
    const notifications = openNotifications(darwin, NAMES);
    const read = (): 'ac' | 'battery' | null => {
      const { providing } = readPowerSources(darwin);
      return providing === 'unknown' ? null : providing;
    };
    try {
      let source = read();
      watch(notifications.descriptor, READABLE, () => {
        notifications.take();
        const now = read();
        // While nobody knows there is no news; the next one tells.
        if (now !== null && now !== source) emit({ kind: 'power-source', source: now, previous: source });
        source = now;
      });
    } catch (error) {
      notifications.close();
      throw error;
    }
    return notifications.close;
  },
};
