import type { Family, Sample } from '../export/families.ts';
import type { ExportType } from './push-settings.ts';

/** How one export fares. */
export interface ExportStatus {
  readonly name: string;
  readonly type: ExportType;
  /** Where to, without secrets. */
  readonly place: string;
  /** Samples that wait, and the bytes of them. */
  readonly queued: number;
  readonly queuedBytes: number;
  readonly sent: number;
  /** Samples that nobody will get: refused, pushed out of a full queue, damaged. */
  readonly dropped: number;
  readonly errors: number;
  /** Seconds since the oldest sample that waits was taken; 0 when none waits. */
  readonly lag: number;
  /** What is wrong now, as a part of a sentence; null when nothing is. */
  readonly trouble: string | null;
}

/** How exports fare, as metrics of the daemon itself. */
export function* encodeExportFamilies(exports: readonly ExportStatus[]): Generator<Family> {
  const of = (value: (one: ExportStatus) => number): Sample[] =>
    exports.map((one) => ({
      labels: [
        ['export', one.name],
        ['type', one.type],
      ],
      value: value(one),
    }));
  const family = (name: string, type: 'counter' | 'gauge', help: string, value: (one: ExportStatus) => number): Family => ({
    name: `hecate_export_${name}`,
    help,
    type,
    samples: of(value),
  });
  yield family('sent_samples_total', 'counter', 'Samples that the target has got.', ({ sent }) => sent);
  yield family('dropped_samples_total', 'counter', 'Samples that the target will never get.', ({ dropped }) => dropped);
  yield family('errors_total', 'counter', 'Deliveries that went wrong.', ({ errors }) => errors);
  yield family('queued_samples', 'gauge', 'Samples that wait.', ({ queued }) => queued);
  yield family('queued_bytes', 'gauge', 'Bytes of the samples that wait, in memory and on the disk.', ({ queuedBytes }) => queuedBytes);
  yield family('lag_seconds', 'gauge', 'Time since the oldest sample that waits was taken.', ({ lag }) => lag);
}
