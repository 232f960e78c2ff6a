import type { Host } from '@hecate/host';
import { gpuGroups } from '../domain/gpu-groups.ts';
import { UNKNOWN_GPU } from '../domain/gpu.ts';
import type { GpuReading } from '../domain/gpu.ts';
import type { Collector, Sliced } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { attributesOf, readOptional } from './attribute.ts';
import { isSuspended, listCards, maySleep, vendorOf } from './gpu/card.ts';
import type { Card } from './gpu/card.ts';
import { askCard } from './gpu/drivers.ts';
import { openNvidia } from './gpu/nvidia.ts';
import type { Nvidia } from './gpu/nvidia.ts';
import { findPciNames } from './pci/pci-ids.ts';
import type { PciNames } from './pci/pci-ids.ts';

/** Cards are looked for anew at every so many reads: a minute at one a second. */
const RELIST_EVERY = 60;

/**
 * Seconds for which an idle card that may sleep is asked, and then let be: its driver takes each question for a use, and puts the card to
 * sleep five seconds (amdgpu) after the last. One that is awake after the rest is kept so by somebody else.
 */
const WORK = 60;
const REST = 10;
/** Drivers whose questions wake, and keep awake. i915 answers without. */
const WAKING: ReadonlySet<string | null> = new Set(['amdgpu', 'xe', 'nouveau', 'radeon']);

/** A card, what hardly ever changes about it, what it told last, and since when it is asked; null while it sleeps. */
interface KnownCard {
  readonly card: Card;
  readonly about: GpuReading;
  last: GpuReading | null;
  since: number;
}

/** What people call it: the list of PCI ids says `Navi 21 [Radeon RX 6800]`, the chip before its product. */
const plainName = (name: string | null): string | null => /\[(?<product>.+)\]$/.exec(name ?? '')?.groups?.['product'] ?? name;

function* knowCards(host: Host, before: readonly KnownCard[]): Sliced<readonly KnownCard[]> {
  const cards = listCards(host);
  const isSame =
    cards.length === before.length && cards.every(({ id, driver }, at) => id === before[at]!.card.id && driver === before[at]!.card.driver);
  if (isSame) return before;
  const ids = cards.flatMap((card) => card.ids ?? []);
  // The list of names has a megabyte and a half: it is looked through once for all, in slices.
  const names: PciNames | null = ids.length > 0 ? yield* findPciNames(host, ids) : null;
  return cards.map((card): KnownCard => ({
    card,
    last: null,
    since: 0,
    about: {
      ...UNKNOWN_GPU,
      ...{ id: card.id, driver: card.driver, card: card.name },
      name: plainName((card.ids && names?.deviceOf(card.ids.vendorId, card.ids.deviceId)) ?? null),
      vendor: vendorOf(card) ?? (card.ids && names?.vendorOf(card.ids.vendorId)) ?? null,
    },
  }));
}

/** What a card tells now; one that sleeps is not asked, for that would wake it. */
function readCard(host: Host, known: KnownCard, gaps: GapSink): GpuReading {
  const { card, about, last } = known;
  const field = `gpu.${card.id}`;
  const suspended = isSuspended(host, card.device);
  const now = host.clock.monotonic();
  if (suspended) {
    known.last = null;
    gaps.add(field, 'suspended', 'It sleeps, and asking would wake it.');
    return { ...about, suspended };
  }
  if (!last) known.since = now;
  // Counters that stand still for a while and then jump would make rates of nothing.
  else if (!last.usage && (now - known.since) % (WORK + REST) >= WORK && WAKING.has(card.driver) && maySleep(host, card.device))
    return { ...last, energy: null, idleTime: null };
  const files = {
    device: attributesOf(host, card.device, field, gaps),
    card: attributesOf(host, card.directory, field, gaps),
    monitor: card.monitor === null ? null : attributesOf(host, card.monitor, field, gaps),
  };
  const told = askCard(card.driver, files, (file) => readOptional(host, `${card.device}/${file}`, `${field}.${file}`, gaps));
  return (known.last = { ...about, ...told, suspended });
}

function* readGpus(host: Host, known: readonly KnownCard[], nvidia: Nvidia, gaps: GapSink): Sliced<readonly GpuReading[]> {
  const gpus: GpuReading[] = [];
  for (const one of known) {
    if (one.about.driver !== 'nvidia') gpus.push(readCard(host, one, gaps));
    yield;
  }
  // NVIDIA's cards need not be known to the kernel's graphics; where they are, the two are one.
  const others = new Map(known.map(({ about }) => [about.id, about]));
  for (const told of nvidia.read(gaps))
    gpus.push({ ...UNKNOWN_GPU, ...told, card: others.get(told.id)?.card ?? null, name: told.name ?? others.get(told.id)?.name ?? null });
  for (const { about } of known) if (!gpus.some(({ id }) => id === about.id)) gpus.push(about);
  return gpus;
}

/** GPUs. A machine without any has an empty reading. Read at every tick: some twenty small files a card, none of which wakes one. */
export const gpu: Collector<'gpu', readonly GpuReading[]> = {
  name: 'gpu',
  lane: 'fast',
  sources: ['/sys/class/drm/card*', 'libnvidia-ml.so.1', '/usr/share/misc/pci.ids'],
  remedy: 'Mount /sys; for NVIDIA, install its driver with libnvidia-ml.',
  groups: gpuGroups,
  open(host) {
    const nvidia = openNvidia(host);
    let known: readonly KnownCard[] = [];
    let reads = 0;
    return {
      *read(gaps) {
        if (reads++ % RELIST_EVERY === 0) known = yield* knowCards(host, known);
        return yield* readGpus(host, known, nvidia, gaps);
      },
      close: () => nvidia.close(),
    };
  },
};
