import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';
import type { RateField } from '../model/rate-field.ts';
import { counterRate } from './cpu.ts';

/** One unit of systemd: what its manager says of it, and what its control group uses. */
export interface UnitReading {
  /** `ssh.service`. */
  readonly name: string;
  /** Kind of service: `simple`, `notify`, `oneshot`; null for other units, and where systemd was not asked. */
  readonly type: string | null;
  /** `loaded`, `not-found`, `masked`, …; this and the two below are null where systemd cannot be asked. */
  readonly load: string | null;
  /** `active`, `inactive`, `failed`, `activating`, `deactivating`, `reloading`, … */
  readonly active: string | null;
  /** Depends on the kind of unit: `running`, `exited`, `listening`. */
  readonly sub: string | null;
  /** Times that a service was started again by itself; null for other units. */
  readonly restarts: number | null;
  /** When a timer last fired, seconds since the epoch; null for other units, and when it never did. */
  readonly lastTrigger: number | null;
  /** Connections that a socket took; this and the two below are null for other units. */
  readonly accepted: number | null;
  /** Connections that it has now. */
  readonly connections: number | null;
  readonly refused: number | null;
  /** Path of its control group; null for units without one (timers, targets, what does not run). */
  readonly path: string | null;
  /** Seconds of processor time; this and the figures below are null without a control group, or where accounting is off. */
  readonly cpuUsage: number | null;
  /** Bytes, file pages included. */
  readonly memoryUsage: number | null;
  /** Bytes without file pages that are not in active use. */
  readonly workingSet: number | null;
  /** Processes that were killed for lack of memory. */
  readonly oomKills: number | null;
  /** Processes and threads. */
  readonly tasks: number | null;
}

/** The units of systemd, the service manager. */
export interface UnitsReading {
  /** `running`, `degraded` (units failed), `starting`, `maintenance`, …; null where systemd cannot be asked. */
  readonly systemState: string | null;
  /** `252.39-1~deb12u1`. */
  readonly version: string | null;
  readonly units: readonly UnitReading[];
}

/** Rates of one unit. */
export interface UnitRates {
  readonly name: string;
  /** Processors in use on average. */
  readonly cpuCores: number | null;
}

/** Rates of the units that have a control group in both readings. */
export function unitsRates(before: UnitsReading, after: UnitsReading, elapsed: number): readonly UnitRates[] {
  const earlier = new Map(before.units.map((unit) => [unit.name, unit]));
  return after.units.flatMap((unit) => {
    const was = earlier.get(unit.name);
    if (!was || unit.cpuUsage === null || was.path !== unit.path) return [];
    return [{ name: unit.name, cpuCores: counterRate(was.cpuUsage, unit.cpuUsage, elapsed) }];
  });
}

/** Fields of {@link UnitRates}. */
export const unitsRateFields = (): readonly RateField[] => [
  {
    path: '[].cpuCores',
    unit: 'count',
    formula: 'Δ cpuUsage / elapsed: processors in use',
    nullWhen: 'the counter went back; units without a control group are left out',
  },
];

/** The states that node_exporter counts and publishes. */
export const UNIT_STATES = ['activating', 'active', 'deactivating', 'failed', 'inactive'] as const;

/** How many units are in each of {@link UNIT_STATES}; null where systemd cannot be asked. */
export function countUnits(reading: UnitsReading): Readonly<Record<string, number>> | null {
  if (reading.systemState === null && reading.units.every(({ active }) => active === null)) return null;
  const counts: Record<string, number> = Object.fromEntries(UNIT_STATES.map((state) => [state, 0]));
  for (const { active } of reading.units) if (active !== null && active in counts) counts[active]!++;
  return counts;
}

/** Kinds of units that node_exporter leaves out by default. */
const UNPUBLISHED = /\.(?:automount|device|mount|scope|slice)$/;

interface StateRow {
  readonly name: string;
  readonly state: string;
  readonly type: string;
  readonly is: number;
}

function* stateRows({ units }: UnitsReading): Generator<StateRow> {
  for (const { name, type, load, active } of units) {
    if (load !== 'loaded' || UNPUBLISHED.test(name)) continue;
    for (const state of UNIT_STATES) yield { name, state, type: type ?? '', is: Number(active === state) };
  }
}

