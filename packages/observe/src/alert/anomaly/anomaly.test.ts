import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Cell } from '../../tier/aggregator.ts';
import { readTiers } from '../../tier/tiers.ts';
import { feed, openTiers } from '../../tier/tiers.testing.ts';
import { alertsOf, createTestHub } from '../alerts.testing.ts';
import type { TestHub } from '../alerts.testing.ts';
import { DEFAULT_RULES } from '../default-rules.ts';
import { startAnomaly } from './anomaly.ts';
import type { RunningAnomaly } from './anomaly.ts';
import { hourOfWeek, learnWeek } from './week.ts';

const OTHERS = DEFAULT_RULES.map(({ rule }) => rule.name).filter((name) => name !== 'anomaly');
const TEN_MINUTES = 600;
const WEEK = 7 * 86_400;
/** A Monday at midnight, by the local clock. */
const MONDAY = new Date(2026, 7, 3).getTime() / 1000;

/** Random numbers that are the same in each run. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A machine of an office: busy by day, less so at weekends, with noise that has a memory, bursts, and a backup on Sunday nights. */
function createOffice(seed: number): (time: number) => Readonly<Record<string, number>> {
  const random = createRandom(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const drifts = new Map<string, number>();
  const noise = (name: string, spread: number): number => {
    const drift = 0.85 * (drifts.get(name) ?? 0) + normal() * Math.sqrt(1 - 0.85 ** 2);
    drifts.set(name, drift);
    return Math.exp(drift * spread);
  };
  return (time) => {
    const hour = hourOfWeek(time);
    const isWork = hour >= 24 && hour < 144 && hour % 24 >= 8 && hour % 24 < 18;
    const backup = hour >= 2 && hour < 4 ? 8 : 1;
    const work = isWork ? 1 : 0.15;
    const burst = random() < 0.02 ? 2.5 : 1;
    return {
      cpu_usage_percent: Math.min(100, 30 * work * noise('cpu', 0.35) * burst),
      memory_used: 4e9 + 2e9 * work * noise('memory', 0.15),
      pressure_io_some_percent: Math.min(100, 1.5 * work * backup * noise('io', 0.6)),
      pressure_memory_some_percent: 0,
      disk_read_bytes_per_second: 2e6 * work * backup * noise('read', 0.8) * burst,
      disk_write_bytes_per_second: 3e6 * work * noise('write', 0.5),
      network_receive_bytes_per_second: 5e5 * work * noise('receive', 0.6) * burst,
      network_transmit_bytes_per_second: 8e5 * work * backup * noise('transmit', 0.6),
      context_switches_per_second: 9000 * work * noise('switches', 0.3),
      processes_total: 180 + 60 * work * noise('processes', 0.1),
      threads_total: 600 + 300 * work * noise('threads', 0.1),
      load5: 1.2 * work * noise('load', 0.5) * burst,
    };
  };
}

/** What `weeks` weeks of a machine are as recorded means. */
function recordedOf(
  machine: (time: number) => Readonly<Record<string, number>>,
  weeks: number,
): Parameters<typeof startAnomaly>[0]['recorded'] {
  const rows: [number, Readonly<Record<string, number>>][] = [];
  for (let time = MONDAY - weeks * WEEK; time < MONDAY; time += TEN_MINUTES) rows.push([time, machine(time)]);
  return {
    async read(_level, { from, wanted }, take) {
      const cell: Cell = { count: 600, sum: 0, min: 0, max: 0 };
      for (const [time, row] of rows) {
        for (const [id, value] of Object.entries(row)) {
          if (time < from || !wanted(id)) continue;
          cell.sum = value * 600;
          take(id, time, cell);
        }
      }
      return 0;
    },
  };
}

interface Watch {
  readonly hub: TestHub;
  readonly anomaly: RunningAnomaly;
  readonly alerts: ReturnType<typeof alertsOf>;
  /** One tick every ten seconds for so many minutes; the machine has another mean every ten. */
  minutes(count: number, change?: (row: Readonly<Record<string, number>>) => Readonly<Record<string, number>>): void;
}

async function watch(seed: number, weeks: number): Promise<Watch> {
  const machine = createOffice(seed);
  const recorded = recordedOf(machine, weeks);
  const hub = createTestHub(MONDAY);
  const anomaly = startAnomaly({ hub: hub.hub, recorded, log: () => undefined });
  const alerts = alertsOf(hub.hub, { disable: OTHERS }, { anomaly });
  hub.tick({}, 1);
  await anomaly.learn();
  let row = machine(hub.time);
  const minutes: Watch['minutes'] = (count, change = (same) => same) => {
    for (let minute = 0; minute < count; minute++) {
      if (minute % 10 === 0) row = change(machine(hub.time));
      for (let tick = 0; tick < 6; tick++) hub.tick({ row }, 10);
    }
  };
  return { hub, anomaly, alerts, minutes };
}

const ofAnomaly = (alerts: Watch['alerts']) =>
  alerts.history(300).filter(({ previous, alert }) => alert.rule === 'anomaly' && previous === null);

/** Twenty machines take a minute: none of them gives a false alarm in two weeks. */
const MACHINES = 5;

test('two usual weeks of a machine: hardly a false alarm', async () => {
  let alarms = 0;
  for (let seed = 1; seed <= MACHINES; seed++) {
    const { anomaly, alerts, minutes } = await watch(seed, 4);
    minutes(2 * 7 * 24 * 60);
    alarms += ofAnomaly(alerts).length;
    anomaly.close();
  }
  console.log(`${alarms} false alarms in ${MACHINES * 2} machine weeks`);
  expect(alarms).toBeLessThanOrEqual(1);
}, 240_000);

test('what is unlike the machine is found within half an hour', async () => {
  const troubles: readonly ((row: Readonly<Record<string, number>>) => Readonly<Record<string, number>>)[] = [
    // A miner at night: processors, load, switches.
    (row) => ({ ...row, cpu_usage_percent: 98, load5: 8, context_switches_per_second: row['context_switches_per_second']! * 6 }),
    // A copy of all data: reads, network, waiting.
    (row) => ({
      ...row,
      disk_read_bytes_per_second: 2e8,
      network_transmit_bytes_per_second: 1e8,
      pressure_io_some_percent: 60,
    }),
    // A leak of processes: memory, processes, threads.
    (row) => ({ ...row, memory_used: 1.5e10, processes_total: 2000, threads_total: 6000 }),
  ];
  let found = 0;
  let tried = 0;
  for (let seed = 1; seed <= 5; seed++) {
    for (const trouble of troubles) {
      const { anomaly, alerts, minutes } = await watch(seed, 4);
      minutes(3 * 60);
      minutes(30, trouble);
      tried++;
      if (alerts.active().some(({ rule }) => rule === 'anomaly')) found++;
      minutes(60);
      expect(alerts.active().some(({ rule }) => rule === 'anomaly')).toBe(false);
      anomaly.close();
    }
  }
  console.log(`${found} of ${tried} troubles found`);
  expect(found).toBe(tried);
}, 120_000);

test('what is usual at noon is not at night', async () => {
  const { anomaly, minutes } = await watch(3, 4);
  minutes(120);
  expect(anomaly.score('cpu_usage_percent')).toBeLessThan(0.5);
  minutes(30, (row) => ({ ...row, cpu_usage_percent: 60 }));
  expect(anomaly.score('cpu_usage_percent')).toBeGreaterThan(0.5);
  minutes(9 * 60);
  minutes(30, (row) => ({ ...row, cpu_usage_percent: 40 }));
  expect(anomaly.score('cpu_usage_percent')).toBeLessThan(0.5);
  anomaly.close();
});

test('six days are too little, and that is said; nothing is raised', async () => {
  const { anomaly, alerts, minutes } = await watch(1, 6 / 7);
  minutes(120, (row) => ({ ...row, cpu_usage_percent: 100, load5: 90, memory_used: 1e12 }));
  expect(anomaly.count(0.5)).toBeNull();
  expect(alerts.active().filter(({ rule }) => rule === 'anomaly')).toEqual([]);
  expect(alerts.all().find(({ rule }) => rule === 'anomaly')?.summary).toBe('Too little is recorded to know the usual week: 6 of 7 days.');
  anomaly.close();
});

test('a recording that cannot be read is told, and nothing is known', async () => {
  const hub = createTestHub(MONDAY);
  const told: string[] = [];
  const anomaly = startAnomaly({
    hub: hub.hub,
    recorded: { read: () => Promise.reject(new Error('Broken.')) },
    log: (text) => told.push(text),
  });
  await anomaly.learn();
  expect(told).toEqual(['The usual week of this machine cannot be learned. Broken.']);
  expect(anomaly.reason).not.toBeNull();
  anomaly.close();
});

test('a series that never changes is unusual when it does, and only by much', async () => {
  const times = Array.from({ length: 4032 }, (_, index) => MONDAY - 4 * WEEK + index * TEN_MINUTES);
  const week = await learnWeek(new Map([['cpu_usage_percent', { times, values: times.map(() => 10) }]]));
  expect(week.score('cpu_usage_percent', MONDAY, 10)).toBe(0);
  expect(week.score('cpu_usage_percent', MONDAY, 12)).toBe(0);
  expect(week.score('cpu_usage_percent', MONDAY, 90)).toBe(1);
  expect(week.score('memory_used', MONDAY, 1)).toBeNull();
});

test('it learns from what the daemon records, also after another one wrote it', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'hecate-anomaly-'));
  try {
    const tiers = openTiers(dataDir);
    const begin = MONDAY - 8 * 86_400;
    for (let time = begin; time < MONDAY; time += 60) {
      feed(tiers, time, { cpu_usage_percent: 20 + ((time / 60) % 5), memory_used: 4e9 });
      if ((time / 60) % 720 === 0) await tiers.settle();
    }
    tiers.close();
    const hub = createTestHub(MONDAY);
    hub.tick({}, 1);
    const anomaly = startAnomaly({ hub: hub.hub, recorded: readTiers(dataDir), log: () => undefined });
    await anomaly.learn();
    expect(anomaly.reason).toBeNull();
    const minutes = (cpu: number): void => {
      for (let tick = 0; tick < 60; tick++) hub.tick({ row: { cpu_usage_percent: cpu, memory_used: 4e9 } }, 10);
    };
    minutes(22);
    expect(anomaly.score('cpu_usage_percent')).toBe(0);
    minutes(95);
    minutes(95);
    expect(anomaly.score('cpu_usage_percent')).toBe(1);
    expect(anomaly.count(0.5)).toBe(1);
    anomaly.close();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 60_000);
