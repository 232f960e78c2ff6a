import type { Change, Plan } from '@hecate/change';
import { HecateError } from '@hecate/host';
import { JOB, JOB_PATH, launchdPlist } from './launchd-plist.ts';
import type { ServiceSpec } from './service-spec.ts';
import { systemdUnit, UNIT, UNIT_PATH } from './systemd-unit.ts';

/** How a kind of service manager is told of a service. */
export interface ServiceManager {
  /** What the manager calls it. */
  readonly unit: string;
  /** The file that describes it. */
  readonly path: string;
  /** That file's text. */
  readonly encode: (spec: ServiceSpec) => string;
}

/** The service manager of an operating system. Throws UNSUPPORTED where we know none. */
export function serviceManagerOf(platform: NodeJS.Platform): ServiceManager {
  if (platform === 'linux') return { unit: UNIT, path: UNIT_PATH, encode: systemdUnit };
  if (platform === 'darwin') return { unit: `${JOB}.plist`, path: JOB_PATH, encode: launchdPlist };
  throw new HecateError('UNSUPPORTED', `Services of ${platform} are not known.`, { hint: 'They are on Linux with systemd, and on macOS.' });
}

/** The component whose changes are services. */
export const COMPONENT = 'service';

/** Installs a service: its file, then that it runs, now and after each boot. Undone in the reverse order. */
export function servicePlan({ unit, path, encode }: ServiceManager, spec: ServiceSpec): Plan {
  const change = (action: Change['action'], why: string): Change => ({ action, why, source: 'docs/service.md', risk: 'live' });
  return {
    component: COMPONENT,
    title: `service ${spec.command.slice(2).join(' ')}`,
    changes: [
      change({ kind: 'file', path, content: encode(spec), mode: 0o644 }, 'Tells the service manager how the daemon is started.'),
      change({ kind: 'unit', unit, enabled: true, active: true, made: true }, 'Starts the daemon now, and at each boot.'),
    ],
  };
}
