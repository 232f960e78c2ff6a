import type { Rates, Snapshot } from '@hecate/metrics';
import { encodeCsv } from './csv.ts';
import { jsonPieces } from './json.ts';
import { openMetricsPieces, prometheusPieces } from './prometheus.ts';

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
  /** The same text in pieces, for who must give way to others in between. */
  pieces(input: EncoderInput): Iterable<string>;
}

const encoder = (type: string, rates: boolean, pieces: Encoder['pieces']): Encoder => ({
  type,
  rates,
  pieces,
  encode: (input) => [...pieces(input)].join(''),
});

/** Every format, by the name that users give it. */
export const ENCODERS: Readonly<Record<'json' | 'csv' | 'prometheus' | 'openmetrics', Encoder>> = {
  json: encoder('application/json; charset=utf-8', true, function* ({ snapshot, rates }) {
    yield* jsonPieces(snapshot, rates, 'list');
    yield '\n';
  }),
  csv: encoder('text/csv; charset=utf-8', true, ({ snapshot, rates }) => [encodeCsv(snapshot, rates)]),
  prometheus: encoder('text/plain; version=0.0.4; charset=utf-8', false, ({ snapshot, platform }) => prometheusPieces(snapshot, platform)),
  openmetrics: encoder('application/openmetrics-text; version=1.0.0; charset=utf-8', false, ({ snapshot, platform }) =>
    openMetricsPieces(snapshot, platform),
  ),
};
