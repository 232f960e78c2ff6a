import { HecateError, openHost } from '@hecate/host';
import { openMacmonSource, openMactopSource, openPrometheusSource, openRecorder, openSelfSource, record } from '@hecate/observe';
import type { RowSource } from '@hecate/observe';
import { dataDirectory } from '../directories.ts';
import { untilSignal } from '../signals.ts';

interface RecordOptions {
  readonly interval: number;
  readonly count?: number;
  readonly buffer: number;
  readonly dataDir?: string;
  readonly source: string;
  readonly port?: number;
}

const say = (sentence: string): void => {
  process.stderr.write(`hecate: ${sentence}\n`);
};

function openSource({ source, port, interval }: RecordOptions, signal: AbortSignal): Promise<RowSource> {
  const where = { signal, say, ...(port === undefined ? {} : { port }) };
  if (port !== undefined && source !== 'mactop' && source !== 'macmon') {
    throw new HecateError('INVALID', `--port means nothing to the source ${JSON.stringify(source)}.`, {
      hint: 'It is the port of mactop or macmon; an address has its own.',
    });
  }
  if (source === 'self') return openSelfSource(openHost(), interval);
  if (source === 'mactop') return openMactopSource(where);
  if (source === 'macmon') return openMacmonSource(where);
  if (/^https?:\/\//.test(source)) return openPrometheusSource(source, { signal, interval });
  throw new HecateError('INVALID', `There is no source ${JSON.stringify(source)}.`, {
    hint: 'Use self, mactop, macmon, or an address that starts with http:// or https://.',
  });
}

/** `hecate record`: writes rows until a signal, or until there are enough. */
export async function run(options: RecordOptions): Promise<void> {
  const ending = untilSignal();
  const recorder = openRecorder({ dataDir: dataDirectory(options.dataDir), bufferRows: options.buffer });
  try {
    const source = await openSource(options, ending.signal);
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
      say(`${rows} rows recorded${skipped > 0 ? `, ${skipped} skipped` : ''}.`);
    } finally {
      await source.close();
    }
  } finally {
    recorder.close();
    ending.release();
  }
}
