import { ksmGroups } from '../domain/ksm.ts';
import type { KsmReading } from '../domain/ksm.ts';
import type { Collector } from '../model/collector.ts';
import { parseChoice } from './hugepages.ts';
import { attributesOf } from './attribute.ts';

const KSM = '/sys/kernel/mm/ksm';

/** Merging of equal pages. Without CONFIG_KSM all is null, and one gap says so. */
export const ksm: Collector<'ksm', KsmReading> = {
  name: 'ksm',
  lane: 'slow',
  sources: [KSM],
  remedy: 'Mount /sys; the kernel needs CONFIG_KSM=y.',
  groups: ksmGroups,
  open: (host) => ({
    read(gaps) {
      const file = attributesOf(host, KSM, 'ksm', gaps);
      const run = file.number('run');
      if (run === null) gaps.add('ksm', 'unsupported', `This kernel does not merge equal pages: it has no ${KSM}.`);
      const number = (name: string): number | null => (run === null ? null : file.number(name));
      const sleep = number('sleep_millisecs');
      const merges = number('merge_across_nodes');
      return {
        run,
        fullScans: number('full_scans'),
        pagesShared: number('pages_shared'),
        pagesSharing: number('pages_sharing'),
        pagesUnshared: number('pages_unshared'),
        pagesVolatile: number('pages_volatile'),
        zeroPages: number('ksm_zero_pages'),
        pagesSkipped: number('pages_skipped'),
        pagesScanned: number('pages_scanned'),
        profit: number('general_profit'),
        pagesToScan: number('pages_to_scan'),
        sleep: sleep === null ? null : sleep / 1000,
        mergesAcrossNodes: merges === null ? null : merges === 1,
        advisor: run === null ? null : parseChoice(file.text('advisor_mode')),
      };
    },
    close: () => {},
  }),
};
