import { amdPower } from './amd-power.ts';
import { autogroup } from './autogroup.ts';
import { cpuBoost } from './cpu-boost.ts';
import { cpuEnergyBias } from './cpu-energy-bias.ts';
import { cpuGovernor } from './cpu-governor.ts';
import { cpuIdle } from './cpu-idle.ts';
import { cpuPreference } from './cpu-preference.ts';
import { diskReadAhead } from './disk-read-ahead.ts';
import { diskRequests } from './disk-requests.ts';
import { diskScheduler } from './disk-scheduler.ts';
import { file } from './file.ts';
import { hugepageDefrag } from './hugepage-defrag.ts';
import { hugepageMode } from './hugepage-mode.ts';
import { hugepages } from './hugepages.ts';
import { irqAffinity } from './irq-affinity.ts';
import type { Knob } from './knob.ts';
import { module } from './module.ts';
import { numaBalancing } from './numa-balancing.ts';
import { nvidiaPower } from './nvidia-power.ts';
import { sysctl } from './sysctl.ts';
import { sysfs } from './sysfs.ts';
import { tcpCongestion } from './tcp-congestion.ts';
import { unit } from './unit.ts';
import { zram } from './zram.ts';
import { zswap } from './zswap.ts';

/** Everything that a profile can set, by name. */
export const KNOBS: ReadonlyMap<string, Knob> = new Map(
  [
    sysctl,
    sysfs,
    cpuGovernor,
    cpuPreference,
    cpuBoost,
    cpuIdle,
    cpuEnergyBias,
    hugepageMode,
    hugepageDefrag,
    hugepages,
    zram,
    zswap,
    diskScheduler,
    diskReadAhead,
    diskRequests,
    tcpCongestion,
    irqAffinity,
    numaBalancing,
    autogroup,
    nvidiaPower,
    amdPower,
    module,
    unit,
    file,
  ].map((knob) => [knob.name, knob]),
);

/** The knob of an entry that has been checked. Throws for a name that is not in the registry: that is a mistake in a program. */
export function knobOf(name: string): Knob {
  const knob = KNOBS.get(name);
  if (!knob) throw new Error(`There is no knob ${name}.`);
  return knob;
}
