import { tapeGroups } from '../domain/tape.ts';
import type { TapeReading } from '../domain/tape.ts';
import type { Collector } from '../model/collector.ts';
import { attributesOf, listMatching } from './attribute.ts';

const CLASS = '/sys/class/scsi_tape';

/** I/O of tape drives. `nst0` and `st0a` are other doors to the same drive, with the same counters. */
export const tape: Collector<'tape', readonly TapeReading[]> = {
  name: 'tape',
  lane: 'slow',
  sources: [`${CLASS}/st*/stats`],
  remedy: 'Mount /sys.',
  groups: tapeGroups,
  open: (host) => ({
    *read(gaps) {
      const readings: TapeReading[] = [];
      for (const device of listMatching(host, CLASS, /^st\d+$/)) {
        const file = attributesOf(host, `${CLASS}/${device}/stats`, `tape.${device}`, gaps);
        const seconds = (name: string): number | null => {
          const nanoseconds = file.number(name);
          return nanoseconds === null ? null : nanoseconds / 1e9;
        };
        readings.push({
          device,
          reads: file.number('read_cnt'),
          readBytes: file.number('read_byte_cnt'),
          readTime: seconds('read_ns'),
          writes: file.number('write_cnt'),
          writeBytes: file.number('write_byte_cnt'),
          writeTime: seconds('write_ns'),
          others: file.number('other_cnt'),
          ioTime: seconds('io_ns'),
          inFlight: file.number('in_flight'),
          residuals: file.number('resid_cnt'),
        });
        yield;
      }
      return readings;
    },
    close: () => {},
  }),
};
