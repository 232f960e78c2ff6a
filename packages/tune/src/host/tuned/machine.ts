import type { Host } from '@hecate/host';
import { createLook } from '../detect/look.ts';
import type { Look } from '../detect/look.ts';
import type { HostFacts } from '../facts.ts';

/** The machine that a profile of tuned is imported for: tuned decides much of it only when it is applied. */
export interface TunedMachine {
  readonly host: Host;
  readonly look: Look;
  readonly facts: HostFacts;
}

/** A machine to import for. */
export const createTunedMachine = (host: Host, facts: HostFacts): TunedMachine => ({ host, facts, look: createLook(host) });

/** What `uname_regex` is compared with: the words of uname(2). */
export function unameText({ look, facts }: TunedMachine): string {
  const version = look.text('/proc/sys/kernel/version');
  return ['Linux', facts.hostname, facts.kernel.release, version, facts.kernel.machine].map((word) => word ?? '').join(' ');
}

/** What `cpuinfo_regex` is compared with. */
export function cpuinfoText({ host, look }: TunedMachine): string {
  return look.text('/proc/cpuinfo') === null ? '' : host.readText('/proc/cpuinfo');
}
