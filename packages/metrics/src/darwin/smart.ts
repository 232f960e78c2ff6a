import { smartGroups } from '../domain/smart-series.ts';
import type { SmartReading } from '../domain/smart.ts';
import type { Collector } from '../model/collector.ts';
import { openInquiry } from './inquiry.ts';
import { smartFromProfiler } from './text/readings/profile.ts';
import { readSystemProfiler } from './text/system-profiler.ts';

/**
 * Health of NVMe drives, from system_profiler: model, firmware, size and whether SMART calls the drive well. It takes seconds, so it is
 * asked once an hour, and only where it is asked for. What wears (temperature, life used, hours) Apple gives to its own programs alone.
 */
export const smart: Collector<'smart', readonly SmartReading[]> = {
  name: 'smart',
  lane: 'rare',
  asynchronous: true,
  period: 3600,
  onRequest: true,
  sources: ['system_profiler -json SPNVMeDataType'],
  remedy: 'Nothing is known to help; tell us with the output of hecate doctor.',
  groups: smartGroups,
  open(host) {
    const inquiry = openInquiry(host, (asked) => readSystemProfiler(asked, ['SPNVMeDataType']));
    return {
      async read(gaps) {
        const { drives } = await inquiry.ask();
        for (const { device } of drives)
          if (device !== null)
            gaps.add(`smart.${device}`, 'unsupported', 'macOS tells its model and verdict; temperature and wear it does not.');
        return smartFromProfiler(drives, host.clock.now());
      },
      cancel: inquiry.cancel,
      close: inquiry.cancel,
    };
  },
};
