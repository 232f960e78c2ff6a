import type { Host } from '@hecate/host';
import {
  linuxDmi,
  linuxHost,
  linuxMemory,
  linuxNuma,
  linuxPower,
  linuxProcessor,
  linuxSwap,
  linuxVirtualization,
  openMachineOf,
} from '@hecate/metrics';
import type { Machine } from '@hecate/metrics';
import { readDisks } from './detect/disks.ts';
import { readFormFactor } from './detect/form-factor.ts';
import { readGpuPower } from './detect/gpu-power.ts';
import { readGpus } from './detect/gpus.ts';
import { readIrqs } from './detect/irqs.ts';
import { readKernel } from './detect/kernel.ts';
import { createLook } from './detect/look.ts';
import { readMemory } from './detect/memory.ts';
import { readNics } from './detect/nics.ts';
import { readProcessor } from './detect/processor.ts';
import { readRoles } from './detect/roles.ts';
import type { HostFacts } from './facts.ts';

/** The collectors that are asked; each is cheap. What the dear ones would say is read in `detect/`, with the reason why. */
const COLLECTORS = [linuxHost, linuxProcessor, linuxMemory, linuxNuma, linuxSwap, linuxDmi, linuxVirtualization, linuxPower] as const;

/**
 * What a machine is, read once: some 20 ms here. It only reads, wakes nothing that sleeps, and starts no program but that of NVIDIA,
 * where its driver runs a GPU; it works for every user, in containers, and on trees. What could not be read is null, or an empty list.
 */
export async function detect(host: Host): Promise<HostFacts> {
  const machine = openMachineOf(COLLECTORS, host);
  try {
    return await readFacts(host, machine);
  } finally {
    machine.close();
  }
}

async function readFacts(host: Host, machine: Machine<(typeof COLLECTORS)[number]['name']>): Promise<HostFacts> {
  const look = createLook(host);
  const names = machine.host().value;
  const processor = machine.processor().value;
  const power = (await machine.power()).value;
  const virtualization = machine.virtualization().value;
  const hypervisor = virtualization?.vm ?? null;
  const battery = (power?.batteries.length ?? 0) > 0;
  const kernel = readKernel(look, names);
  const readings = { memory: machine.memory().value, numa: machine.numa().value, swap: machine.swap().value };
  const disks = readDisks(look, hypervisor);
  const nics = readNics(look, hypervisor);
  const namesOf = (devices: readonly { readonly name: string }[]): string[] => devices.map(({ name }) => name);
  return {
    hostname: names?.hostname || null,
    kernel,
    cpu: readProcessor(look, processor, kernel.machine),
    memory: readMemory(look, readings, kernel.release),
    disks,
    nics,
    gpus: await readGpuPower(look, host, readGpus(look)),
    irqs: readIrqs(look, kernel, namesOf(disks), namesOf(nics)),
    hypervisor,
    container: virtualization?.container ?? null,
    battery,
    mains: power === null || power.source === 'unknown' ? null : power.source === 'ac',
    formFactor: readFormFactor(look, machine.dmi().value, hypervisor !== null, battery),
    roles: readRoles(look, processor),
  };
}
