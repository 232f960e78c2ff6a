import { HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import { isDictionary } from '../core-foundation/dictionary.ts';
import { sampleOf } from './powermetrics/sample.ts';
import type { PowermetricsSample } from './powermetrics/sample.ts';
import { askProgram, notUnderstood } from './program.ts';
import { parsePropertyList } from './property-list.ts';

/** What powermetrics printed. */
export interface PowermetricsAnswer {
  readonly samples: readonly PowermetricsSample[];
  /** Whether the last sample was cut off, and left out. */
  readonly truncated: boolean;
}

/** What a sample begins with; powermetrics complains in words before it. */
const BEGIN = '<?xml';

/**
 * Reads what `powermetrics --format plist` prints: property lists with a NUL between them. A last one without its end is left out.
 * Throws DENIED where powermetrics says that it answers root only, FAILED where there is no sample, or a whole one is malformed.
 */
export function parsePowermetrics(text: string): PowermetricsAnswer {
  const samples: PowermetricsSample[] = [];
  let truncated = false;
  for (const part of text.split('\0')) {
    const begin = part.indexOf(BEGIN);
    if (begin < 0) continue;
    const list = part.slice(begin);
    if (!list.includes('</plist>')) {
      truncated = true;
      continue;
    }
    const read = parsePropertyList(list);
    if (!isDictionary(read)) throw notUnderstood('powermetrics', list);
    samples.push(sampleOf(read));
  }
  if (samples.length > 0) return { samples, truncated };
  if (/superuser/.test(text)) {
    throw new HecateError('DENIED', 'powermetrics answers root only.', { hint: 'Start hecate as root to have this.' });
  }
  if (truncated) throw new HecateError('FAILED', 'powermetrics ended before its first sample did.');
  throw notUnderstood('powermetrics', text);
}

/** What is asked of powermetrics. */
export interface PowermetricsQuestion {
  /** Seconds that are measured. Default 1. */
  readonly interval?: number;
  /** Its samplers; those that this Mac lacks (`smc` on Apple silicon, `ane_power` on Intel) make it refuse all: UNSUPPORTED. */
  readonly samplers?: readonly string[];
}

/** Samplers of every Mac: clusters and power, the GPU, thermal pressure. */
const SAMPLERS = ['cpu_power', 'gpu_power', 'thermal'] as const;

/** One measurement. Throws as {@link askProgram} and {@link parsePowermetrics}, and INVALID for an interval that is none. */
export async function readPowermetrics(host: Host, question: PowermetricsQuestion = {}): Promise<PowermetricsSample> {
  const { interval = 1, samplers = SAMPLERS } = question;
  if (!(interval >= 0.05 && interval <= 60)) throw new HecateError('INVALID', 'powermetrics measures 0.05 to 60 seconds at a time.');
  const wrong = samplers.find((sampler) => !/^[a-z_]+$/.test(sampler));
  if (wrong !== undefined) throw new HecateError('INVALID', `${wrong} is no name of a sampler.`);
  const argv = ['/usr/bin/powermetrics', '-f', 'plist', '-n', '1', '-i', String(Math.round(interval * 1000)), '-s', samplers.join(',')];
  const answer = await askProgram(host, {
    argv: argv as [string, ...string[]],
    timeout: interval + 10,
    maxBytes: 32 * 1024 * 1024,
  });
  return parsePowermetrics(answer).samples[0]!;
}
