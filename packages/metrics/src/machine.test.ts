import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { HecateError } from '@hecate/host';
import * as metrics from './index.ts';
import { linuxCollectors, linuxCpu, linuxLoad, linuxMemory, openMachine, openMachineOf } from './index.ts';
import { createTree } from './linux/rooted-tree.testing.ts';
import type { MetricResult } from './machine.ts';
import { COLLECTOR_NAMES } from './model/collector-names.ts';

const onLinux = describe.runIf(process.platform === 'linux');

onLinux('an open machine', () => {
  test('reads each domain now: a value, or null with the reason', async () => {
    const machine = openMachine();
    try {
      for (const { name, asynchronous } of linuxCollectors) {
        const read = machine[name]();
        expect(read instanceof Promise, `${name} is ${asynchronous ? '' : 'not '}declared asynchronous`).toBe(asynchronous === true);
        const { value, gap, gaps } = (await read) as MetricResult<unknown>;
        if (gap) expect({ value, named: gaps[0] }, name).toEqual({ value: null, named: gap });
        else expect(value, name).not.toBeNull();
      }
    } finally {
      machine.close();
    }
  });

  test('keeps its descriptors between reads and gives them back', () => {
    const open = (): number => readdirSync('/proc/self/fd').length;
    const machine = openMachineOf([linuxCpu, linuxMemory]);
    const before = open();
    expect(machine.cpu().value?.cores.length).toBeGreaterThan(0);
    expect(machine.memory().value?.total).toBeGreaterThan(0);
    const during = open();
    for (let time = 0; time < 50; time++) machine.cpu();
    expect(open()).toBe(during);
    expect(during).toBeGreaterThan(before);
    machine.close();
    expect(open()).toBe(before);
    expect(machine.cpu().value).not.toBeNull();
    machine.close();
  });

  test('takes snapshots and samples with rates until it is told to stop', async () => {
    const machine = openMachineOf([linuxCpu, linuxLoad]);
    const snapshot = await machine.snapshot();
    expect(snapshot.cpu?.cores.length).toBeGreaterThan(0);
    expect(snapshot.memory).toBeNull();
    const ending = new AbortController();
    let samples = 0;
    for await (const { snapshot: tick, rates } of machine.sample({ interval: 0.1, signal: ending.signal })) {
      expect(tick.load).not.toBeNull();
      expect(rates.elapsed === null).toBe(samples === 0);
      if (++samples === 3) ending.abort();
    }
    expect(samples).toBe(3);
  });
});

onLinux('events of an open machine', () => {
  test('end when they are told to', async () => {
    const machine = openMachine();
    const ending = new AbortController();
    const kinds: string[] = [];
    for await (const { kind } of machine.events({ only: ['mount'], signal: ending.signal })) {
      kinds.push(kind);
      ending.abort();
    }
    expect(kinds).toHaveLength(1);
    machine.close();
  });

  test('are not to be had of files', () => {
    const tree = createTree({});
    try {
      expect(() => openMachine({ root: tree.directory }).events()).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }));
    } finally {
      tree.remove();
    }
  });
});

describe('a machine of files', () => {
  test('is read under its root, and says what it lacks', () => {
    const tree = createTree({ 'proc/loadavg': '0.25 0.50 0.75 1/99 1234\n' });
    try {
      const machine = openMachine({ root: tree.directory });
      expect(machine.load()).toMatchObject({ value: { load1: 0.25 }, gap: null });
      expect(machine.memory()).toMatchObject({ value: null, gap: { field: 'memory', reason: 'absent' } });
      machine.close();
    } finally {
      tree.remove();
    }
  });

  test('must be there', () => {
    expect(() => openMachine({ root: '/nonexistent' })).toThrow(HecateError);
  });
});

describe('the collectors', () => {
  test('can each be named, and all are in the list of names', () => {
    const named = Object.entries(metrics).flatMap(([name, value]) => (/^linux(?!Collectors)/.test(name) ? [value] : []));
    expect(new Set(named)).toEqual(new Set(linuxCollectors));
    expect(linuxCollectors.map(({ name }) => name).toSorted()).toEqual([...COLLECTOR_NAMES].toSorted());
  });

  test('are left out of a bundle that does not name them', async () => {
    const source = (name: string): string => fileURLToPath(new URL(`../../${name}/src/index.ts`, import.meta.url));
    const bundle = async (contents: string): Promise<string> => {
      const { outputFiles } = await build({
        stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)), loader: 'ts' },
        bundle: true,
        write: false,
        format: 'esm',
        platform: 'node',
        external: ['koffi'],
        alias: { '@hecate/host': source('host'), '@hecate/metrics': source('metrics') },
        logLevel: 'silent',
      });
      return outputFiles[0]!.text;
    };
    const one = await bundle(`import { linuxLoad, openMachineOf } from '@hecate/metrics'; console.log(openMachineOf([linuxLoad]).load());`);
    const all = await bundle(`import { openMachine } from '@hecate/metrics'; console.log(openMachine().load());`);
    expect(one).toContain('/proc/loadavg');
    // The declarations of other domains may stay, because rates are derived there; how Linux is asked must not.
    for (const foreign of ['createMeminfoParser', 'parseDiskstats', 'parseNetDev', 'parseProcessStat', 'openNative']) {
      expect(all, foreign).toContain(foreign);
      expect(one, foreign).not.toContain(foreign);
    }
    expect(one.length).toBeLessThan(all.length / 2);
  });
});
