import { setTimeout as sleep } from 'node:timers/promises';
import { HecateError } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import { showUnit } from './systemctl.ts';

/** How a unit is. */
export type UnitState = {
  /** It runs, or is in force. */
  readonly active: boolean;
  /** It is started at a boot, or when what it is for happens. Not known while it is masked: false. */
  readonly enabled: boolean;
  /** It cannot be started, by nobody. */
  readonly masked: boolean;
};

/** Where systemd runs as the manager of the system: sd_booted(3). */
const BOOTED = '/run/systemd/system';
/** Seconds for a unit that is starting or stopping to settle, and between two looks. */
const PATIENCE = 30;
const STEP = 0.2;

/**
 * How a unit is, once it stands still; null where there is no such unit. Throws UNAVAILABLE where systemd does not run,
 * CONFLICT when the unit does not stop changing.
 */
export async function readUnit(host: WritableHost, name: string): Promise<UnitState | null> {
  if (host.status(BOOTED) === null) throw new HecateError('UNAVAILABLE', 'systemd does not run on this machine.');
  for (let waited = 0; ; waited += STEP) {
    const names = ['LoadState', 'ActiveState', 'SubState', 'UnitFileState'];
    const properties = await showUnit(host, name, ...names);
    const [load, active, sub, file] = names.map((property) => properties.get(property) ?? '');
    // It ended by itself, and systemd starts it again and again: that never stands still.
    const retried = sub === 'auto-restart';
    if (load === 'not-found') return null;
    // The words of UnitActiveState, unit-def.c of systemd: the other ones stay as they are.
    if (retried || !/^(?:activating|deactivating|maintenance)$/.test(active!)) {
      return {
        active: retried || active === 'active' || active === 'reloading' || active === 'refreshing',
        enabled: file === 'enabled' || file === 'enabled-runtime',
        masked: load === 'masked',
      };
    }
    if (waited >= PATIENCE)
      throw new HecateError('CONFLICT', `${name} has been ${active} for ${PATIENCE} s.`, { hint: 'Try again when it stands still.' });
    await sleep(STEP * 1000);
  }
}

const WHY_NOT: Readonly<Record<string, string>> = {
  static: 'has nothing that says when it is started, so it can be neither enabled nor disabled',
  indirect: 'is enabled through another unit only',
  generated: 'was made by a generator, so it can be neither enabled nor disabled',
  transient: 'was made by a program, and is gone after a boot',
  alias: 'is another name of a unit: use its own name',
  linked: 'lies outside of the directories of systemd: disabling it would lose it',
  'linked-runtime': 'lies outside of the directories of systemd: disabling it would lose it',
  'enabled-runtime': 'is enabled until the next boot only, which could not be brought back',
  masked: 'is masked',
  'masked-runtime': 'is masked',
  bad: 'has a file that systemd cannot read',
};

/** Throws INVALID for a unit that cannot be enabled and disabled, and back (UnitFileState of systemctl(1), is-enabled). */
export async function refuseFileState(host: WritableHost, name: string): Promise<void> {
  const state = (await showUnit(host, name, 'UnitFileState')).get('UnitFileState') ?? '';
  if (state === 'enabled' || state === 'disabled') return;
  throw new HecateError('INVALID', `${name} ${WHY_NOT[state] ?? 'has no file that could be enabled'}.`);
}
