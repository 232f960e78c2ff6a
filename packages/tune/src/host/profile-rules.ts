import type { GpuFacts, HostFacts } from './facts.ts';
import type { ProfileName } from './profile-name.ts';

/** One reason for or against a profile. */
export interface ProfileRule {
  readonly profile: ProfileName;
  /** What it counts; negative speaks against. 75 and more settle what the machine is for, unless something else does too. */
  readonly points: number;
  /** The sentence that people are shown. */
  readonly says: string;
  readonly holds: (facts: HostFacts) => boolean;
}

const GIB = 2 ** 30;

/** Main memory counts what firmware and kernel left over, so a machine sold with 64 GB has a little less. */
const hasMemory = (gibibytes: number) => (facts: HostFacts) => facts.memory.total >= gibibytes * GIB * 0.93;
const hasLessMemory = (gibibytes: number) => (facts: HostFacts) => facts.memory.total > 0 && facts.memory.total < gibibytes * GIB;

const isCarried = ({ formFactor }: HostFacts): boolean => formFactor === 'laptop' || formFactor === 'tablet';

/** Computes and shows nothing, or has more memory than any card with a screen. */
const isAccelerator = (gpu: GpuFacts): boolean => gpu.vendor !== 'other' && (gpu.computeOnly || (gpu.memory ?? 0) >= 60 * GIB);
/** The second GPU of a laptop has no screen either. */
const accelerators = (facts: HostFacts): number => (isCarried(facts) ? 0 : facts.gpus.filter(isAccelerator).length);

/** A graphics card: NVIDIA's always are, others where they have memory of their own (a share of main memory is less). */
const isGraphicsCard = ({ vendor, memory, computeOnly }: GpuFacts): boolean =>
  !computeOnly && (vendor === 'nvidia' || (memory ?? 0) >= 3 * GIB);
const hasGraphicsCard = ({ gpus }: HostFacts): boolean => gpus.some(isGraphicsCard);

const hasDesktop = ({ roles }: HostFacts): boolean => roles.desktop;
const hasNoDesktop = ({ roles }: HostFacts): boolean => !roles.desktop;
const runsContainers = ({ roles }: HostFacts): boolean => roles.containers.length > 0;
const EDITORS = new Set(['code', 'codium', 'nvim', 'emacs']);

const ai = (): ProfileRule[] => [
  { profile: 'ai', points: 75, says: 'It has an accelerator that only computes.', holds: (facts) => accelerators(facts) > 0 },
  { profile: 'ai', points: 25, says: 'It has four accelerators or more.', holds: (facts) => accelerators(facts) >= 4 },
];

const latency = (): ProfileRule[] => [
  {
    profile: 'latency',
    points: 80,
    says: 'Its kernel, its CPUs or a program are set up for real time.',
    holds: ({ roles }) => roles.realtime,
  },
];

const database = (): ProfileRule[] => [
  { profile: 'database', points: 75, says: 'A database server runs.', holds: ({ roles }) => roles.databases.length > 0 },
  { profile: 'database', points: -30, says: 'Containers run here: the database may be in one of them.', holds: runsContainers },
  { profile: 'database', points: -40, says: 'Somebody can sit in front of it: the database is for trying things out.', holds: hasDesktop },
];

const containerHost = (): ProfileRule[] => [
  { profile: 'container-host', points: 75, says: 'A container engine runs.', holds: runsContainers },
  {
    profile: 'container-host',
    points: 20,
    says: 'It is a node of Kubernetes.',
    holds: ({ roles }) => roles.containers.includes('kubelet'),
  },
  { profile: 'container-host', points: -40, says: 'Somebody can sit in front of it: containers are for development.', holds: hasDesktop },
];

const minimal = (): ProfileRule[] => [
  { profile: 'minimal', points: 50, says: 'It is a small computer on one board.', holds: ({ formFactor }) => formFactor === 'embedded' },
  { profile: 'minimal', points: 40, says: 'It has less than 2 GiB of memory.', holds: hasLessMemory(2) },
  { profile: 'minimal', points: 40, says: 'It has less than 1 GiB of memory.', holds: hasLessMemory(1) },
];

