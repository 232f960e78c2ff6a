import type { PushFormat } from './format.ts';
import { csv } from './formats/csv.ts';
import { graphite } from './formats/graphite.ts';
import { influx } from './formats/influx.ts';
import { json } from './formats/json.ts';
import { otlp } from './formats/otlp.ts';
import { otlpJson } from './formats/otlp-json.ts';
import { prometheus } from './formats/prometheus.ts';
import { remoteWrite } from './formats/remote-write.ts';
import { statsd } from './formats/statsd.ts';

/** Name of a format. */
export type FormatName = 'remote-write' | 'influx' | 'otlp' | 'otlp-json' | 'graphite' | 'statsd' | 'json' | 'csv' | 'prometheus';

/** Every format that is pushed, by the name that users give it. */
export const FORMATS: Readonly<Record<FormatName, PushFormat>> = {
  'remote-write': remoteWrite,
  influx,
  otlp,
  'otlp-json': otlpJson,
  graphite,
  statsd,
  json,
  csv,
  prometheus,
};
