import { once } from 'node:events';
import { HecateError, openHost } from '@hecate/host';
import type { ErrorCode } from '@hecate/host';
import { parsePressureTrigger, watchEvents } from '@hecate/metrics';
import type { EventKind, GapReason, MachineEvent, UnavailableEvent } from '@hecate/metrics';
import { clean, createInk } from '@hecate/observe';
import { untilSignal } from '../signals.ts';
import { eventLine } from '../terminal/event-line.ts';
import { terminalOf } from '../terminal/terminal.ts';

interface WatchCommandOptions {
  readonly format: 'text' | 'json';
  readonly only?: readonly EventKind[];
  readonly pressure?: readonly string[];
  readonly pid?: readonly string[];
  readonly count?: number;
}

function parsePid(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) {
    throw new HecateError('INVALID', `${JSON.stringify(text)} is no number of a process.`, {
      hint: 'Write --pid 1234, or --pid 1234,5678.',
    });
  }
  return Number(text);
}

/** Notes about the watch itself: for people on standard error, so that standard output has what happened and nothing else. */
function noteOf(event: MachineEvent): string | null {
  if (event.kind === 'unavailable') return `${event.what} cannot be watched: ${event.reason}. ${event.detail}`;
  if (event.kind !== 'watching') return null;
  return event.kinds.length === 0 ? 'Nothing can be watched.' : `Watching ${event.kinds.join(', ')}. Ctrl-C ends it.`;
}

const REFUSALS: Partial<Readonly<Record<GapReason, ErrorCode>>> = { permission: 'DENIED', unsupported: 'UNSUPPORTED' };

/** Why nothing at all is watched; null where that is no failure: a process that has ended already is what was waited for. */
function refusalOf(unavailable: readonly UnavailableEvent[]): HecateError | null {
  const first = unavailable.find(({ what, reason }) => !(what === 'process-exit' && reason === 'absent'));
  return first ? new HecateError(REFUSALS[first.reason] ?? 'UNAVAILABLE', 'Nothing can be watched.') : null;
}

/** `hecate watch`: prints what happens until a signal, until there is enough, or until nothing is left to watch. */
export async function run(options: WatchCommandOptions): Promise<void> {
  const pressure = options.pressure?.map(parsePressureTrigger);
  const pids = options.pid?.map(parsePid);
  // Naming nothing but processes or thresholds means these alone.
  const only = options.only ?? (pressure || pids ? [] : undefined);
  const { colour, unicode } = terminalOf(process.stdout);
  const ink = createInk({ colour, unicode });
  const ending = untilSignal();
  try {
    const events = watchEvents(openHost(), {
      signal: ending.signal,
      ...(only ? { only } : {}),
      ...(pressure ? { pressure } : {}),
      ...(pids ? { pids } : {}),
    });
    let left = options.count ?? Infinity;
    const unavailable: UnavailableEvent[] = [];
    let refusal: HecateError | null = null;
    for await (const event of events) {
      if (event.kind === 'unavailable') unavailable.push(event);
      if (event.kind === 'watching' && event.kinds.length === 0) refusal = refusalOf(unavailable);
      const isNews = event.kind !== 'unavailable' && event.kind !== 'watching';
      if (options.format === 'text' && !isNews) {
        const note = noteOf(event);
        if (note !== null && !refusal) process.stderr.write(`hecate: ${clean(note)}\n`);
        continue;
      }
      const line = options.format === 'json' ? `${JSON.stringify(event)}\n` : eventLine(event, ink);
      // Whoever reads slower than things happen gets told what was lost, and costs no memory.
      if (!process.stdout.write(line)) await once(process.stdout, 'drain', { signal: ending.signal }).catch(() => undefined);
      if (isNews && event.kind !== 'lost' && event.kind !== 'overrun' && --left === 0) break;
    }
    if (refusal) throw refusal;
  } finally {
    ending.release();
  }
}
