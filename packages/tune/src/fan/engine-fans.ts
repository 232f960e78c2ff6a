import { setTimeout as sleep } from 'node:timers/promises';
import { findConflicts, isInForce, isLive } from '@hecate/change';
import type { Engine, FanAction, Plan, RunningProcess, Step, Transaction } from '@hecate/change';
import { HecateError } from '@hecate/host';
import type { Host, ProcessIdentity } from '@hecate/host';
import type { Fan, FanDriver, FanHolder, FanReading, HeldFan } from './fan-driver.ts';

/** What a driver works with. */
export interface FanDriverOptions {
  readonly host: Host;
  readonly engine: Engine;
  /** The process that the fans are held for: when it ends, they go back. */
  readonly lease: ProcessIdentity;
  /** Starts the process that sees to that. */
  readonly guard: (id: number) => Promise<void>;
  /** Takes fans also while another program sets them. */
  readonly force?: boolean;
}

/** A fan with the output that drives it, as the change engine names it; null for one without. */
export interface DrivenFan {
  readonly fan: Fan;
  output(): string | null;
}

/** One kind of machine with fans, as far as it is its own. */
export interface FanSource<Found extends DrivenFan> {
  /** All fans, in the order of the reading. */
  read(): Promise<{ readonly reading: FanReading; readonly found: readonly Found[] }>;
  /** The level of the engine's action of a level of the driver. */
  levelOf(level: number): number;
  /** What helps when a fan cannot be set by this user, beside being root. */
  remedyOf(found: Found): string | undefined;
  /** The processes of the machine, where /proc does not tell them; none where nothing does. */
  processes?(): Promise<readonly RunningProcess[]>;
  close(): void;
}

/** Fans that are set by changes of the engine: what was there is in its journal, and comes back whatever becomes of this process. */
export function openEngineFans<Found extends DrivenFan>(
  { host, engine, lease, guard, force }: FanDriverOptions,
  source: FanSource<Found>,
): FanDriver {
  const outputs = new Map<string, string>();
  const actionOf = (id: string, level: number): FanAction => ({ kind: 'fan', output: outputs.get(id)!, level: source.levelOf(level) });
  return {
    read: async () => (await source.read()).reading,
    async take(id, level) {
      const found = (await source.read()).found.find(({ fan }) => fan.id === id);
      if (!found) throw new HecateError('UNAVAILABLE', `The fan ${id} is not there any more.`);
      const output = found.output();
      if (!found.fan.control || output === null) throw new HecateError('UNSUPPORTED', `The fan ${id} cannot be set. ${found.fan.why}`);
      outputs.set(id, output);
      const action = actionOf(id, level);
      const plan: Plan = {
        component: 'fan',
        title: `fan ${id} for process ${lease.pid}`,
        changes: [{ action, why: 'It was asked for.', source: 'hecate fan', risk: 'live' }],
      };
      if (!force) refuseRivals(host, plan, await source.processes?.());
      try {
        await patiently(() => engine.recover());
        refuseHeld(engine.list(), action, id);
        return { id, change: (await patiently(() => engine.apply(plan, { lease, guard }))).id };
      } catch (error) {
        throw explain(error, id, source.remedyOf(found));
      }
    },
    set: ({ id, change }: HeldFan, level: number) => engine.adjust(change, actionOf(id, level)),
    async release({ change }, why) {
      const { failures } = await patiently(() => engine.rollBack(change, why));
      if (failures.length === 0) return;
      throw new HecateError('FAILED', `The fan could not be given back: ${failures.map(({ sentence }) => sentence).join(' ')}`, {
        hint: 'It is tried again until it succeeds: hecate changes show tells how far it is.',
      });
    },
    async holders() {
      const { found } = await source.read();
      const places = new Map(found.map((one) => [one.output(), one.fan.id]));
      return engine.list().flatMap(({ id, phase, steps, lease: by }) =>
        steps.flatMap((step): FanHolder[] => {
          const { action } = step.change;
          const fan = action.kind === 'fan' ? places.get(action.output) : undefined;
          return phase === 'ended' || !isInForce(step) || fan === undefined ? [] : [{ id: fan, change: id, process: by?.pid ?? null }];
        }),
      );
    },
    close: () => source.close(),
  };
}

/** Seconds that another process which changes the machine is waited for, and between two tries. */
const PATIENCE = 15;
const PAUSE = 0.1;

/** Does what one process at a time may do, and waits for others who do it. Rejects with CONFLICT when they take too long. */
async function patiently<Result>(work: () => Promise<Result>): Promise<Result> {
  for (const end = performance.now() + PATIENCE * 1000; ; await sleep(PAUSE * 1000)) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof HecateError) || error.code !== 'CONFLICT' || performance.now() > end) throw error;
    }
  }
}

/** Throws CONFLICT while a program runs that sets fans every few seconds. */
function refuseRivals(host: Host, plan: Plan, processes: readonly RunningProcess[] | undefined): void {
  const [rival] = findConflicts(host, plan, processes);
  if (!rival) return;
  throw new HecateError('CONFLICT', `${rival.name} runs, and sets fans.`, { hint: `${rival.hint} --force takes the fan all the same.` });
}

/** Throws CONFLICT while another command holds a fan. */
function refuseHeld(transactions: readonly Transaction[], { output }: FanAction, id: string): void {
  const isFan = (step: Step): boolean => isInForce(step) && step.change.action.kind === 'fan' && step.change.action.output === output;
  const held = transactions.findLast((other) => isLive(other) && other.steps.some(isFan));
  if (!held) return;
  throw new HecateError('CONFLICT', `Change ${held.id} (${held.plan.title}) holds the fan ${id}.`, {
    hint: `End that command, or give the fan back with: hecate fan auto ${id}`,
  });
}

/** Says what a refusal means for a fan, and what helps. */
function explain(error: unknown, id: string, remedy: string | undefined): unknown {
  if (!(error instanceof HecateError)) return error;
  const { code, message, hint } = error;
  const more = remedy === undefined ? '' : ` ${remedy}`;
  if (code !== 'DENIED') return more === '' ? error : new HecateError(code, message, { hint: `${hint ?? ''}${more}`.trim(), cause: error });
  const help = process.geteuid?.() === 0 ? 'In a container the host has to do it.' : 'Setting fans takes root: run it with sudo.';
  return new HecateError(code, `The fan ${id} may not be set by this user. ${message}`, { hint: `${help}${more}`, cause: error });
}
