import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { openHost } from '@hecate/host';
import { openSampler } from '@hecate/metrics';
import type { Snapshot } from '@hecate/metrics';
import { openMetricsPieces, prometheusPieces } from './prometheus.ts';
import { NOTHING } from './snapshot.testing.ts';

const encodePrometheus = (...given: Parameters<typeof prometheusPieces>): string => [...prometheusPieces(...given)].join('');
const encodeOpenMetrics = (...given: Parameters<typeof openMetricsPieces>): string => [...openMetricsPieces(...given)].join('');

const empty: Snapshot = { ...NOTHING, gaps: [], runs: [] };

const withMount = (mountpoint: string): Snapshot => ({
  ...empty,
  filesystem: [
    {
      device: 'd',
      mountpoint,
      fstype: 'ext4',
      readOnly: true,
      major: 1,
      minor: 2,
      root: '/',
      error: '',
      size: 10,
      free: 5,
      available: 4,
      files: null,
      filesFree: null,
      used: 5,
    },
  ] as unknown as Snapshot['filesystem'],
});

test('labels are escaped, a null value makes no sample', () => {
  const text = encodePrometheus(withMount('/a"b\\c\nd'), 'linux');
  expect(text).toMatch(/^node_filesystem_size_bytes\{.*mountpoint="\/a\\"b\\\\c\\nd".*\} 10$/m);
  expect(text).toMatch(/^node_filesystem_readonly\{.*\} 1$/m);
  expect(text).not.toContain('node_filesystem_files{');
});

test('an empty snapshot is empty text, and only the end mark in OpenMetrics', () => {
  expect(encodePrometheus(empty, 'linux')).toBe('');
  expect(encodeOpenMetrics(empty, 'linux')).toBe('# EOF\n');
});

test('OpenMetrics names counters without _total in their declaration', () => {
  const text = encodeOpenMetrics(
    {
      ...empty,
      load: { load1: 1.5, load5: 2, load15: 3, runnable: 1, threads: 2 },
      cpu: {
        total: {} as never,
        cores: [],
        contextSwitches: 5,
        interrupts: null,
        forks: null,
        procsRunning: null,
        procsBlocked: null,
        bootTime: null,
      },
    },
    'linux',
  );
  expect(text).toContain('# TYPE node_context_switches counter\nnode_context_switches_total 5\n');
  expect(text).toContain('# TYPE node_load1 gauge\nnode_load1 1.5\n');
  expect(text.endsWith('# EOF\n')).toBe(true);
});

test('this machine: every family is declared once, before its samples, and no sample comes twice', async () => {
  const host = openHost();
  const sampler = openSampler(host);
  const text = encodePrometheus(await sampler.take(6), host.platform);
  sampler.close();
  const declared = new Set<string>();
  const samples = new Set<string>();
  for (const line of text.trimEnd().split('\n')) {
    const type = /^# TYPE (\S+) (counter|gauge|untyped)$/.exec(line);
    if (type) {
      expect(declared).not.toContain(type[1]);
      declared.add(type[1]!);
    } else if (!line.startsWith('# HELP ')) {
      const sample = /^([a-zA-Z_:][\w:]*)(\{(?:[a-z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (-?[\d.e+-]+)$/.exec(line);
      expect(sample, line).not.toBeNull();
      expect(declared).toContain(sample![1]);
      expect(samples).not.toContain(line.slice(0, line.lastIndexOf(' ')));
      samples.add(line.slice(0, line.lastIndexOf(' ')));
    }
  }
  expect(samples.size).toBeGreaterThan(50);
});

test('promtool finds nothing wrong with the metrics of this machine', async () => {
  const host = openHost();
  const sampler = openSampler(host);
  const text = encodePrometheus(await sampler.take(6), host.platform);
  sampler.close();
  const check = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
  if (check.error) return console.warn('promtool is missing: not checked (apt-get install prometheus)');
  // Names that node_exporter chose against promtool's own taste are no fault of ours; anything else is.
  const faults = (check.stdout + check.stderr).split('\n').filter((line) => line !== '' && !line.startsWith('node_'));
  expect(faults).toEqual([]);
});
