import type { Alert, AlertChange, Analysis } from '@hecate/observe';
import type { EventFacts } from '../src/api.ts';
import { HOSTILE_NAME } from './invented-machine.testing.ts';

/** An alert as the daemon tells it. */
export function inventedAlert(now: number, part: Partial<Alert> = {}): Alert {
  return {
    id: 'disk-space//srv/data',
    rule: 'disk-space',
    object: '/srv/data',
    severity: 'warning',
    value: 96,
    unit: 'percent',
    summary: '/srv/data is 96 % full.',
    advice: 'Delete what is not needed, or make it larger.',
    since: now - 400,
    silencedUntil: null,
    ...part,
  };
}

/** Changes of alerts in the last minutes, newest first. */
export function inventedChanges(now: number): AlertChange[] {
  return [
    {
      time: now - 60,
      previous: 'critical',
      alert: inventedAlert(now, { id: 'cpu-busy', rule: 'cpu-busy', object: null, severity: null, value: 12 }),
    },
    {
      time: now - 200,
      previous: null,
      alert: inventedAlert(now, {
        id: 'cpu-busy',
        severity: 'critical',
        value: 97,
        summary: 'The CPU has been 97 % busy for 10 min.',
        since: now - 200,
      }),
    },
    { time: now - 400, previous: null, alert: inventedAlert(now) },
  ];
}

/** What happened in the last minutes, oldest first. */
export function inventedEvents(now: number, hostile: boolean): EventFacts[] {
  return [
    { id: 1, time: now - 700, kind: 'watching', kinds: ['link', 'mount'] },
    { id: 2, time: now - 500, kind: 'link', change: 'down', device: 'eth0', index: 2, previous: null, enabled: true },
    { id: 3, time: now - 490, kind: 'link', change: 'up', device: 'eth0', index: 2, previous: null, enabled: true },
    {
      id: 4,
      time: now - 130,
      kind: 'oom-kill',
      pid: 4711,
      name: hostile ? HOSTILE_NAME : 'java',
      uid: 1000,
      rss: 3.2e9,
      cgroup: null,
      count: 1,
      by: 'kmsg',
    },
  ];
}

const statistics = (mean: number, unit: 'percent' | 'bytes'): Analysis['statistics'][string] => ({
  unit,
  count: 600_000,
  missing: 0.008,
  min: mean / 10,
  max: mean * 2.9,
  mean,
  median: mean * 0.9,
  p50: mean * 0.9,
  p75: mean * 1.3,
  p95: mean * 2.1,
  p99: mean * 2.6,
  standardDeviation: mean / 3,
  variance: mean * mean * 0.11,
});

/** A report of a week. */
export function inventedAnalysis(start: string, end: string): Analysis {
  const week = (scale: number): (number | null)[][] =>
    Array.from({ length: 7 }, (_, day) =>
      Array.from({ length: 24 }, (__, hour) =>
        day === 6 && hour > 20 ? null : scale * (0.15 + (day < 5 && hour > 7 && hour < 19 ? 0.6 : 0.1) + 0.1 * Math.sin(hour)),
      ),
    );
  const count = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 3600));
  const pattern = { metric: 'cpu_usage_percent', busiestHours: [10, 11], quietestHours: [3, 4], weekdayMean: 40, weekendMean: 12 };
  return {
    period: {
      startDate: start,
      endDate: end,
      days: [start, end],
      firstTime: `${start}T00:00:00+00:00`,
      lastTime: `${end}T12:00:00+00:00`,
      rows: 604_800,
      intervalSeconds: 1,
      coveredSeconds: 604_800,
      gaps: { count: 2, seconds: 4711 },
      clockSteps: 0,
      exact: false,
      quantileError: 0.01,
      flaws: { malformedLines: 0, malformedCells: 0, tornFiles: [] },
      timeline: { start: `${start}T00:00:00`, stepSeconds: 2520, steps: 0, series: {} },
    },
    comparison: null,
    forecasts: [],
    consumers: null,
    statistics: { cpu_usage_percent: statistics(32, 'percent'), memory_used: statistics(9e9, 'bytes') },
    heatmaps: { cpu_usage_percent: { mean: week(100), count }, memory_used: { mean: week(2e10), count } },
    blocks: {},
    sufficiency: {
      cpu_usage_percent: {
        gap: 25.6,
        shape: 'bursty',
        headroom: 32.8,
        verdict: 'enough',
        secondsAbove80: 5400,
        shareAbove80: 0.009,
        saturatedFrom: 95,
        longestSaturatedSeconds: 40,
        longestSaturatedStart: null,
        reading: 'Peaks stand out by 25.6 points; a third is free even then.',
      },
    },
    levels: {},
    summary: {
      headline: 'The machine was moderately busy.',
      pattern: { ...pattern, text: 'Busiest from 10 to 12 on weekdays.' },
      findings: ['Memory grows by 2 % a day.', 'The CPU suffices.'],
    },
  };
}
