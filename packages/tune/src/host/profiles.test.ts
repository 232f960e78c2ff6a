import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { openEngine, openHandlers, parsePlan } from '@hecate/change';
import type { Engine } from '@hecate/change';
import { openHost, openWritableHost } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CONDITION_NAMES } from './conditions.ts';
import { detect } from './detect.ts';
import { createLook } from './detect/look.ts';
import { createMachine } from './detect/machine-tree.testing.ts';
import { MACHINES } from './detect/machines.testing.ts';
import type { MachineName } from './detect/machines.testing.ts';
import { anyFacts, facts, lookOf } from './facts.testing.ts';
import { KNOBS } from './knobs/index.ts';
import { listProfiles, loadProfile } from './load-profile.ts';
import { planProfile, withoutMissing } from './plan.ts';
import type { HostPlan } from './plan.ts';
import { PROFILE_NAMES } from './profile-name.ts';
import type { KnobEntry, Profile } from './profile.ts';

const SHIPPED = fileURLToPath(new URL('../../profiles', import.meta.url));
const HANDLERS = openHandlers();
const profiles: readonly Profile[] = listProfiles([SHIPPED]).map(({ name }) => loadProfile(name, [SHIPPED]));

/** What every plan holds: each action is one that a handler takes, and no thing is changed twice. */
function check({ plan, origins }: HostPlan): void {
  const parsed = parsePlan(JSON.parse(JSON.stringify(plan)), HANDLERS);
  // Plans of large machines have hundreds of changes: the matcher takes a second for what this takes a millisecond.
  expect(isDeepStrictEqual(parsed, plan), JSON.stringify(plan)).toBe(true);
  expect(origins).toHaveLength(plan.changes.length);
}

/** An engine that is asked what it would do, and does nothing. */
const openPreviews = (host: WritableHost): Engine => openEngine({ host, handlers: HANDLERS, directory: '/nonexistent/hecate-journal' });

/** What the engine says against a plan from which all that is missing has been taken. */
async function obstaclesOf(host: WritableHost, before: HostPlan): Promise<string[]> {
  const steps = await openPreviews(host).preview(before.plan);
  const left = new Set(withoutMissing(before, steps).plan.changes);
  return steps
    .filter(({ change, obstacle }) => obstacle !== null && left.has(change))
    .map(({ target, obstacle }) => `${obstacle!.code} ${target}: ${obstacle!.sentence}`);
}

test('there is a profile for every kind of machine, and what they build on', () => {
  expect(profiles.map(({ name }) => name)).toEqual([...PROFILE_NAMES, 'base', 'desktop'].sort());
});

/** Sources that people can look up: a document and a place in it, a guide, a page of the manual. */
const SOURCE =
  /^(?:Linux|Documentation\/|[a-z-]+\(\d\)|RFC \d|Red Hat|SUSE|NVIDIA|AMD|Intel|Oracle|Redis|MongoDB|Elasticsearch|LXD|Fedora|Amazon|ESnet|LWN|Feral|kind|systemd|Visual Studio Code|I\. Grigorik)/;

test.each(profiles)('$name gives each knob a reason and a source that can be looked up', ({ title, summary, knobs }) => {
  expect(title).toMatch(/^[A-Z]/);
  expect(summary).toMatch(/\.$/);
  for (const { knob, why, source } of knobs) {
    expect(why, knob).toMatch(/^[A-Z].*[.]$/);
    expect(why.length, why).toBeLessThanOrEqual(160);
    for (const part of source.split('; ')) expect(part, knob).toMatch(SOURCE);
  }
});

test('no profile asks for what only fits one machine, or forbids another profile', () => {
  for (const { knobs } of profiles) expect(knobs.some(({ required }) => required)).toBe(false);
});

test('no profile asks for another preference than its governor allows', () => {
  for (const { name, knobs } of profiles) {
    const fixed = knobs.find(({ knob, value }) => knob === 'cpu-governor' && value === 'performance');
    const preferences = knobs.filter(({ knob }) => knob === 'cpu-preference');
    for (const { when } of preferences) expect(fixed === undefined || when.battery !== fixed.when.battery, name).toBe(true);
  }
});

const names = Object.keys(MACHINES) as MachineName[];
test.each(names)('every profile can be planned for %s, and the engine finds nothing wrong with it', async (name) => {
  const tree = createMachine(MACHINES[name]);
  try {
    const found = await detect(tree.host);
    for (const profile of profiles) {
      check(planProfile(found, profile));
      const before = planProfile(found, profile, createLook(tree.host));
      check(before);
      const obstacles = await obstaclesOf(openWritableHost(tree.host), before);
      expect(obstacles, profile.name).toEqual([]);
    }
  } finally {
    tree.remove();
  }
});

