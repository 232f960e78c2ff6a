import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { causeOf, errnoOf, HecateError } from '@hecate/host';
import {
  analyze,
  clean,
  describeWithLlm,
  encodeAnalysisCsv,
  encodeAnalysisHtml,
  encodeAnalysisJson,
  encodeAnalysisTerminal,
  exportParquet,
} from '@hecate/observe';
import type { Analysis } from '@hecate/observe';
import { dataDirectory } from '../directories.ts';
import { reportError } from '../report-error.ts';
import { untilSignal } from '../signals.ts';
import { terminalOf } from '../terminal/terminal.ts';

interface AnalyzeOptions {
  readonly startDate?: string;
  readonly endDate?: string;
  readonly dataDir?: string;
  readonly metrics?: readonly string[];
  readonly format: 'terminal' | 'json' | 'csv' | 'html' | 'parquet';
  readonly output?: string;
  readonly llm?: string;
  readonly llmModel?: string;
}

function encode(format: Exclude<AnalyzeOptions['format'], 'parquet'>, analysis: Analysis, toFile: boolean): string {
  switch (format) {
    case 'json':
      return encodeAnalysisJson(analysis);
    case 'csv':
      return encodeAnalysisCsv(analysis);
    case 'html':
      return encodeAnalysisHtml(analysis);
    default:
      return encodeAnalysisTerminal(analysis, toFile ? { width: 100, colour: false, unicode: true } : terminalOf(process.stdout));
  }
}

/** What a failed write of the report means to a user: the same as for parquet, which observe writes. */
function outputError(file: string, error: unknown): HecateError {
  const hint = 'Give another file with --output.';
  switch (errnoOf(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new HecateError('DENIED', `${file} may not be written by this user.`, { hint, cause: error });
    case 'ENOENT':
    case 'ENOTDIR':
      return new HecateError('INVALID', `The directory of ${file} does not exist.`, { hint, cause: error });
    case 'EISDIR':
      return new HecateError('INVALID', `${file} is a directory.`, { hint, cause: error });
    case 'ENOSPC':
      return new HecateError('FAILED', `${file} could not be written: the disk is full.`, { hint, cause: error });
    default:
      return new HecateError('FAILED', `${file} could not be written: ${causeOf(error)}.`, { hint, cause: error });
  }
}

/** Writes a file whole or not at all. */
function writeOutput(file: string, text: string): void {
  const part = `${file}.${process.pid}.part`;
  try {
    writeFileSync(part, text);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw outputError(file, error);
  }
}

/** Asks the model, when one was named; that it fails takes nothing from the report. */
async function printOpinion(analysis: Analysis, { llm, llmModel }: AnalyzeOptions, signal: AbortSignal): Promise<void> {
  if (llm === undefined || llmModel === undefined) return;
  const apiKey = process.env['HECATE_LLM_KEY'];
  try {
    const text = await describeWithLlm(analysis, { url: llm, model: llmModel, signal, ...(apiKey ? { apiKey } : {}) });
    process.stderr.write(`\n${text.split('\n').map(clean).join('\n')}\n`);
  } catch (error) {
    process.exitCode = reportError(error);
  }
}

/** `hecate analyze`. */
export async function run(options: AnalyzeOptions): Promise<void> {
  const { format, output, startDate, endDate, metrics } = options;
  if ((options.llm === undefined) !== (options.llmModel === undefined)) {
    throw new HecateError('INVALID', '--llm and --llm-model go together.', { hint: 'Name the address and the model.' });
  }
  const ending = untilSignal();
  try {
    const request = { dataDir: dataDirectory(options.dataDir), startDate, endDate, metrics, signal: ending.signal };
    if (format === 'parquet') {
      if (output === undefined)
        throw new HecateError('INVALID', 'Parquet is no text: it needs a file.', { hint: 'Give one with --output.' });
      await exportParquet(request, output);
      return;
    }
    const analysis = await analyze(request);
    const text = encode(format, analysis, output !== undefined);
    if (output === undefined) process.stdout.write(text);
    else writeOutput(output, text);
    await printOpinion(analysis, options, ending.signal);
  } finally {
    ending.release();
  }
}
