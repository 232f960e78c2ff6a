import { describe, expect, test } from 'vitest';
import { answering, fixture, refusalOf } from './fixture.testing.ts';
import { parsePowermetrics, readPowermetrics } from './powermetrics.ts';
import type { PowermetricsSample } from './powermetrics/sample.ts';
import { encodeXml } from './property-list.testing.ts';
import { energyFromPowermetrics, frequencyFromPowermetrics } from './readings/processor.ts';

const M2 = fixture('powermetrics-m2.plist');
const first = (text: string): PowermetricsSample => parsePowermetrics(text).samples[0]!;

describe('an answer without a sample', () => {
  test.each([
    ['nothing', '', 'FAILED', 'answered nothing'],
    ['words', 'Machine model: Mac14,9\n', 'FAILED', 'not understood'],
    ['a refusal', 'powermetrics must be invoked as the superuser\n', 'DENIED', 'root only'],
    ['half a sample', M2.slice(0, 1000), 'FAILED', 'before its first sample did'],
    ['a sample that is malformed', M2.replace('</dict>', '</array>'), 'FAILED', 'malformed at line'],
    ['a sample that is a list', encodeXml([1]), 'FAILED', 'not understood'],
  ])('%s is refused', async (_, text, code, what) => {
    const refusal = await refusalOf(() => parsePowermetrics(text));
    expect(refusal.code).toBe(code);
    expect(refusal.message).toContain(what);
  });

  test('a sampler that this Mac lacks', async () => {
    const { host } = answering({ status: 64, stderr: 'powermetrics: unrecognized sampler: smc\n' });
    expect((await refusalOf(() => readPowermetrics(host, { samplers: ['smc'] }))).code).toBe('UNSUPPORTED');
  });
});

describe('samples', () => {
  test('a NUL between them and words before them; the last one cut off', () => {
    expect(parsePowermetrics(M2).samples.map(({ moment }) => moment)).toEqual(['2026-11-22T01:04:44Z', '2026-11-22T01:04:45Z']);
    const cut = parsePowermetrics(`Second underflow occured.\n${M2.slice(0, -500)}`);
    expect([cut.samples.length, cut.truncated]).toEqual([1, true]);
    expect(parsePowermetrics(`${M2}\0`)).toEqual(parsePowermetrics(M2));
  });

  test('it asks for one sample of an interval, and gives it a little longer', async () => {
    const { host, asked, options } = answering({ stdout: M2 });
    expect((await readPowermetrics(host, { interval: 0.5 })).model).toBe('Mac14,9');
    expect(asked[0]!.slice(1).join(' ')).toBe('-f plist -n 1 -i 500 -s cpu_power,gpu_power,thermal');
    expect(options[0]!.timeout).toBe(10.5);
  });

  test('Apple silicon: hertz and megahertz, milliwatts, shares', () => {
    const sample = first(M2);
    expect(sample).toMatchObject({ elapsed: 1.004, model: 'Mac14,9', build: '25B78', thermalPressure: 'Moderate', sensors: null });
    expect(sample.clusters.map(({ name, frequency, idle, down }) => [name, frequency, idle, down])).toEqual([
      ['E-Cluster', 1_296_410_000, 0.327863, 0],
      ['P0-Cluster', 3_036_000_000, 0.6, 0.2],
      ['P1-Cluster', 0, 0, 1],
    ]);
    expect(sample.clusters[0]!.states).toEqual([
      { frequency: 912e6, share: 0.444261 },
      { frequency: 1284e6, share: 0.0419188 },
    ]);
    expect(sample.clusters[0]!.cpus.map(({ cpu, frequency }) => [cpu, frequency])).toEqual([
      [0, 1_419_910_000],
      [1, 1_300_000_000],
    ]);
    expect(sample.gpus).toEqual([
      {
        frequency: 444e6,
        idle: 0.789012,
        states: [
          { frequency: 444e6, share: 0.210988 },
          { frequency: 612e6, share: 0 },
        ],
      },
    ]);
    expect(sample.power).toEqual({ cpu: 3.81102, gpu: 0.0645056, ane: 0, dram: null, total: 3875.53 / 1000 });
    expect(sample.disk).toEqual({ bytesIn: 56_017.2, bytesOut: 32_009.8, operationsIn: 12.7, operationsOut: 2.93 });
    expect(sample.network).toEqual({ bytesIn: 29_880.5, bytesOut: 2390.4, operationsIn: 19.9, operationsOut: 11.9 });
    expect(sample.tasks[1]).toMatchObject({
      pid: 355,
      name: 'WindowServer',
      cpu: 0.3105,
      userShare: 0.7,
      gpu: 0.084,
      energyImpact: 55,
      wakeups: 220,
    });
    expect(sample.tasks[0]).toMatchObject({ pid: -1, cpu: 2.3105, gpu: null, energyImpact: 120.5 });
  });

  test('macOS 12 on M1: millijoules of the interval only', () => {
    expect(first(fixture('powermetrics-m1-macos12.plist')).power).toEqual({ cpu: 1, gpu: 0.5, ane: 0.25, dram: 0.125, total: 1.75 });
  });

  test('Intel: watts, packages, cores, sensors', () => {
    const sample = first(fixture('powermetrics-intel.plist'));
    expect(sample.power).toEqual({ cpu: 2.96, gpu: 0.057, ane: null, dram: 0.738, total: 6.1 });
    expect(sample.clusters).toEqual([expect.objectContaining({ name: 'package-0', frequency: 2_170_000_000, idle: 0.65, down: null })]);
    expect(sample.clusters[0]!.cpus.map(({ cpu, frequency, idle }) => [cpu, frequency, idle])).toEqual([
      [0, 2_100_000_000, 0.8],
      [1, 2_080_000_000, 0.8],
      [2, 2_240_000_000, 0.6],
      [3, 2_240_000_000, 0.6],
    ]);
    expect(sample.gpus).toEqual([{ frequency: 750e6, idle: null, states: [] }]);
    expect(sample.sensors).toEqual({ fans: [1836, 1700], cpuDie: 67.06, gpuDie: 59.5 });
  });

  test('only what was asked for; decimal commas; numbers that are none', () => {
    const bare = first('<?xml version="1.0"?><plist><dict><key>thermal_pressure</key><string>Heavy</string></dict></plist>');
    expect(bare).toMatchObject({ thermalPressure: 'Heavy', clusters: [], gpus: [], disk: null, network: null, tasks: [], elapsed: null });
    expect(bare.power).toEqual({ cpu: null, gpu: null, ane: null, dram: null, total: null });
    expect(first(M2.replaceAll(/<real>(\d+)\.(\d+)<\/real>/g, '<real>$1,$2</real>'))).toEqual(first(M2));
    const odd = first(M2.replace('<real>0.327863</real>', '<real>7.5</real>').replace('<real>3811.02</real>', '<real>nan</real>'));
    expect(odd.clusters[0]!.idle).toBeNull();
    // The joules are still there.
    expect(odd.power.cpu).toBeCloseTo(3.826 / 1.004, 9);
  });
});

