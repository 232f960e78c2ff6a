import { setTimeout as sleep } from 'node:timers/promises';
import { findConflicts, isInForce, isLive, realMachinePath } from '@hecate/change';
import type { Engine, FanAction, Plan, Step, Transaction } from '@hecate/change';
import { errnoOf, HecateError } from '@hecate/host';
import type { Host, ProcessIdentity } from '@hecate/host';
import { linuxSensors, openMachineOf } from '@hecate/metrics';
import type { FanDriver, FanHolder, HeldFan } from './fan-driver.ts';
import { fansOf } from './hwmon-fans.ts';
import type { HwmonFan, HwmonReading } from './hwmon-fans.ts';

/** What the driver works with. */
export interface HwmonDriverOptions {
  readonly host: Host;
  readonly engine: Engine;
  /** The process that the fans are held for: when it ends, they go back. */
  readonly lease: ProcessIdentity;
  /** Starts the process that sees to that. */
  readonly guard: (id: number) => Promise<void>;
  /** Takes fans also while another program sets them. */
  readonly force?: boolean;
}

/** Of drivers that refuse root too, what helps. */
const REMEDIES: Readonly<Record<string, string>> = {
  thinkpad: 'Load its driver with thinkpad_acpi fan_control=1.',
  dell_smm: 'Its driver may not know how to keep the firmware of this model away: Documentation/hwmon/dell-smm-hwmon.rst.',
};

/** Fans of Linux: PWM outputs of hwmon chips. */
export function openHwmonFans({ host, engine, lease, guard, force }: HwmonDriverOptions): FanDriver {
  const machine = openMachineOf([linuxSensors], host);
  const actions = new Map<string, FanAction>();

  const read = async (): Promise<HwmonReading> => {
    const { value, gap } = await machine.sensors();
    if (value) return fansOf(value);
    if (gap.reason === 'absent' || gap.reason === 'unsupported')
      return { reading: { fans: [], temperatures: [], none: gap.detail }, found: [] };
    throw new HecateError('FAILED', `The sensors cannot be read. ${gap.detail}`);
  };
  const actionOf = (id: string, level: number): FanAction => ({ ...actions.get(id)!, level: Math.round(level * 255) });

  return {
    read: async () => (await read()).reading,
    async take(id, level) {
      const found = (await read()).found.find(({ fan }) => fan.id === id);
      if (!found) throw new HecateError('UNAVAILABLE', `The fan ${id} is not there any more.`);
      const { fan, output } = found;
      if (!fan.control || output === null) throw new HecateError('UNSUPPORTED', `The fan ${id} cannot be set. ${fan.why}`);
      actions.set(id, { kind: 'fan', output: placeOf(host, found), level: 0 });
      const action = actionOf(id, level);
      const plan: Plan = {
        component: 'fan',
        title: `fan ${id} for process ${lease.pid}`,
        changes: [{ action, why: 'It was asked for.', source: 'hecate fan', risk: 'live' }],
      };
      if (!force) refuseRivals(host, plan);
      try {
        await patiently(() => engine.recover());
        refuseHeld(engine.list(), action, id);
        return { id, change: (await patiently(() => engine.apply(plan, { lease, guard }))).id };
      } catch (error) {
        throw explain(error, found);
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
      const { found } = await read();
      const places = new Map(found.filter(({ output }) => output !== null).map((one) => [placeOf(host, one), one.fan.id]));
      return engine.list().flatMap(({ id, phase, steps, lease: by }) =>
        steps.flatMap((step): FanHolder[] => {
          const { action } = step.change;
          const fan = action.kind === 'fan' ? places.get(action.output) : undefined;
          return phase === 'ended' || !isInForce(step) || fan === undefined ? [] : [{ id: fan, change: id, process: by?.pid ?? null }];
        }),
      );
    },
    close: () => machine.close(),
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

/** Where an output lies, by its device: drivers of old have their files there, and the others below it. */
function placeOf(host: Host, { chip, output, fan: { id } }: HwmonFan): string {
  for (const directory of [`/sys/class/hwmon/${chip.chip}`, ...(chip.device === null ? [] : [chip.device])]) {
    try {
      return realMachinePath(host, `${directory}/${output}`);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }
  throw new HecateError('UNAVAILABLE', `The output ${output} of ${id} is not there any more.`);
}

/** Throws CONFLICT while a program runs that sets fans every few seconds. */
function refuseRivals(host: Host, plan: Plan): void {
  const [rival] = findConflicts(host, plan);
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
function explain(error: unknown, { chip, fan: { id } }: HwmonFan): unknown {
  if (!(error instanceof HecateError)) return error;
  const { code, message, hint } = error;
  const remedy = REMEDIES[chip.name ?? ''];
  const more = remedy === undefined ? '' : ` ${remedy}`;
  if (code !== 'DENIED') return more === '' ? error : new HecateError(code, message, { hint: `${hint ?? ''}${more}`.trim(), cause: error });
  const help = process.geteuid?.() === 0 ? 'In a container the host has to do it.' : 'Setting fans takes root: run it with sudo.';
  return new HecateError(code, `The fan ${id} may not be set by this user. ${message}`, { hint: `${help}${more}`, cause: error });
}
