import { encodeCpuMask, packCpus, parseCpuList } from '../cpu-list.ts';
import type { HostFacts, IrqFacts } from '../facts.ts';
import { needed, oneOf, optional } from '../rule.ts';
import { housekeepingCpus } from './housekeeping.ts';
import { setFile, skips, textOption } from './knob.ts';
import type { Knob, KnobRequest } from './knob.ts';

/** The CPUs that an entry means; a sentence when there are none. */
function chosenCpus({ entry, facts, look }: KnobRequest): readonly number[] | string {
  const choice = textOption(entry, 'cpus');
  if (choice === 'efficiency' || choice === 'performance') return facts.cpu.hybrid?.[choice] ?? 'All cores of this processor are alike.';
  const online = parseCpuList(look?.text('/sys/devices/system/cpu/online') ?? '');
  const all = online === null || online.length === 0 ? Array.from({ length: facts.cpu.threads }, (_, cpu) => cpu) : online;
  if (choice === 'all') return all;
  const left = housekeepingCpus(look, all);
  return left.length === all.length ? 'No CPU is set apart (isolcpus, nohz_full).' : left;
}

/** Those that are there and that an entry means, and what they are called in a sentence. */
function chosenIrqs({ irqs, nics, disks }: HostFacts, devices: string): { readonly irqs: readonly IrqFacts[]; readonly of: string } {
  const isAny = (rows: readonly { readonly name: string }[], device: string | null): boolean => rows.some(({ name }) => name === device);
  if (devices === 'net') return { irqs: irqs.filter(({ device }) => isAny(nics, device)), of: 'network interfaces' };
  if (devices === 'disk') return { irqs: irqs.filter(({ device }) => isAny(disks, device)), of: 'disks' };
  return { irqs, of: 'devices' };
}

/**
 * CPUs that serve interrupts (kernel: Documentation/core-api/irq/irq-affinity.rst): those that are requested from now on
 * (`default_smp_affinity`), and with `devices` those that are there. Without it these are left to irqbalance and to the drivers, which
 * know their queues.
 */
export const irqAffinity: Knob = {
  name: 'irq-affinity',
  help: 'CPUs that serve new interrupts, and those of devices: all, the fast or efficient ones, or those that are not set apart.',
  options: {
    cpus: needed(oneOf(['all', 'efficiency', 'performance', 'housekeeping'])),
    devices: optional(oneOf(['net', 'disk', 'all'])),
  },
  value: null,
  subject: () => '',
  plan(request) {
    const cpus = chosenCpus(request);
    if (typeof cpus === 'string') return skips(cpus);
    if (cpus.length === 0) return skips('No CPU would be left for interrupts.');
    const first = setFile('/proc/irq/default_smp_affinity', encodeCpuMask(cpus));
    if (request.entry.options['devices'] === undefined) return { actions: [first], skipped: [] };
    const { irqs, of } = chosenIrqs(request.facts, textOption(request.entry, 'devices'));
    const settable = irqs.filter((irq) => irq.settable);
    const fixed = irqs.length - settable.length;
    return {
      actions: [first, ...settable.map(({ irq }) => setFile(`/proc/irq/${irq}/smp_affinity_list`, packCpus(cpus)))],
      skipped: [
        ...(irqs.length === 0 ? [`No interrupt of ${of} is known here.`] : []),
        ...(fixed > 0
          ? [`${fixed} of ${irqs.length} interrupts of ${of} are placed by the kernel itself, or it does not say that they can be moved.`]
          : []),
      ],
    };
  },
};
