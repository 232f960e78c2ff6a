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

/** A process of a machine, as far as it can be known as a rival. */
export interface RunningProcess {
  readonly pid: number;
  /** Of Linux as the kernel has it, cut at 15 bytes; of macOS whole. */
  readonly name: string;
}

interface Kind {
  readonly name: string;
  /** What its process is called; of Linux 15 bytes at most. */
  readonly process: string | null;
  /** A path that is there while it is at work, for those without a process. */
  readonly mark?: string;
  readonly writes: (action: Action) => boolean;
  /** How it is stopped, as the beginning of a sentence. */
  readonly stop: string;
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

const isFan = ({ kind }: Action): boolean => kind === 'fan';
const stopUnit = (name: string): string => `Stop it (systemctl disable --now ${name})`;

/** Each of them writes the duty of fans every few seconds, as its own documentation says. */
const FAN_PROGRAMS: readonly string[] = ['fancontrol', 'thinkfan', 'fan2go', 'coolercontrold', 'nbfc_service', 'mbpfan', 'i8kmon'];

/** What each one sets is read from its own documentation: tuned-profiles(7), tlp.conf, power-profiles-daemon's README, irqbalance(1). */
const LINUX: readonly Kind[] = [
  { name: 'tuned', process: 'tuned', stop: stopUnit('tuned'), writes: ({ kind }) => kind === 'sysctl' || kind === 'sysfs' },
  { name: 'power-profiles-daemon', process: 'power-profiles-', stop: stopUnit('power-profiles-daemon'), writes: isFrequency },
  { name: 'auto-cpufreq', process: 'auto-cpufreq', stop: stopUnit('auto-cpufreq'), writes: isFrequency },
  { name: 'TLP', process: null, mark: '/run/tlp/lock_tlp', stop: stopUnit('tlp'), writes: isPowerSaving },
  { name: 'irqbalance', process: 'irqbalance', stop: stopUnit('irqbalance'), writes: (action) => pathOf(action).startsWith('/proc/irq/') },
  {
    name: 'thermald',
    process: 'thermald',
    stop: stopUnit('thermald'),
    writes: (action) => /no_turbo|max_perf_pct|intel-rapl/.test(pathOf(action)),
  },
  {
    name: 'GameMode',
    process: 'gamemoded',
    stop: stopUnit('gamemoded'),
    writes: (action) => /scaling_governor|\/power_dpm/.test(pathOf(action)),
  },
  ...FAN_PROGRAMS.map((process): Kind => ({ name: process, process, stop: stopUnit(process), writes: isFan })),
];

/**
 * What sets the fans of a Mac, by the processes that decide: a helper that runs as root stays when its program ends. Named as their
 * bundles and the uninstall rules of Homebrew's casks name them; Stats' helper runs while Stats is connected to it, and only where its
 * user let it set fans (SMC/Helper/main.swift). Not here: iStat Menus, of whose process that sets fans no source tells the name; Fanny,
 * which only looks.
 */
const MAC: readonly Kind[] = [
  { name: 'Macs Fan Control', process: 'Macs Fan Control', stop: 'Quit it', writes: isFan },
  { name: 'TG Pro', process: 'TG Pro', stop: 'Quit it', writes: isFan },
  { name: 'smcFanControl', process: 'smcFanControl', stop: 'Quit it', writes: isFan },
  { name: 'Stats', process: 'eu.exelban.Stats.SMC.Helper', stop: 'Quit it, or uninstall its fan helper', writes: isFan },
];

const KINDS: Partial<Record<NodeJS.Platform, readonly Kind[]>> = { linux: LINUX, darwin: MAC };

/**
 * The programs that are at work on a machine now and set things that we could set. Where processes are hidden, those are not found.
 * `processes` are those of the machine; by default what /proc tells, which only Linux has.
 */
export function findRivals(host: Host, processes: Iterable<RunningProcess> = processesOf(host)): Rival[] {
  const kinds = KINDS[host.platform] ?? [];
  const wanted = new Map(kinds.flatMap((kind) => (kind.process === null ? [] : [[kind.process, kind] as const])));
  const found: Rival[] = [];
  const add = ({ name, stop, writes }: Kind, pid: number | null): void => {
    if (found.some((rival) => rival.name === name)) return;
    found.push({ name, pid, writes, hint: `${stop}, or leave these settings to it.` });
  };
  for (const { pid, name } of processes) {
    const kind = wanted.get(name);
    if (kind) add(kind, pid);
  }
  for (const kind of kinds) if (kind.mark !== undefined && isThere(host, kind.mark)) add(kind, null);
  return found;
}

function* processesOf(host: Host): Generator<RunningProcess> {
  if (host.platform !== 'linux') return;
  for (const entry of host.list('/proc'))
    if (/^\d+$/.test(entry)) yield { pid: Number(entry), name: textOrNone(host, `/proc/${entry}/comm`).trimEnd() };
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
