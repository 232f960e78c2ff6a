import { HecateError } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import type { UnitAction } from '../action.ts';
import type { ActionHandler } from '../handler.ts';
import { needPrograms } from './program.ts';
import { expectProperties } from './raw-action.ts';
import { flagOf, wordOf } from './raw-values.ts';
import { readJob, reachJob } from './unit/launchd.ts';
import { readUnit, refuseFileState } from './unit/unit-state.ts';
import type { UnitState } from './unit/unit-state.ts';
import { systemctl } from './unit/systemctl.ts';

/** Name and ending of a unit (systemd.unit(5)), or of the file of a job of launchd. A template without its instance is none that runs. */
const NAME = /^(?!-)[\w:.\\-]+(?:@[\w:.\\-]+)?\.(?:service|socket|timer|target|path|mount|automount|swap|slice|device|plist)$/;
const ASPECTS = ['active', 'enabled', 'masked'] as const;

/** Units of systemd, by systemctl(1); on macOS jobs of launchd, by launchctl(1), which cannot be masked. Whether a unit is enabled or masked outlives a reboot; whether it runs follows from that. */
export const unit: ActionHandler<UnitAction> = {
  kind: 'unit',
  persists: true,
  parse(raw) {
    expectProperties(raw, 'unit', ['unit'], [...ASPECTS, 'made']);
    const name = wordOf(raw, 'unit', 'unit', NAME, 'the name of a unit with its ending, such as irqbalance.service');
    if (name.length > 255) throw new HecateError('INVALID', 'The name of a unit has at most 255 characters.');
    const asked = Object.fromEntries(
      ASPECTS.map((aspect) => [aspect, flagOf(raw, aspect, 'unit')] as const).filter(([, flag]) => flag !== undefined),
    );
    if (Object.keys(asked).length === 0)
      throw new HecateError('INVALID', `The change of ${name} says neither active nor enabled nor masked.`);
    if ('enabled' in asked && 'masked' in asked) {
      throw new HecateError('INVALID', `${name} cannot be enabled or disabled and masked or unmasked in one change.`, {
        hint: 'systemd does not say whether a masked unit is enabled.',
      });
    }
    if (isJob(name) && 'masked' in asked) throw new HecateError('INVALID', `${name} cannot be masked: launchd knows no such thing.`);
    if (asked['active'] && asked['masked']) throw new HecateError('INVALID', `${name} cannot be started while it is masked.`);
    const made = flagOf(raw, 'made', 'unit');
    return { kind: 'unit', unit: name, ...asked, ...(made ? { made } : {}) };
  },
  target: ({ unit: name }) => name,
  describe: ({ unit: name }) => `unit ${name}`,
  sideEffect({ unit: name, active, enabled }) {
    if (active !== undefined) return `systemd ${active ? `starts what ${name} requires` : `stops what requires ${name}`} as well.`;
    return enabled === undefined ? null : `Units that ${name} names in Also= are ${enabled ? 'enabled' : 'disabled'} with it.`;
  },
  current: async (host, action) => pick(await readState(host, action), action),
  async wanted(action, was, host) {
    const now = was as Partial<UnitState>;
    if (isJob(action.unit) || action.made) return pick(action, action);
    if (action.enabled !== undefined && action.enabled !== now.enabled) await refuseFileState(host, action.unit);
    return pick(action, action);
  },
  async check(host, action, was) {
    if (isJob(action.unit) !== (host.platform === 'darwin')) {
      throw new HecateError('UNSUPPORTED', `${action.unit} is no unit of this operating system.`, {
        hint: 'Files of jobs (.plist) are for launchd on macOS, everything else is for systemd.',
      });
    }
    needPrograms(host, isJob(action.unit) ? 'launchctl' : 'systemctl');
    if (process.geteuid?.() !== 0)
      throw new HecateError('DENIED', `Only root may change the unit ${action.unit}.`, { hint: 'Run it with sudo.' });
    if (isJob(action.unit) || action.made || !action.active || (was as Partial<UnitState>).active) return;
    const { masked } = await readState(host, action);
    if (masked && action.masked !== false) throw new HecateError('CONFLICT', `${action.unit} is masked: it cannot be started.`);
  },
  apply: (host, action) => reach(host, action.unit, pick(action, action)),
  restore: (host, action, was) => reach(host, action.unit, was as Partial<UnitState>),
  // Where an aspect was not to be changed, another value than before is of somebody else.
  isOurs(now, wanted, was) {
    const [is, want, before] = [now, wanted, was] as Partial<UnitState>[];
    return ASPECTS.every((aspect) => is![aspect] === want![aspect] || is![aspect] === before![aspect]);
  },
};

/** Those aspects of a state that an action is about, always in one order. */
function pick(state: Partial<UnitState>, action: UnitAction): Partial<UnitState> {
  return Object.fromEntries(ASPECTS.filter((aspect) => action[aspect] !== undefined).map((aspect) => [aspect, state[aspect]]));
}

const isJob = (name: string): boolean => name.endsWith('.plist');

/** How it is; one whose file is still to come is not started and not enabled. Throws UNAVAILABLE where there is none. */
async function readState(host: WritableHost, { unit: name, made }: Pick<UnitAction, 'unit' | 'made'>): Promise<UnitState> {
  const state = await (isJob(name) ? readJob(host, name) : readUnit(host, name));
  if (state) return state;
  if (made) return { active: false, enabled: false, masked: false };
  throw new HecateError('UNAVAILABLE', `There is no ${isJob(name) ? 'job' : 'unit'} ${name} on this machine.`);
}

/** Brings a unit to a state: what forbids running goes first, or comes last. */
async function reach(host: WritableHost, name: string, wanted: Partial<UnitState>): Promise<void> {
  const now = await readState(host, { unit: name });
  if (isJob(name)) return reachJob(host, name, now, wanted);
  const differs = (aspect: keyof UnitState): boolean => wanted[aspect] !== undefined && wanted[aspect] !== now[aspect];
  if (differs('masked') && !wanted.masked) await systemctl(host, 'unmask', name);
  if (differs('enabled')) await systemctl(host, wanted.enabled ? 'enable' : 'disable', name);
  if (differs('active')) await systemctl(host, wanted.active ? 'start' : 'stop', name);
  if (differs('masked') && wanted.masked) await systemctl(host, 'mask', name);
}
