import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { Action } from '../action.ts';
import { textOrNone } from './quiet-read.ts';

/** A program that sets the same things on its own account. */
export interface Rival {
  /** As its users call it. */
  readonly name: string;
  /** Its process; null where it leaves a mark and no process (TLP). */
  readonly pid: number | null;
  /** Whether it writes to what an action writes to. */
  readonly writes: (action: Action) => boolean;
  /** How to make it stop. */
  readonly hint: string;
}

interface Kind {
  readonly name: string;
  /** What the kernel calls its process: 15 bytes at most. */
  readonly process: string | null;
  /** A path that is there while it is at work, for those without a process. */
  readonly mark?: string;
  readonly writes: (action: Action) => boolean;
  readonly unit: string;
}

const pathOf = (action: Action): string => (action.kind === 'sysfs' ? action.path : '');
const isFrequency = (action: Action): boolean =>
  /\/cpufreq\/|\/intel_pstate\/|\/amd_pstate\/|energy_perf_bias|platform_profile/.test(pathOf(action));
const isPowerSaving = (action: Action): boolean =>
  isFrequency(action) ||
  /\/power\/control$|\/power_save$|link_power_management_policy|aspm\/parameters\/policy|dirty_writeback|laptop_mode/.test(
    pathOf(action) || keyOf(action),
  );
const keyOf = (action: Action): string => (action.kind === 'sysctl' ? action.key : '');

/** Each of them writes the duty of fans every few seconds, as its own documentation says. */
const FAN_PROGRAMS: readonly string[] = ['fancontrol', 'thinkfan', 'fan2go', 'coolercontrold', 'nbfc_service', 'mbpfan', 'i8kmon'];

/** What each one sets is read from its own documentation: tuned-profiles(7), tlp.conf, power-profiles-daemon's README, irqbalance(1). */
const KINDS: readonly Kind[] = [
  { name: 'tuned', process: 'tuned', unit: 'tuned', writes: ({ kind }) => kind === 'sysctl' || kind === 'sysfs' },
  { name: 'power-profiles-daemon', process: 'power-profiles-', unit: 'power-profiles-daemon', writes: isFrequency },
  { name: 'auto-cpufreq', process: 'auto-cpufreq', unit: 'auto-cpufreq', writes: isFrequency },
  { name: 'TLP', process: null, mark: '/run/tlp/lock_tlp', unit: 'tlp', writes: isPowerSaving },
  { name: 'irqbalance', process: 'irqbalance', unit: 'irqbalance', writes: (action) => pathOf(action).startsWith('/proc/irq/') },
  { name: 'thermald', process: 'thermald', unit: 'thermald', writes: (action) => /no_turbo|max_perf_pct|intel-rapl/.test(pathOf(action)) },
  { name: 'GameMode', process: 'gamemoded', unit: 'gamemoded', writes: (action) => /scaling_governor|\/power_dpm/.test(pathOf(action)) },
  ...FAN_PROGRAMS.map((process): Kind => ({ name: process, process, unit: process, writes: ({ kind }) => kind === 'fan' })),
];

/** The programs that are at work on a machine now and set things that we could set. Where processes are hidden, those are not found. */
export function findRivals(host: Host): Rival[] {
  const wanted = new Map(KINDS.flatMap((kind) => (kind.process === null ? [] : [[kind.process, kind] as const])));
  const found: Rival[] = [];
  const add = ({ name, unit, writes }: Kind, pid: number | null): void => {
    if (found.some((rival) => rival.name === name)) return;
    found.push({ name, pid, writes, hint: `Stop it (systemctl disable --now ${unit}), or leave these settings to it.` });
  };
  // Another system has no /proc, and none of these programs.
  for (const entry of host.platform === 'linux' ? host.list('/proc') : []) {
    if (!/^\d+$/.test(entry)) continue;
    const kind = wanted.get(textOrNone(host, `/proc/${entry}/comm`).trimEnd());
    if (kind) add(kind, Number(entry));
  }
  for (const kind of KINDS) if (kind.mark !== undefined && isThere(host, kind.mark)) add(kind, null);
  return found;
}

function isThere(host: Host, path: string): boolean {
  try {
    host.resolve(path);
    host.readText(path);
    return true;
  } catch (error) {
    // Directories answer EISDIR: they are there.
    if (errnoOf(error) === undefined) throw error;
    return errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR';
  }
}
