import type { Rates, Snapshot } from '@hecate/metrics';
import { encodeCsv } from './csv.ts';
import { encodeJson } from './json.ts';
import { encodeOpenMetrics, encodePrometheus } from './prometheus.ts';

/** What is encoded. */
export interface EncoderInput {
  readonly snapshot: Snapshot;
  /** What happened since the snapshot before. */
  readonly rates: Rates;
  /** The operating system of the machine: it decides which fields there are. */
  readonly platform: NodeJS.Platform;
}

/** A format: pure, data to text. Where the text goes is not its business. */
export interface Encoder {
  /** Media type, for HTTP. */
  readonly type: string;
  /** Whether it says rates, which need two snapshots. */
  readonly rates: boolean;
  encode(input: EncoderInput): string;
}

/** Every format, by the name that users give it. */
export const ENCODERS: Readonly<Record<'json' | 'csv' | 'prometheus' | 'openmetrics', Encoder>> = {
  json: { type: 'application/json; charset=utf-8', rates: true, encode: ({ snapshot, rates }) => `${encodeJson(snapshot, rates)}\n` },
  csv: { type: 'text/csv; charset=utf-8', rates: true, encode: ({ snapshot, rates }) => encodeCsv(snapshot, rates) },
  prometheus: {
    type: 'text/plain; version=0.0.4; charset=utf-8',
    rates: false,
    encode: ({ snapshot, platform }) => encodePrometheus(snapshot, platform),
  },
  openmetrics: {
    type: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
    rates: false,
    encode: ({ snapshot, platform }) => encodeOpenMetrics(snapshot, platform),
  },
};