test('every profile can be planned for any machine', () => {
  const looks = [null, lookOf({}), lookOf({ '/proc/sys/vm/max_map_count': '65530', '/sys/devices/system/cpu/isolated': '0-3' })];
  fc.assert(
    fc.property(anyFacts, fc.constantFrom(...profiles), fc.constantFrom(...looks), (machine, profile, look) => {
      check(planProfile(machine, profile, look));
    }),
    { numRuns: 600 },
  );
});

const anyEntry: fc.Arbitrary<KnobEntry> = fc.constantFrom(...profiles.flatMap(({ knobs }) => knobs));

test('any entries together can be planned for any machine: no thing is changed twice', () => {
  fc.assert(
    fc.property(anyFacts, fc.array(anyEntry, { maxLength: 30 }), (machine, knobs) => {
      check(planProfile(machine, { ...profiles[0]!, knobs }));
    }),
    { numRuns: 300 },
  );
});

test('plans are made from facts alone: twice the same, and facts stay as they are', () => {
  fc.assert(
    fc.property(anyFacts, fc.constantFrom(...profiles), (machine, profile) => {
      const before = structuredClone(machine);
      expect(planProfile(machine, profile)).toEqual(planProfile(before, profile));
      expect(machine).toEqual(before);
    }),
    { numRuns: 100 },
  );
});

test('on this machine the engine can preview every profile, and nothing is left but what the user may not do', async () => {
  const host = openWritableHost(openHost());
  const found = await detect(host);
  for (const profile of profiles) {
    const obstacles = await obstaclesOf(host, planProfile(found, profile, createLook(host)));
    expect(
      obstacles.filter((sentence) => !sentence.startsWith('DENIED')),
      profile.name,
    ).toEqual([]);
  }
});

test('a machine without any of it is left alone: no sysctl of the profiles is one that nobody knows', async () => {
  const tree = createMachine(MACHINES.dockerHost);
  try {
    const engine = openPreviews(openWritableHost(tree.host));
    for (const profile of profiles) {
      const sysctls = profile.knobs.filter(({ knob }) => knob === 'sysctl').map((entry) => ({ ...entry, when: {} }));
      const before = planProfile(facts(), { ...profile, knobs: sysctls }, createLook(tree.host));
      const after = withoutMissing(before, await engine.preview(before.plan));
      expect(after.plan.changes, profile.name).toEqual([]);
      expect(after.skipped).toHaveLength(before.plan.changes.length + before.skipped.length);
    }
  } finally {
    tree.remove();
  }
});

test('a server of 64 GiB bounds its dirty memory, a small one does not', () => {
  const server = profiles.find(({ name }) => name === 'server')!;
  const keys = (total: number): string[] =>
    planProfile(facts({ memory: { total } }), server).plan.changes.flatMap(({ action }) => (action.kind === 'sysctl' ? [action.key] : []));
  expect(keys(64 * 2 ** 30)).toEqual(expect.arrayContaining(['vm.dirty_bytes', 'vm.dirty_background_bytes']));
  expect(keys(2 ** 30)).toEqual(['net.ipv4.tcp_slow_start_after_idle']);
});

test('every condition and every knob of the profiles is one that there is', () => {
  const used = new Set(profiles.flatMap(({ knobs }) => knobs.flatMap(({ when }) => Object.keys(when))));
  expect([...used].filter((name) => !(CONDITION_NAMES as readonly string[]).includes(name))).toEqual([]);
  expect(profiles.flatMap(({ knobs }) => knobs).filter(({ knob }) => !KNOBS.has(knob))).toEqual([]);
});

test('the files read well: no line is too long for a screen of reasons, none has a tab', () => {
  for (const { name } of profiles) {
    for (const line of readFileSync(`${SHIPPED}/${name}.toml`, 'utf8').split('\n')) {
      expect(line.length, `${name}: ${line}`).toBeLessThanOrEqual(200);
      expect(line).not.toContain('\t');
    }
  }
});

test('the README names every knob with its options, and every condition', () => {
  const rows = readFileSync(`${SHIPPED}/README.md`, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  for (const { name, options } of KNOBS.values()) {
    const row = rows.find((line) => line.startsWith(`| \`${name}\` |`)) ?? '';
    expect(row, name).not.toBe('');
    for (const option of Object.keys(options)) expect(row, name).toContain(`\`${option}\``);
  }
  const first = rows.map((line) => line.split('|')[1]!).join();
  for (const name of CONDITION_NAMES) expect(first).toContain(`\`${name}\``);
});
