import { HecateError } from '@hecate/host';
import {
  analyze,
  clean,
  describeWithLlm,
  encodeAnalysisCsv,
  encodeAnalysisHtml,
  encodeAnalysisJson,
  encodeAnalysisMarkdown,
  encodeAnalysisTerminal,
  exportParquet,
} from '@hecate/observe';
import type { Analysis, AnalyzeProgress } from '@hecate/observe';
import { refuseNoFile, writeOutput } from '../analyze/output-file.ts';
import { checkPicture, drawPicture, isPicture } from '../analyze/picture.ts';
import type { PictureFormat, PictureOptions } from '../analyze/picture.ts';
import { dataDirectory } from '../directories.ts';
import { reportError } from '../report-error.ts';
import { untilSignal } from '../signals.ts';
import { during, openProgress } from '../terminal/progress.ts';
import { terminalOf } from '../terminal/terminal.ts';

interface AnalyzeOptions extends Omit<PictureOptions, 'format'> {
  readonly startDate?: string;
  readonly endDate?: string;
  readonly compare?: string;
  readonly format: 'terminal' | 'markdown' | 'json' | 'csv' | 'html' | PictureFormat | 'parquet';
  readonly llm?: string;
  readonly llmModel?: string;
}

function encode(format: Exclude<AnalyzeOptions['format'], 'parquet' | PictureFormat>, analysis: Analysis, toFile: boolean): string {
  switch (format) {
    case 'json':
      return encodeAnalysisJson(analysis);
    case 'csv':
      return encodeAnalysisCsv(analysis);
    case 'html':
      return encodeAnalysisHtml(analysis);
    case 'markdown':
      return encodeAnalysisMarkdown(analysis);
    default:
      return encodeAnalysisTerminal(analysis, toFile ? { width: 100, colour: false, unicode: true } : terminalOf(process.stdout));
  }
}

/** Throws INVALID for options that do not go together. */
function checkOptions(options: AnalyzeOptions): void {
  if ((options.llm === undefined) !== (options.llmModel === undefined)) {
    throw new HecateError('INVALID', '--llm and --llm-model go together.', { hint: 'Name the address and the model.' });
  }
  if (options.compare !== undefined && (options.format === 'parquet' || isPicture(options.format))) {
    throw new HecateError('INVALID', `--compare does not go with --format ${options.format}.`, {
      hint: 'Take terminal, markdown, html, json or csv.',
    });
  }
  checkPicture(options);
}

/** Asks the model, when one was named; that it fails takes nothing from the report. */
async function printOpinion(analysis: Analysis, { llm, llmModel }: AnalyzeOptions, signal: AbortSignal): Promise<void> {
  if (llm === undefined || llmModel === undefined) return;
  const apiKey = process.env['HECATE_LLM_KEY'];
  try {
    const options = { url: llm, model: llmModel, signal, ...(apiKey ? { apiKey } : {}) };
    const text = await during(`Asking ${llmModel}`, () => describeWithLlm(analysis, options));
    process.stderr.write(`\n${text.split('\n').map(clean).join('\n')}\n`);
  } catch (error) {
    process.exitCode = reportError(error);
  }
}

/** What is said of the parts of the work. */
const PARTS: Readonly<Record<AnalyzeProgress['part'], { readonly text: string; readonly unit: string }>> = {
  days: { text: 'Reading', unit: 'days' },
  metrics: { text: 'Computing', unit: 'metrics' },
  processes: { text: 'Reading processes', unit: 'hours' },
  writing: { text: 'Writing', unit: 'days' },
};

/** `hecate analyze`. */
export async function run(options: AnalyzeOptions): Promise<void> {
  const { format, output, startDate, endDate, metrics, compare } = options;
  checkOptions(options);
  const ending = untilSignal();
  const progress = openProgress(process.stderr);
  try {
    const request = {
      dataDir: dataDirectory(options.dataDir),
      startDate,
      endDate,
      compare,
      // The verdict above a picture is of the whole machine, whatever is drawn below.
      metrics: isPicture(format) ? undefined : metrics,
      processes: !isPicture(format),
      signal: ending.signal,
      onProgress: ({ part, done, total }: AnalyzeProgress) => progress.show(PARTS[part].text, { done, total, unit: PARTS[part].unit }),
    };
    if (format === 'parquet') {
      if (output === undefined)
        throw new HecateError('INVALID', 'Parquet is no text: it needs a file.', { hint: 'Give one with --output.' });
      refuseNoFile(output);
      await exportParquet(request, output);
      return;
    }
    const analysis = await analyze(request);
    if (isPicture(format)) progress.show('Drawing');
    const text = isPicture(format) ? await drawPicture({ ...options, format }, analysis) : encode(format, analysis, output !== undefined);
    progress.clear();
    if (output === undefined) process.stdout.write(text);
    else writeOutput(output, text);
    await printOpinion(analysis, options, ending.signal);
  } finally {
    progress.clear();
    ending.release();
  }
}
