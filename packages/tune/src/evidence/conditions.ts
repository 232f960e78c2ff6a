import { HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import { collectorsOf, cpuTemperature, openMachineOf } from '@hecate/metrics';
import type { Snapshot } from '@hecate/metrics';

/** How the machine was when it was measured. What it does not say is null. */
export interface Conditions {
  /** Release of the kernel. */
  readonly kernel: string | null;
  /** Running average of tasks that want to run, over one minute. */
  readonly load: number | null;
  /** CPUs that are online. */
  readonly threads: number | null;
  /** Shares of the last ten seconds in which a task waited. */
  readonly pressure: { readonly cpu: number | null; readonly io: number | null; readonly memory: number | null };
  /** Of the CPU, in celsius. */
  readonly temperature: number | null;
}

const NAMES: readonly string[] = ['host', 'load', 'cpu', 'pressure', 'sensors', 'thermal'];

/** Reads how the machine is now. */
export async function readConditions(host: Host): Promise<Conditions> {
  const machine = openMachineOf(
    collectorsOf(host.platform).filter(({ name }) => NAMES.includes(name)),
    host,
  );
  try {
    return conditionsOf(await machine.snapshot({ patience: 1 }));
  } finally {
    machine.close();
  }
}

function conditionsOf({ host, load, cpu, pressure, sensors, thermal }: Snapshot): Conditions {
  return {
    kernel: host?.release ?? null,
    load: load?.load1 ?? null,
    threads: cpu?.cores.length ?? null,
    pressure: {
      cpu: pressure?.cpu?.some?.avg10 ?? null,
      io: pressure?.io?.some?.avg10 ?? null,
      memory: pressure?.memory?.some?.avg10 ?? null,
    },
    temperature: cpuTemperature(sensors, thermal),
  };
}

/** What a machine may be busy with and still be measured: shares of ten seconds. */
const QUIET = { cpu: 0.1, io: 0.2, memory: 0.05 } as const;
/** Where the kernel keeps no pressure: tasks a CPU. */
const QUIET_LOAD = 0.5;

/** Why a measurement would say more about other programs than about the change; null when the machine is quiet enough. */
export function busyReason({ pressure, load, threads }: Conditions): string | null {
  for (const resource of ['cpu', 'io', 'memory'] as const) {
    const waited = pressure[resource];
    if (waited !== null && waited > QUIET[resource]) {
      return `programs waited for ${resource} in ${Math.round(waited * 100)} % of the last ten seconds`;
    }
  }
  // The load lags behind by a minute, so it counts only where nothing better is there.
  if (pressure.cpu === null && load !== null && threads !== null && load > threads * QUIET_LOAD) {
    return `${load.toFixed(1)} tasks want to run on ${threads} CPUs`;
  }
  return null;
}

/** Throws CONFLICT when the machine is too busy to be measured. */
export function refuseBusy(conditions: Conditions): void {
  const reason = busyReason(conditions);
  if (reason === null) return;
  throw new HecateError('CONFLICT', `The machine is too busy to be measured: ${reason}.`, {
    hint: 'Stop what runs, or measure all the same with --force: more rounds will be needed.',
  });
}
