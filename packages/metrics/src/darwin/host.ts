import type { Clock } from '@hecate/host';
import { hostGroups } from '../domain/host.ts';
import type { HostReading } from '../domain/host.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import type { Darwin } from './binding/darwin.ts';
import { readBootTime } from './boot-time.ts';
import { withPrograms } from './fallback.ts';
import { sysctlInteger, sysctlText } from './libsystem/sysctl.ts';
import { macosRelease } from './macos-release.ts';
import { ask, lacks, openReader } from './reader.ts';
import { hostTier } from './text/tiers.ts';

function readHost(darwin: Darwin, clock: Clock, gaps: GapSink): HostReading {
  const say = (field: string, name: string): string | null => ask(gaps, `host.${field}`, () => sysctlText(darwin, name));
  const version = say('osVersion', 'kern.osproductversion');
  const os = macosRelease(version, say('os.buildId', 'kern.osversion'));
  lacks(gaps, ['host.domain'], 'macOS has no NIS domain.');
  return {
    hostname: say('hostname', 'kern.hostname'),
    system: 'Darwin',
    release: say('release', 'kern.osrelease'),
    version: say('version', 'kern.version'),
    machine: say('machine', 'hw.machine'),
    domain: null,
    osName: os.prettyName,
    osId: os.id,
    osVersion: version,
    os,
    bootId: say('bootId', 'kern.bootsessionuuid'),
    uptime: ask(gaps, 'host.uptime', () => Math.max(0, clock.now() - readBootTime(darwin))),
    cpuModel: say('cpuModel', 'machdep.cpu.brand_string'),
    cpuCount: ask(gaps, 'host.cpuCount', () => sysctlInteger(darwin, 'hw.logicalcpu')),
  };
}

/** Names of the machine, its kernel, its operating system and its processor. */
export const host: Collector<'host', HostReading> = {
  name: 'host',
  lane: 'slow',
  sources: ['sysctl kern, hw and machdep', 'else sysctl(8)'],
  remedy: 'Nothing is known to help; tell us with the output of hecate doctor.',
  groups: hostGroups,
  open: (machine) =>
    withPrograms(
      machine,
      openReader(
        machine,
        (darwin, { clock }) =>
          (gaps) =>
            readHost(darwin, clock, gaps),
      ),
      hostTier,
    ),
};
