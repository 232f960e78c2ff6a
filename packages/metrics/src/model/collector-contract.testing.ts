import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openHost, openRootedHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import { finish, isSliced } from './collector.ts';
import type { Field, Group } from './field.ts';
import { collectGaps } from './gap.ts';
import type { Gap } from './gap.ts';
import type { AnyCollector } from './snapshot.ts';

/** Reads once, whichever way the collector reads. */
async function readOnce(collector: AnyCollector, host: Host, times = 1): Promise<{ reading: unknown; gaps: Gap[] }> {
  const reader = collector.open(host);
  const gaps: Gap[] = [];
  try {
    let reading: unknown;
    for (let time = 0; time < times; time++) {
      const read = reader.read(collectGaps(gaps)) as unknown;
      reading = isSliced(read) ? finish(read) : await read;
    }
    return { reading, gaps };
  } finally {
    reader.close();
    reader.close();
  }
}

/** Every number below `value` is a number: null says unknown, NaN says nothing. Columns in typed arrays may hold NaN inside. */
function expectNumbers(value: unknown, where: string): void {
  if (typeof value === 'number') expect(Number.isFinite(value), where).toBe(true);
  else if (value === undefined) expect.fail(`${where} is undefined`);
  else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    for (const [key, child] of Object.entries(value)) expectNumbers(child, `${where}.${key}`);
  }
}

const allFields = (collector: AnyCollector): { group: Group<never>; field: Field<never> }[] =>
  (collector.groups() as readonly Group<never>[]).flatMap((group) => group.fields.map((field) => ({ group, field })));

/** What every collector must do, run for each member of a registry. */
export function testCollector(collector: AnyCollector): void {
  describe(`the ${collector.name} collector`, () => {
    test('declares fields that name, define and place themselves', () => {
      expect(collector.sources.length).toBeGreaterThan(0);
      expect(collector.remedy).toMatch(/\.$/);
      for (const { group, field } of allFields(collector)) {
        const where = `${group.name}.${field.key}`;
        expect(group.name === collector.name || group.name.startsWith(`${collector.name}.`), where).toBe(true);
        expect(field.help, where).toMatch(/^[A-Z0-9].*\.$/);
        if (!field.prometheus) continue;
        expect(field.prometheus.name, where).toMatch(/^[a-z][a-zA-Z0-9_]*$/);
        if (field.kind === 'counter' && !field.prometheus.untyped) expect(field.prometheus.name, where).toMatch(/_total$/);
      }
    });

    test.runIf(process.platform === 'linux')(
      'reads this machine twice: numbers or null, and rows that have every declared field',
      async () => {
        const { reading } = await readOnce(collector, openHost(), 2);
        expectNumbers(reading, collector.name);
        for (const group of collector.groups() as readonly Group<never>[]) {
          for (const row of [...group.rows(reading as never)].slice(0, 50) as Record<string, unknown>[]) {
            for (const { key } of group.fields) expect(row, group.name).toHaveProperty([key]);
            for (const property of Object.values(group.labels)) expect(row, group.name).toHaveProperty([property]);
          }
        }
      },
    );

    test('on a machine without any of its files it throws one error or reads nothing; it never makes things up', async () => {
      const directory = mkdtempSync(path.join(tmpdir(), 'hecate-empty-'));
      mkdirSync(path.join(directory, 'proc'));
      try {
        const result = await readOnce(collector, openRootedHost(directory)).catch((error: unknown) => error);
        if (result instanceof Error) expect(result.message).not.toBe('');
        else {
          const numbers = JSON.stringify((result as { reading: unknown }).reading).match(/:-?\d/g) ?? [];
          expect(numbers).toEqual([]);
        }
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    });

    test.each([
      ['empty', ''],
      ['binary', '\u0000\u00ff(\u0001)\n'.repeat(40)],
      ['words', 'some words here\nmore: words\n'],
      ['huge numbers', `cpu ${'9'.repeat(400)}\n`.repeat(3)],
    ])('files of %s bytes give a reading or an error, never a crash of another kind, never NaN', async (_kind, content) => {
      const directory = mkdtempSync(path.join(tmpdir(), 'hecate-garbage-'));
      const write = (file: string): void => {
        mkdirSync(path.join(directory, path.dirname(file)), { recursive: true });
        writeFileSync(path.join(directory, file), content, 'latin1');
      };
      for (const file of [
        'proc/stat',
        'proc/loadavg',
        'proc/meminfo',
        'proc/diskstats',
        'proc/net/dev',
        'proc/1/mountinfo',
        'proc/self/mountinfo',
        'proc/uptime',
        'proc/cpuinfo',
        'proc/7/stat',
        'proc/7/io',
        'etc/passwd',
        'etc/os-release',
        'sys/class/net/eth0/mtu',
        'sys/class/net/eth0/ifindex',
        ...['cpu', 'io', 'memory', 'irq'].map((name) => `proc/pressure/${name}`),
      ])
        write(file);
      try {
        const result = await readOnce(collector, openRootedHost(directory)).catch((error: unknown) => error);
        if (result instanceof Error) expect(result).not.toBeInstanceOf(TypeError);
        else expectNumbers((result as { reading: unknown }).reading, collector.name);
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    });
  });
}
