import type { ProcessorReading } from '@hecate/metrics';
import type { RoleFacts } from '../facts.ts';
import type { Look } from './look.ts';
import { CONTAINER_ENGINES, DATABASES, DEVELOPMENT, DISPLAYS, GAMES, pick, REALTIME, SERVERS } from './programs.ts';

/** Where programs are installed for everybody. */
const PROGRAMS = ['/usr/bin', '/usr/local/bin', '/usr/games', '/snap/bin'];

/** Where desktops say that people can log in to them. */
const SESSIONS = ['/usr/share/wayland-sessions', '/usr/share/xsessions'];

/** Steam as a Flatpak. */
const FLATPAKS = '/var/lib/flatpak/app';

/**
 * The names of all processes. One file each: the table of processes reads five, and takes 23 ms where this takes 2.
 * The name in `comm` is what a thread says of itself, so it is only ever compared.
 */
function runningPrograms(look: Look): Set<string> {
  const running = new Set<string>();
  for (const pid of look.names('/proc', /^\d{1,10}$/)) {
    const name = look.text(`/proc/${pid}/comm`) ?? /\((.*)\)/.exec(look.text(`/proc/${pid}/stat`) ?? '')?.[1];
    if (name) running.add(name);
  }
  return running;
}

/** Whether the kernel is built with PREEMPT_RT: kernels with the patch have a file for it, those with it built in say so in their version. */
function isRealtimeKernel(look: Look): boolean {
  return look.number('/sys/kernel/realtime') === 1 || /\bPREEMPT_RT\b/.test(look.text('/proc/sys/kernel/version') ?? '');
}

/** What the machine is used for, as far as its processes and files tell. */
export function readRoles(look: Look, processor: ProcessorReading | null): RoleFacts {
  const running = runningPrograms(look);
  const installed = new Set(PROGRAMS.flatMap((directory) => look.names(directory, /./)));
  const games = new Set([...running, ...Object.keys(GAMES).filter((name) => installed.has(name))]);
  if (look.names(FLATPAKS, /^com\.valvesoftware\.Steam$/).length > 0) games.add('steam');
  return {
    containers: pick(CONTAINER_ENGINES, running),
    databases: pick(DATABASES, running),
    servers: pick(SERVERS, running),
    virtualMachines: running.has('libvirtd') || running.has('virtqemud') || [...running].some(isQemu),
    desktop: pick(DISPLAYS, running).length > 0 || SESSIONS.some((directory) => look.names(directory, /\.desktop$/).length > 0),
    games: pick(GAMES, games),
    development: pick(DEVELOPMENT, installed),
    realtime: isRealtimeKernel(look) || pick(REALTIME, running).length > 0 || (processor?.isolated.length ?? 0) > 0,
  };
}

/** QEMU under its own name, Red Hat's, or that of Proxmox; the kernel keeps 15 bytes of it. */
const isQemu = (name: string): boolean => name.startsWith('qemu-system-') || name === 'qemu-kvm' || name === 'kvm';
