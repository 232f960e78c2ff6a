import type { Host } from '@hecate/host';
import type { FrequencyClock, FrequencyPolicy } from '../../domain/frequency.ts';
import type { Sliced } from '../../model/collector.ts';
import type { GapSink } from '../../model/gap.ts';
import { listPolicies, readCurrent, readSettings } from './policy.ts';
import type { Policy, PolicySettings } from './policy.ts';

/** Seconds that drivers may be asked for frequencies in one reading; policies that are left come first at the next one. */
const BUDGET = 0.005;

/** A driver that takes this long (seconds) for one policy is dear: it sleeps to measure. */
const DEAR = 0.001;

/** Readings after which a dear driver is tried again: ten minutes on the slow lane. */
const PATIENCE = 60;

/** Machines with more policies than this have what people set read once in {@link SETTLED} seconds only. */
const MANY = 16;
const SETTLED = 60;

/** A policy and what it said last. */
interface Station {
  readonly policy: Policy;
  settings: PolicySettings | null;
  setAt: number;
  current: number | null;
  average: number | null;
  /** When it was asked for its frequency; null: never. */
  askedAt: number | null;
  /** Number of the reading in which that was. */
  askedIn: number;
}

/** Reads the policies of a machine again and again. */
export interface PolicyReader {
  /** `clocks` are what /proc/cpuinfo says; they stand in for drivers that are dear. */
  read(clocks: readonly FrequencyClock[], gaps: GapSink): Sliced<FrequencyPolicy[]>;
  /** The CPUs are not the same any more. */
  forget(): void;
}

/** A policy as it is shown now; `clock` is what /proc/cpuinfo says of its first CPU. */
function present(settings: PolicySettings, { current, average, askedAt }: Station, clock: number | null, now: number): FrequencyPolicy {
  return clock === null
    ? { ...settings, current, currentSource: current === null ? null : 'driver', average, age: askedAt === null ? null : now - askedAt }
    : { ...settings, current: clock, currentSource: 'cpuinfo', average: null, age: 0 };
}

/** Asks as many drivers a reading as the time allows, in turn, and remembers what the others said. */
export function createPolicyReader(host: Host): PolicyReader {
  let stations: readonly Station[] | undefined;
  let next = 0;
  let reading = 0;
  /** Readings for which dear drivers are left alone. */
  let avoid = 0;

  const list = (gaps: GapSink): readonly Station[] =>
    listPolicies(host, gaps).map((policy) => ({
      policy,
      settings: null,
      setAt: 0,
      current: null,
      average: null,
      askedAt: null,
      askedIn: 0,
    }));

  /** Asks for frequencies; says how many policies were left when the time was used up. */
  function* ask(among: readonly Station[], hasClocks: boolean, gaps: GapSink): Sliced<number> {
    let left = among.length;
    for (let spent = 0; left > 0 && spent < BUDGET; left--) {
      const station = among[next % among.length]!;
      next = (next + 1) % among.length;
      const before = host.clock.monotonic();
      Object.assign(station, readCurrent(host, station.policy, gaps));
      station.askedAt = host.clock.monotonic();
      station.askedIn = reading;
      const took = station.askedAt - before;
      spent += took;
      yield;
      if (!hasClocks || took <= DEAR || station.current === null) continue;
      avoid = PATIENCE;
      return 0;
    }
    return left;
  }

  return {
    forget() {
      stations = undefined;
      next = 0;
    },
    *read(clocks, gaps) {
      stations ??= list(gaps);
      for (const station of stations) {
        const now = host.clock.monotonic();
        if (station.settings && stations.length > MANY && now - station.setAt < SETTLED) continue;
        station.settings = readSettings(host, station.policy, gaps);
        station.setAt = now;
        yield;
      }
      // A policy whose CPUs are all offline is still listed; it has nothing to tell.
      const online = stations.filter(({ settings }) => settings && settings.cpus.length > 0);
      reading++;
      const isDear = avoid > 0 && clocks.length > 0;
      if (isDear) avoid--;
      const left = isDear ? 0 : yield* ask(online, clocks.length > 0, gaps);
      if (left > 0)
        gaps.add('frequency.policies', 'timeout', `The time for frequencies was used up; ${left} of ${online.length} are older.`);
      const isAvoided = isDear || avoid > 0;
      const now = host.clock.monotonic();
      const clockOf = new Map(clocks.map(({ cpu, frequency }) => [cpu, frequency]));
      return online.map((station) => {
        const isOld = isAvoided && station.askedIn !== reading;
        const clock = isOld || station.current === null ? clockOf.get(station.settings!.cpus[0]!) : undefined;
        return present(station.settings!, station, clock ?? null, now);
      });
    },
  };
}
