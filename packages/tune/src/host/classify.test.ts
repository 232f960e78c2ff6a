import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classify } from './classify.ts';
import { detect } from './detect.ts';
import { createMachine, processes } from './detect/machine-tree.testing.ts';
import { MACHINES } from './detect/machines.testing.ts';
import type { MachineName } from './detect/machines.testing.ts';
import type { HostFacts } from './facts.ts';
import { PROFILE_NAMES } from './profile-name.ts';
import type { ProfileName } from './profile-name.ts';
import { PROFILE_RULES } from './profile-rules.ts';

async function factsOf(name: MachineName): Promise<HostFacts> {
  const tree = createMachine(MACHINES[name]);
  try {
    return await detect(tree.host);
  } finally {
    tree.remove();
  }
}

/** Each machine, what it is for, and what was nearest. */
const EXPECTED: readonly (readonly [MachineName, ProfileName, ProfileName | undefined])[] = [
  ['intelLaptop', 'laptop', 'developer'],
  ['epycServer', 'server', undefined],
  ['gamingDesktop', 'gaming', 'developer'],
  ['raspberryPi', 'minimal', 'server'],
  ['appleLaptop', 'laptop', 'developer'],
  ['kvmGuest', 'virtual-guest', 'server'],
  ['nitroInstance', 'database', 'virtual-guest'],
  ['dockerHost', 'container-host', 'server'],
  ['lxcContainer', 'virtual-guest', 'server'],
  ['h100Box', 'ai', 'container-host'],
  ['threadripper', 'pro', 'developer'],
  ['tinyVps', 'minimal', 'database'],
];

test.each(EXPECTED)('%s is for %s, and nearest to that for %s', async (name, profile, next) => {
  const found = classify(await factsOf(name));
  expect({ profile: found.profile, next: found.others[0]?.profile }).toEqual({ profile, next });
  expect(found.confidence).toBeGreaterThan(0.3);
});

/** Machines that differ from another in one thing, which makes them something else. */
const CHANGED: readonly (readonly [string, MachineName, (facts: HostFacts) => Partial<HostFacts>, ProfileName])[] = [
  ['a server with PREEMPT_RT', 'epycServer', ({ roles }) => ({ roles: { ...roles, realtime: true } }), 'latency'],
  ['a server with a database', 'epycServer', ({ roles }) => ({ roles: { ...roles, databases: ['postgres'] } }), 'database'],
  ['a server that runs virtual machines', 'epycServer', ({ roles }) => ({ roles: { ...roles, virtualMachines: true } }), 'server'],
  ['a workstation without its screen', 'threadripper', ({ roles }) => ({ roles: { ...roles, desktop: false, databases: [] } }), 'server'],
  [
    'a workstation with half a terabyte of virtual machines of its own',
    'threadripper',
    ({ roles }) => ({ roles: { ...roles, virtualMachines: true } }),
    'pro',
  ],
  ['a desktop without games', 'gamingDesktop', ({ roles }) => ({ roles: { ...roles, games: [] } }), 'developer'],
  [
    'a laptop whose second GPU has no screen',
    'intelLaptop',
    () => ({
      gpus: [{ vendor: 'nvidia', address: '0000:01:00.0', driver: 'nvidia', card: null, computeOnly: true, memory: null, power: null }],
    }),
    'laptop',
  ],
  [
    'a guest with an accelerator',
    'kvmGuest',
    () => ({
      gpus: [{ vendor: 'nvidia', address: '0000:00:05.0', driver: 'nvidia', card: null, computeOnly: true, memory: null, power: null }],
    }),
    'ai',
  ],
  [
    'a server with an accelerator that calls itself a display',
    'epycServer',
    () => ({
      gpus: [
        { vendor: 'amd', address: '0000:29:00.0', driver: 'amdgpu', card: null, computeOnly: false, memory: 64 * 2 ** 30, power: null },
      ],
    }),
    'ai',
  ],
  ['a Raspberry Pi with Kubernetes', 'raspberryPi', ({ roles }) => ({ roles: { ...roles, containers: ['kubelet'] } }), 'container-host'],
];

test.each(CHANGED)('%s', async (_what, name, change, profile) => {
  const facts = await factsOf(name);
  expect(classify({ ...facts, ...change(facts) }).profile).toBe(profile);
});