const laptop = (): ProfileRule[] => [
  { profile: 'laptop', points: 60, says: 'It is a laptop or a tablet.', holds: isCarried },
  { profile: 'laptop', points: 30, says: 'It can run from a battery.', holds: ({ battery }) => battery },
  { profile: 'laptop', points: 10, says: 'It runs from its battery now.', holds: ({ mains }) => mains === false },
];

const gaming = (): ProfileRule[] => [
  { profile: 'gaming', points: 60, says: 'A game launcher is installed or runs.', holds: ({ roles }) => roles.games.length > 0 },
  { profile: 'gaming', points: 20, says: 'It has a graphics card.', holds: (facts) => hasGraphicsCard(facts) && hasDesktop(facts) },
  { profile: 'gaming', points: -40, says: 'Nobody can sit in front of it to play.', holds: hasNoDesktop },
];

const pro = (): ProfileRule[] => [
  { profile: 'pro', points: 30, says: 'It has 64 GB of memory or more.', holds: hasMemory(64) },
  { profile: 'pro', points: 15, says: 'It has 128 GB of memory or more.', holds: hasMemory(128) },
  { profile: 'pro', points: 20, says: 'It has a graphics card.', holds: hasGraphicsCard },
  { profile: 'pro', points: 20, says: 'It has 16 cores or more.', holds: ({ cpu }) => (cpu.cores ?? 0) >= 16 },
  { profile: 'pro', points: -70, says: 'Nobody can sit in front of it to work.', holds: hasNoDesktop },
];

const developer = (): ProfileRule[] => [
  { profile: 'developer', points: 30, says: 'Somebody can sit in front of it.', holds: hasDesktop },
  {
    profile: 'developer',
    points: 30,
    says: 'Compilers and tools of developers are installed.',
    holds: ({ roles }) => roles.development.length > 1,
  },
  {
    profile: 'developer',
    points: 10,
    says: "A programmer's editor is installed.",
    holds: ({ roles }) => roles.development.some((name) => EDITORS.has(name)),
  },
  { profile: 'developer', points: -40, says: 'Nobody can sit in front of it to write programs.', holds: hasNoDesktop },
];

const virtualGuest = (): ProfileRule[] => [
  { profile: 'virtual-guest', points: 60, says: 'It is a virtual machine.', holds: ({ hypervisor }) => hypervisor !== null },
  {
    profile: 'virtual-guest',
    points: 100,
    says: 'It is a container: the kernel is of the machine outside.',
    holds: ({ container }) => container !== null,
  },
];

const server = (): ProfileRule[] => [
  { profile: 'server', points: 25, says: 'It is built as a server.', holds: ({ formFactor }) => formFactor === 'server' },
  { profile: 'server', points: 20, says: 'A server for others runs.', holds: ({ roles }) => roles.servers.length > 0 },
  { profile: 'server', points: 20, says: 'Virtual machines run on it.', holds: ({ roles }) => roles.virtualMachines && !roles.desktop },
  { profile: 'server', points: 15, says: 'Nobody can sit in front of it.', holds: hasNoDesktop },
  { profile: 'server', points: 5, says: 'It has more than one processor.', holds: ({ cpu }) => (cpu.sockets ?? 1) > 1 },
  {
    profile: 'server',
    points: 5,
    says: 'It has a network of 10 Gbit/s or more.',
    holds: ({ nics }) => nics.some(({ virtual, speed }) => !virtual && (speed ?? 0) >= 1e10),
  },
];

/** All rules, profile by profile. A profile's score is the sum of the points of those that hold. */
export const PROFILE_RULES: readonly ProfileRule[] = [
  ...ai(),
  ...latency(),
  ...database(),
  ...containerHost(),
  ...minimal(),
  ...laptop(),
  ...gaming(),
  ...pro(),
  ...developer(),
  ...virtualGuest(),
  ...server(),
];
