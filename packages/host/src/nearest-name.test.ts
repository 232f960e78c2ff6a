import { expect, test } from 'vitest';
import { nearestNames } from './nearest-name.ts';

test('near names', () => {
  const names = ['cpu_usage_percent', 'gpu_usage_percent', 'memory_used', 'load1', 'load15'];
  expect(nearestNames('cpu_usage', names)).toEqual(['cpu_usage_percent']);
  expect(nearestNames('cpu_usgae_percent', names)[0]).toBe('cpu_usage_percent');
  expect(nearestNames('memroy_used', names)).toEqual(['memory_used']);
  expect(nearestNames('load', names)).toEqual(['load1', 'load15']);
  expect(nearestNames('temperature', names)).toEqual([]);
  expect(nearestNames('pink', ['mono', 'nord'])).toEqual([]);
  expect(nearestNames('mnoo', ['mono', 'nord'])[0]).toBe('mono');
  expect(nearestNames('x'.repeat(100_000), names)).toEqual([]);
});