const NO_MANAGER = 'systemd cannot be asked';
const NO_GROUP = 'it has no control group, or the controller is not enabled';
const said = (key: 'type' | 'load' | 'active' | 'sub', help: string, nullWhen: string = NO_MANAGER): Field<UnitReading> => ({
  key,
  kind: 'info',
  unit: 'none',
  help,
  nullWhen,
});
const asked = (
  key: keyof UnitReading & string,
  kind: 'counter' | 'gauge',
  unit: Field<UnitReading>['unit'],
  name: string,
  help: string,
): Field<UnitReading> => ({
  key,
  kind,
  unit,
  help,
  nullWhen: 'its kind has no such thing, or systemd cannot be asked',
  prometheus: { name: `node_systemd_${name}` },
});
const used = (
  key: keyof UnitReading & string,
  kind: 'counter' | 'gauge',
  unit: Field<UnitReading>['unit'],
  name: string,
  help: string,
): Field<UnitReading> => ({ key, kind, unit, help, nullWhen: NO_GROUP, prometheus: { name: `hecate_unit_${name}` } });

/** Fields of the `units` collector. */
export const unitGroups = (): readonly Group<UnitsReading>[] => [
  group<UnitsReading, UnitsReading>({
    name: 'units',
    source: 'systemd over D-Bus',
    rows: (reading) => [reading],
    fields: [
      {
        key: 'systemState',
        kind: 'info',
        unit: 'none',
        help: 'State of the system as systemd sees it: running, degraded, and others.',
        nullWhen: NO_MANAGER,
        prometheus: {
          name: 'node_systemd_system_running',
          help: 'Whether the system is operational: all units run that should.',
          value: ({ systemState }) => (systemState === null ? null : Number(systemState === 'running')),
        },
      },
      {
        key: 'version',
        kind: 'info',
        unit: 'none',
        help: 'Version of systemd.',
        nullWhen: NO_MANAGER,
        prometheus: {
          name: 'node_systemd_version',
          properties: { version: 'version' },
          value: ({ version }) => {
            const number = /\d{3,9}(?:\.\d{1,9})?/.exec(version ?? '')?.[0];
            return number === undefined ? null : Number(number);
          },
        },
      },
    ],
  }),
  group<UnitsReading, { readonly state: string; readonly count: number }>({
    name: 'units.counts',
    json: null,
    source: 'systemd over D-Bus',
    rows: (reading) => Object.entries(countUnits(reading) ?? {}).map(([state, count]) => ({ state, count })),
    labels: { state: 'state' },
    fields: [{ key: 'count', kind: 'gauge', unit: 'count', help: 'Units in this state.', prometheus: { name: 'node_systemd_units' } }],
  }),
  group<UnitsReading, UnitReading>({
    name: 'units.units',
    source: 'the control groups of units, systemd over D-Bus',
    rows: (reading) => reading.units,
    labels: { name: 'name' },
    fields: [
      said('type', 'Kind of service.', 'it is no service, or systemd cannot be asked'),
      said('load', 'Whether its files were read: loaded, not-found, masked.'),
      said('active', 'Its state in the words that all units share.'),
      said('sub', 'Its state in the words of its kind.'),
      asked('restarts', 'counter', 'count', 'service_restart_total', 'Times that the service was started again by itself.'),
      asked('lastTrigger', 'gauge', 'seconds', 'timer_last_trigger_seconds', 'When the timer last fired, since the epoch.'),
      asked('accepted', 'counter', 'count', 'socket_accepted_connections_total', 'Connections that the socket took.'),
      asked('connections', 'gauge', 'count', 'socket_current_connections', 'Connections that the socket has now.'),
      asked('refused', 'counter', 'count', 'socket_refused_connections_total', 'Connections that the socket refused.'),
      { key: 'path', kind: 'info', unit: 'none', help: 'Path of its control group.', nullWhen: 'it has none' },
      used('cpuUsage', 'counter', 'seconds', 'cpu_usage_seconds_total', 'Processor time of the unit.'),
      used('memoryUsage', 'gauge', 'bytes', 'memory_usage_bytes', 'Memory of the unit, file pages included.'),
      used('workingSet', 'gauge', 'bytes', 'memory_working_set_bytes', 'Memory of the unit without inactive file pages.'),
      used('oomKills', 'counter', 'count', 'oom_kills_total', 'Processes of the unit that were killed for lack of memory.'),
      used('tasks', 'gauge', 'count', 'tasks', 'Processes and threads of the unit.'),
    ],
  }),
  group<UnitsReading, StateRow>({
    name: 'units.states',
    json: null,
    source: 'systemd over D-Bus',
    rows: stateRows,
    labels: { name: 'name', state: 'state', type: 'type' },
    fields: [
      {
        key: 'is',
        kind: 'gauge',
        unit: 'none',
        help: 'Whether the unit is in this state; loaded units other than devices, mounts, scopes and slices.',
        prometheus: { name: 'node_systemd_unit_state' },
      },
    ],
  }),
];
