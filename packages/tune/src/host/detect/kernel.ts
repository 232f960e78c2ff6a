import type { HostReading } from '@hecate/metrics';
import type { KernelFacts } from '../facts.ts';
import { parseChoice } from './choice.ts';
import type { Look } from './look.ts';

/** `6.12.57+deb13-amd64` is 6.12; text that is no release is 0.0. */
export function parseVersion(release: string): readonly [major: number, minor: number] {
  const [, major, minor] = /^(\d{1,4})\.(\d{1,4})/.exec(release) ?? [];
  return major === undefined ? [0, 0] : [Number(major), Number(minor)];
}

/** The kernel and what can be chosen in it. */
export function readKernel(look: Look, reading: HostReading | null): KernelFacts {
  const release = reading?.release ?? '';
  return {
    release,
    version: parseVersion(release),
    // A file since Linux 6.1; uname(2) before.
    machine: look.text('/proc/sys/kernel/arch') || (reading?.machine ?? null),
    congestionControls: look.words('/proc/sys/net/ipv4/tcp_available_congestion_control'),
    hugepageModes: parseChoice(look.words('/sys/kernel/mm/transparent_hugepage/enabled')).all,
  };
}
