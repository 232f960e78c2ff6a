import { HecateError } from '@hecate/host';
import type { Analysis, ColumnAnalysis, Period } from './analysis.ts';
import type { AnalyzeOptions } from './analyze.ts';
import type { BlockSeries } from './block-means.ts';
import { readConsumers } from './consumers.ts';
import type { Consumers } from './consumers.ts';
import { columnFills, forecastAll, readTierFacts } from './fill-series.ts';
import type { TierFacts } from './fill-series.ts';
import { encodeDuration } from './unit.ts';

/** A period as its day files have it. */
export interface Measurement {
  readonly analysis: ColumnAnalysis;
  /** Means of stretches of so many seconds, by metric. */
  readonly series: ReadonlyMap<string, BlockSeries>;
  readonly seconds: number;
  /** Whether all metrics were asked for, and so what goes with all of them. */
  readonly isWhole: boolean;
}

/** What is known of a period beyond its columns. */
export interface Beyond extends Pick<Analysis, 'forecasts' | 'consumers'> {
  /** Sentences that belong at the beginning of the summary. */
  readonly findings: readonly string[];
  readonly cores: number | null;
}

/** The minutes from UTC to the wall clock that a timestamp was written with. */
function offsetOf(timestamp: string): number {
  const parts = /([+-])(\d\d):(\d\d)$/.exec(timestamp);
  return parts === null ? 0 : (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3]));
}

/** From the first to the last row, seconds since the epoch; 0 to 0 when a timestamp is none. */
function boundsOf({ firstTime, lastTime }: Period): { start: number; end: number } {
  const [start, end] = [Date.parse(firstTime) / 1000, Date.parse(lastTime) / 1000];
  return Number.isFinite(start) && Number.isFinite(end) ? { start: Math.min(start, end), end: Math.max(start, end) } : { start: 0, end: 0 };
}

function tierFactsOf(dataDir: string, period: Period): Promise<TierFacts> {
  const { start, end } = boundsOf(period);
  return readTierFacts(dataDir, start, end, offsetOf(period.lastTime) * 60);
}

/** Cores of the machine of a data directory, as its history in tiers has them; null without one. */
export async function readCores(dataDir: string, period: Period): Promise<number | null> {
  return (await tierFactsOf(dataDir, period)).cores;
}

/** Reads forecasts and processes of a period. What cannot be read is told and takes nothing from the report. */
export async function readBeyond(
  { dataDir, signal, onProgress, processes }: Pick<AnalyzeOptions, 'dataDir' | 'signal' | 'onProgress' | 'processes'>,
  { analysis: { period }, series, seconds, isWhole }: Measurement,
): Promise<Beyond> {
  const tiers = await tierFactsOf(dataDir, period);
  const fills = isWhole ? tiers.fills : [];
  const forecasts = await forecastAll([...fills, ...columnFills(series, seconds, fills)], signal);
  const findings = forecasts
    .filter(({ verdict }) => verdict === 'fills' || verdict === 'full')
    .map(({ kind, name, text }) => `${kind === 'filesystem' ? `The file system ${name}` : name === 'memory' ? 'Memory' : 'Swap'}: ${text}`);
  if (tiers.trouble !== null) findings.push(tiers.trouble);
  let consumers: Consumers | null = null;
  if (isWhole && processes !== false) {
    const { start, end } = boundsOf(period);
    try {
      consumers = await readConsumers(dataDir, { from: start * 1000, to: end * 1000 }, period.coveredSeconds, {
        signal,
        onProgress: (done, total) => onProgress?.({ part: 'processes', done, total }),
      });
    } catch (error) {
      if (!(error instanceof HecateError)) throw error;
      findings.push(`Processes are left out: ${error.message}`);
    }
  }
  if (consumers && consumers.missingSeconds > period.coveredSeconds * NOT_WORTH_TELLING) {
    findings.push(`Of ${encodeDuration(consumers.missingSeconds)} of what was recorded no process tables are kept.`);
  }
  return { forecasts, consumers, findings, cores: tiers.cores };
}

/** Tables lie ten seconds apart: their ends never meet those of the rows. */
const NOT_WORTH_TELLING = 0.02;