describe('readings', () => {
  test('watts of the chip and its parts', () => {
    expect(energyFromPowermetrics(first(M2))).toEqual({
      packagePower: 3875.53 / 1000,
      zones: [
        { zone: 'powermetrics:package', name: 'package', kind: 'package', parent: null, power: 3875.53 / 1000 },
        { zone: 'powermetrics:cpu', name: 'cpu', kind: 'cpu', parent: 'powermetrics:package', power: 3.81102 },
        { zone: 'powermetrics:gpu', name: 'gpu', kind: 'gpu', parent: 'powermetrics:package', power: 0.0645056 },
        { zone: 'powermetrics:ane', name: 'ane', kind: 'ane', parent: 'powermetrics:package', power: 0 },
      ],
    });
    expect(energyFromPowermetrics(first('<?xml version="1.0"?><plist><dict/></plist>'))).toBeNull();
  });

  test('clocks', () => {
    expect(frequencyFromPowermetrics(first(M2)).clocks.map(({ cpu, frequency }) => [cpu, frequency])).toEqual([
      [0, 1_419_910_000],
      [1, 1_300_000_000],
      [2, 3_228_000_000],
    ]);
  });

  test('clusters are policies; what did not work has no frequency', () => {
    const { policies } = frequencyFromPowermetrics(first(M2));
    expect(policies[0]).toMatchObject({ policy: 'E-Cluster', cpus: [0, 1], currentSource: 'residency', age: 0, base: null });
    expect(policies[0]!.current).toBeGreaterThan(policies[0]!.hardwareMin!);
    expect(policies[0]!.hardwareMax).toBeGreaterThan(policies[0]!.hardwareMin!);
    const [idle] = frequencyFromPowermetrics(first(M2.replace(/(<key>freq_hz<\/key>\s*<real>)[\d.]+/, '$10'))).policies;
    expect(idle).toMatchObject({ current: null, currentSource: null, age: null });
    const [intel] = frequencyFromPowermetrics(first(fixture('powermetrics-intel.plist'))).policies;
    expect(intel).toMatchObject({ policy: 'package-0', current: 2_170_000_000, hardwareMin: null, hardwareMax: null });
  });
});
