import { expect, test } from 'vitest';
import { testCollector } from '../model/collector-contract.testing.ts';
import { COLLECTOR_NAMES } from '../model/collector-names.ts';
import type { Group } from '../model/field.ts';
import { linuxCollectors } from './index.ts';

for (const collector of linuxCollectors) testCollector(collector);

test('Linux offers every name once, in the order of a snapshot', () => {
  expect(linuxCollectors.map(({ name }) => name)).toEqual([...COLLECTOR_NAMES]);
});

test('fields that share a Prometheus name belong to one collector and agree on their type', () => {
  const seen = new Map<string, string>();
  for (const collector of linuxCollectors) {
    for (const group of collector.groups() as readonly Group<never>[]) {
      for (const { prometheus, kind } of group.fields) {
        if (!prometheus) continue;
        const is = `${collector.name} ${prometheus.untyped ? 'untyped' : kind}`;
        expect(seen.get(prometheus.name) ?? is, prometheus.name).toBe(is);
        seen.set(prometheus.name, is);
      }
    }
  }
});
