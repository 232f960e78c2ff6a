import type { PreviewStep } from '@hecate/change';
import { HecateError } from '@hecate/host';
import type { ErrorCode } from '@hecate/host';
import { expect, test } from 'vitest';
import { facts, policy } from './facts.testing.ts';
import { parseProfile } from './parse-profile.ts';
import { planProfile, withoutMissing } from './plan.ts';
import type { HostPlan } from './plan.ts';
import type { Profile } from './profile.ts';

const profile = (...knobs: readonly string[]): Profile =>
  parseProfile(
    `name = "mine"\ntitle = "x"\nsummary = "x"\n${knobs.map((knob) => `[[knobs]]\n${knob}\nwhy = "Why."\nsource = "doc"\n`).join('')}`,
    'mine.toml',
  );
const sysctl = (key: string, value: number, more = ''): string => `knob = "sysctl"\nkey = "${key}"\nvalue = ${value}\n${more}`;
const summary = ({ plan, skipped }: HostPlan): unknown => ({
  does: plan.changes.map(({ action }) => (action.kind === 'sysctl' ? `${action.key} = ${action.value}` : Object.values(action).join(' '))),
  skips: skipped,
});

test('a plan names its profile, and each change its reason, source and risk', () => {
  const { plan, origins, skipped } = planProfile(facts(), profile(sysctl('vm.swappiness', 10, 'risk = "reboot"\nrequired = true')));
  expect(plan).toEqual({
    component: 'tune',
    title: 'profile mine',
    changes: [{ action: { kind: 'sysctl', key: 'vm.swappiness', value: '10' }, why: 'Why.', source: 'profile mine: doc', risk: 'reboot' }],
  });
  expect({ origins, skipped }).toEqual({ origins: [{ knob: 'sysctl vm.swappiness', required: true }], skipped: [] });
});

test('an entry whose conditions do not hold is skipped with the reason', () => {
  const mine = profile(sysctl('vm.swappiness', 10, 'when = { virtual = true }\nrequired = true'));
  expect(summary(planProfile(facts(), mine))).toEqual({
    does: [],
    skips: [{ knob: 'sysctl vm.swappiness', why: 'It is for virtual machines.' }],
  });
});

test('of two entries that set one thing the later decides, also where things exclude one another', () => {
  const mine = profile(
    sysctl('vm.dirty_ratio', 20),
    sysctl('vm.swappiness', 1, 'when = { virtual = false }'),
    sysctl('vm.stat_interval', 5),
    sysctl('vm.dirty_bytes', 4096),
    sysctl('vm.swappiness', 2, 'when = { battery = false }'),
    'knob = "disk-scheduler"\ndisks = ["nvme", "ssd"]\nvalue = "none"',
    'knob = "disk-scheduler"\ndisks = ["ssd"]\nvalue = "mq-deadline"',
  );
  expect(summary(planProfile(facts(), mine))).toEqual({
    does: [
      'vm.stat_interval = 5',
      'vm.dirty_bytes = 4096',
      'vm.swappiness = 2',
      'sysfs /sys/block/nvme0n1/queue/scheduler none',
      'sysfs /sys/block/sda/queue/scheduler mq-deadline',
    ],
    skips: [
      { knob: 'sysctl vm.dirty_ratio', why: 'sysctl vm.dirty_bytes comes later and decides.' },
      { knob: 'sysctl vm.swappiness', why: 'sysctl vm.swappiness comes later and decides.' },
      { knob: 'disk-scheduler nvme,ssd', why: 'disk-scheduler ssd comes later and decides.' },
    ],
  });
});

test('modules come first, and what depends on a governor after it', () => {
  const mine = profile(
    'knob = "cpu-preference"\nvalue = "power"',
    sysctl('vm.swappiness', 1),
    'knob = "cpu-governor"\nvalue = "powersave"',
    'knob = "module"\nmodule = "tcp_bbr"\nvalue = true',
  );
  const machine = facts({ cpu: { policies: [policy(0, { governor: 'performance' })] } });
  expect(summary(planProfile(machine, mine))).toEqual({
    does: [
      'module tcp_bbr true',
      'vm.swappiness = 1',
      'sysfs /sys/devices/system/cpu/cpufreq/policy0/scaling_governor powersave',
      'sysfs /sys/devices/system/cpu/cpufreq/policy0/energy_performance_preference power',
    ],
    skips: [],
  });
});

test('what a profile requires must be there', () => {
  const mine = profile('knob = "numa-balancing"\nvalue = false\nrequired = true');
  const why = 'The profile mine requires numa-balancing: All memory of this machine is equally near.';
  const hint = 'Choose another profile for this machine.';
  expect(() => planProfile(facts(), mine)).toThrow(new HecateError('UNAVAILABLE', why, { hint }));
});

/** A preview in which changes have obstacles of these codes. */
const stepsOf = ({ plan }: HostPlan, codes: readonly (ErrorCode | null)[]): PreviewStep[] =>
  plan.changes.map((change, index) => {
    const code = codes[index] ?? null;
    const obstacle = code === null ? null : { code, sentence: `${code}.` };
    return { change, target: '', verdict: 'impossible', was: null, wanted: null, device: null, obstacle, sideEffect: null };
  });

test('what the preview finds missing is left out unless it is required; other obstacles stay', () => {
  const before = planProfile(
    facts(),
    profile(sysctl('vm.a', 1), sysctl('vm.b', 1, 'required = true'), sysctl('vm.c', 1), sysctl('vm.d', 1), sysctl('vm.e', 1)),
  );
  const after = withoutMissing(before, stepsOf(before, ['UNAVAILABLE', 'UNAVAILABLE', 'DENIED', 'UNSUPPORTED', null]));
  expect(summary(after)).toEqual({
    does: ['vm.b = 1', 'vm.c = 1', 'vm.e = 1'],
    skips: [
      { knob: 'sysctl vm.a', why: 'UNAVAILABLE.' },
      { knob: 'sysctl vm.d', why: 'UNSUPPORTED.' },
    ],
  });
  expect(after.origins.map(({ knob }) => knob)).toEqual(['sysctl vm.b', 'sysctl vm.c', 'sysctl vm.e']);
});

test('what needs a module goes with it', () => {
  const before = planProfile(facts(), profile('knob = "zram"\nvalue = "1GiB"', sysctl('vm.swappiness', 100)));
  expect(before.plan.changes.map(({ action }) => action.kind)).toEqual(['module', 'zram', 'sysctl']);
  expect(summary(withoutMissing(before, stepsOf(before, ['UNAVAILABLE'])))).toEqual({
    does: ['vm.swappiness = 100'],
    skips: [{ knob: 'zram', why: 'UNAVAILABLE.' }],
  });
});
