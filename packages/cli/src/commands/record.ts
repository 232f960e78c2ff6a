import { HecateError, openHost } from '@hecate/host';
import type { Snapshot } from '@hecate/metrics';
import {
  keepProcesses,
  openMacmonSource,
  openMactopSource,
  openPrometheusSource,
  openRecorder,
  openSelfSource,
  record,
} from '@hecate/observe';
import type { ProcessRecording, RowSource } from '@hecate/observe';
import { readConfig } from '../config/config.ts';
import { dataDirectory } from '../directories.ts';
import { untilSignal } from '../signals.ts';
import { say } from '../terminal/note.ts';
import { print } from '../terminal/print.ts';

interface RecordOptions {
  readonly interval: number;
  readonly count?: number;
  readonly buffer: number;
  readonly dataDir?: string;
  readonly source: string;
  readonly processes?: boolean;
  readonly port?: number;
  readonly format: 'text' | 'json';
}

function openSource(
  { source, port, interval }: RecordOptions,
  signal: AbortSignal,
  onSnapshot?: (snapshot: Snapshot) => void,
): Promise<RowSource> {
  const where = { signal, say, ...(port === undefined ? {} : { port }) };
  if (port !== undefined && source !== 'mactop' && source !== 'macmon') {
    throw new HecateError('INVALID', `--port means nothing to the source ${JSON.stringify(source)}.`, {
      hint: 'It is the port of mactop or macmon; an address has its own.',
    });
  }
  if (source === 'self') return openSelfSource(openHost(), interval, onSnapshot);
  if (source === 'mactop') return openMactopSource(where);
  if (source === 'macmon') return openMacmonSource(where);
  if (/^https?:\/\//.test(source)) return openPrometheusSource(source, { signal, interval });
  throw new HecateError('INVALID', `There is no source ${JSON.stringify(source)}.`, {
    hint: 'Use self, mactop, macmon, or an address that starts with http:// or https://.',
  });
}

function keepProcessesToo({ processes, source, interval }: RecordOptions, dataDir: string): ProcessRecording | null {
  if (!processes) return null;
  if (source === 'self') return keepProcesses({ dataDir, settings: readConfig().record, interval, log: say });
  throw new HecateError('INVALID', `--processes means nothing to the source ${JSON.stringify(source)}.`, {
    hint: 'Only the processes of this machine can be kept.',
  });
}

/** `hecate record`: writes rows until a signal, or until there are enough. */
export async function run(options: RecordOptions): Promise<void> {
  const ending = untilSignal();
  const recorder = openRecorder({ dataDir: dataDirectory(options.dataDir), bufferRows: options.buffer });
  let processes: ProcessRecording | null = null;
  try {
    processes = keepProcessesToo(options, recorder.dataDir);
    const source = await openSource(options, ending.signal, (snapshot) => processes?.append(snapshot));
    try {
      say(
        `Recording ${source.name} to ${recorder.dataDir} every ${options.interval} s.${options.count === undefined ? ' Ctrl-C ends it.' : ''}`,
      );
      const { interval, count } = options;
      const { rows, skipped } = await record({
        source,
        recorder,
        interval,
        signal: ending.signal,
        say,
        ...(count === undefined ? {} : { count }),
      });
      if (options.format === 'json') print(options, { source: source.name, dataDir: recorder.dataDir, rows, skipped }, String);
      else say(`${rows} rows recorded${skipped > 0 ? `, ${skipped} skipped` : ''}.`);
    } finally {
      await source.close();
    }
  } finally {
    processes?.close();
    recorder.close();
    ending.release();
  }
}