test('says why, and what speaks against', async () => {
  const { profile, score, confidence, reasons, others } = classify(await factsOf('dockerHost'));
  expect({ profile, score, reasons }).toEqual({ profile: 'container-host', score: 75, reasons: ['A container engine runs.'] });
  expect(confidence).toBeLessThan(0.5);
  expect(others.find((other) => other.profile === 'database')).toEqual({
    profile: 'database',
    score: 45,
    reasons: ['A database server runs.', 'Containers run here: the database may be in one of them.'],
  });
});

test('a machine of which nothing is known is a server without confidence', async () => {
  const tree = createMachine({ 'usr/share/xsessions/none.desktop': '', ...processes('systemd') });
  try {
    const facts = await detect(tree.host);
    const nobody = { ...facts, roles: { ...facts.roles, desktop: false } };
    expect(classify(nobody)).toMatchObject({ profile: 'server', score: 15, confidence: 0.15 });
    expect(classify(facts)).toMatchObject({ profile: 'developer', score: 30 });
  } finally {
    tree.remove();
  }
});

test('every profile has a rule that speaks for it, and every rule a sentence', () => {
  for (const profile of PROFILE_NAMES)
    expect(
      PROFILE_RULES.some((rule) => rule.profile === profile && rule.points > 0),
      profile,
    ).toBe(true);
  for (const { says, points } of PROFILE_RULES) {
    expect(says).toMatch(/^[A-Z].*\.$/);
    expect(Number.isInteger(points) && points !== 0).toBe(true);
  }
  const keys = PROFILE_RULES.map(({ profile, says }) => `${profile} ${says}`);
  expect(new Set(keys).size).toBe(keys.length);
});

const names = (...values: readonly string[]): fc.Arbitrary<string[]> => fc.subarray([...values]);
const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> => fc.option(value, { nil: null });
const anyNumber = fc.oneof(fc.nat(), fc.maxSafeNat());

/** Whatever a machine could be, and much that none is. */
const anyFacts = fc.record({
  memory: fc.record({ total: anyNumber }),
  cpu: fc.record({ cores: maybe(fc.nat(512)), sockets: maybe(fc.nat(8)) }),
  gpus: fc.array(
    fc.record({ vendor: fc.constantFrom('nvidia', 'amd', 'intel', 'apple', 'other'), computeOnly: fc.boolean(), memory: maybe(anyNumber) }),
  ),
  nics: fc.array(fc.record({ virtual: fc.boolean(), speed: maybe(anyNumber) })),
  hypervisor: maybe(fc.constantFrom('kvm', 'other')),
  container: maybe(fc.constantFrom('docker', 'lxc')),
  battery: fc.boolean(),
  mains: maybe(fc.boolean()),
  formFactor: fc.constantFrom('server', 'desktop', 'laptop', 'tablet', 'embedded', 'virtual', 'unknown'),
  roles: fc.record({
    containers: names('docker', 'kubelet'),
    databases: names('postgres', 'mysqld'),
    servers: names('nginx', 'smbd'),
    virtualMachines: fc.boolean(),
    desktop: fc.boolean(),
    games: names('steam'),
    development: names('gcc', 'git', 'code'),
    realtime: fc.boolean(),
  }),
});

test('any facts: one of the profiles, the best score first, a confidence from 0 to 1', async () => {
  const base = await factsOf('kvmGuest');
  fc.assert(
    fc.property(anyFacts, (some) => {
      const facts = {
        ...base,
        ...some,
        memory: { ...base.memory, ...some.memory },
        cpu: { ...base.cpu, ...some.cpu },
      } as unknown as HostFacts;
      const found = classify(facts);
      expect(PROFILE_NAMES).toContain(found.profile);
      expect(found.confidence).toBeGreaterThanOrEqual(0);
      expect(found.confidence).toBeLessThanOrEqual(1);
      expect(found.reasons.length).toBeGreaterThan(0);
      const scores = [found, ...found.others].map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      expect(found.others.every(({ score }) => score > 0)).toBe(true);
      expect(found.others.map(({ profile }) => profile)).not.toContain(found.profile);
      expect(classify(structuredClone(facts))).toEqual(found);
    }),
    { numRuns: 500 },
  );
});
