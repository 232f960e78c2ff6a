import { expect, test } from 'vitest';
import { CONDITION_NAMES, conditionRule, unmetCondition } from './conditions.ts';
import type { ConditionName, Conditions } from './conditions.ts';
import { disk, facts, gpu } from './facts.testing.ts';
import type { HostFacts } from './facts.ts';

const nic = { name: 'eth0', driver: 'ice', speed: 25e9, wireless: false, virtual: false };
const hybrid = { performance: [0], efficiency: [1] };

/** A condition that holds on one machine and not on another. */
const CASES: readonly (readonly [Conditions, HostFacts, HostFacts])[] = [
  [{ memory_at_least: '16GiB' }, facts(), facts({ memory: { total: 2 ** 30 } })],
  [{ memory_below: '4GiB' }, facts({ memory: { total: 2 ** 30 } }), facts()],
  [{ threads_at_least: 2 }, facts(), facts({ cpu: { threads: 1 } })],
  [{ kernel_at_least: '6.6' }, facts(), facts({ kernel: { version: [5, 99] } })],
  [{ kernel_below: '6.12' }, facts({ kernel: { version: [6, 2] } }), facts()],
  [{ nic_at_least: '10Gbit' }, facts({ nics: [nic] }), facts({ nics: [{ ...nic, speed: null }] })],
  [{ virtual: true }, facts({ hypervisor: 'kvm' }), facts()],
  [{ container: true }, facts({ container: 'docker' }), facts()],
  [{ battery: true }, facts({ battery: true }), facts()],
  [{ mains: false }, facts({ mains: false }), facts({ mains: null })],
  [{ mains: true }, facts({ mains: true }), facts({ mains: null })],
  [{ numa: true }, facts({ memory: { nodes: 2 } }), facts()],
  [{ hybrid: true }, facts({ cpu: { hybrid } }), facts()],
  [{ smt: false }, facts({ cpu: { smt: false } }), facts({ cpu: { smt: null } })],
  [{ swap: true }, facts({ memory: { swap: 1 } }), facts()],
  [{ zram: true }, facts({ memory: { zram: ['zram0'] } }), facts()],
  [{ zram_possible: true }, facts(), facts({ memory: { canZram: false } })],
  [{ cpu_vendor: ['intel', 'amd'] }, facts(), facts({ cpu: { vendor: 'arm' } })],
  [{ cpu_driver: 'intel_pstate' }, facts(), facts({ cpu: { driver: null } })],
  [{ machine: ['x86_64'] }, facts(), facts({ kernel: { machine: null } })],
  [{ form_factor: 'server' }, facts(), facts({ formFactor: 'laptop' })],
  [{ disk: ['hdd'] }, facts(), facts({ disks: [disk('sdb', { kind: 'hdd', removable: true })] })],
  [{ gpu: 'amd' }, facts({ gpus: [gpu({ vendor: 'amd' })] }), facts({ gpus: [gpu({})] })],
  [{ runs: ['redis-server'] }, facts({ roles: { databases: ['redis-server'] } }), facts({ roles: { databases: ['postgres'] } })],
];

test.each(CASES)('%j', (conditions, yes, no) => {
  const [[name, asked]] = Object.entries(conditions) as [[ConditionName, unknown]];
  expect(conditionRule(name)!.holds(asked)).toBe(true);
  expect(unmetCondition(conditions, yes)).toBeNull();
  expect(unmetCondition(conditions, no)).toMatch(/^It is for [^.]+(?:\.\d[^.]*)?\.$/);
});

test('every condition has a case, and a rule that refuses what is none', () => {
  expect(new Set(CASES.map(([conditions]) => Object.keys(conditions)[0]))).toEqual(new Set(CONDITION_NAMES));
  for (const name of CONDITION_NAMES) {
    for (const wrong of [null, {}, [], '', 'no such thing!', Number.NaN, -1]) {
      expect(conditionRule(name)!.holds(wrong), `${name} ${JSON.stringify(wrong)}`).toBe(false);
    }
  }
  expect(conditionRule('toString')).toBeNull();
});

test('all conditions must hold', () => {
  expect(unmetCondition({ virtual: false, memory_at_least: '1TiB' }, facts())).toBe('It is for machines with at least 1TiB of memory.');
  expect(unmetCondition({}, facts())).toBeNull();
});
