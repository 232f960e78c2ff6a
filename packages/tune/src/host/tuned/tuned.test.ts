import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { openEngine, openHandlers, parsePlan } from '@hecate/change';
import type { Action } from '@hecate/change';
import { openHost, openWritableHost } from '@hecate/host';
import { encodeProfile } from '../../evidence/encode-profile.ts';
import { detect } from '../detect.ts';
import { createLook } from '../detect/look.ts';
import type { HostFacts } from '../facts.ts';
import { parseProfile } from '../parse-profile.ts';
import { planProfile, withoutMissing } from '../plan.ts';
import { importTuned } from './import.ts';
import { loadUnits, TUNED_DIRECTORIES } from './load-units.ts';
import { createTunedMachine } from './machine.ts';
import { askTuned, hasTuned } from './tuned-judge.testing.ts';
import type { Verdict } from './tuned-judge.testing.ts';
import { defineVariables } from './variable-unit.ts';
import { createVariables } from './variables.ts';

const DIRECTORY = '/usr/lib/tuned';
// virt-what, which tuned asks, works for root only.
const canAsk = hasTuned && process.getuid?.() === 0;
if (!canAsk) console.warn('Skipped: tuned as the judge of what is imported from it: it takes root and the Debian package tuned.');

const names = canAsk ? readdirSync(DIRECTORY).filter((name) => existsSync(`${DIRECTORY}/${name}/tuned.conf`)) : [];
const host = openHost();
const look = createLook(host);
/** Settings that tuned's own machine is asked for only when it runs. */
const normal = (text: string): string => text.trim().replaceAll(/\s+/g, ' ');

describe.skipIf(!canAsk)("tuned's own profiles", () => {
  let facts: HostFacts;
  let verdicts: Readonly<Record<string, Verdict>>;
  beforeAll(async () => {
    const found = await detect(host);
    // Those that other tests make and remove meanwhile are no disks of this machine.
    facts = { ...found, disks: found.disks.filter(({ name }) => !/^(?:loop|zram|dm-|md|nbd|ram|nullb)\d/.test(name)) };
    verdicts = askTuned(names);
  }, 60_000);

  test('there are some', () => {
    expect(names.length).toBeGreaterThan(20);
    expect(Object.keys(verdicts)).toEqual(names);
  });

  test('are read as tuned reads them: units, included profiles, variables and functions', () => {
    for (const name of names) {
      const machine = createTunedMachine(host, facts);
      const variables = createVariables(machine);
      const { units } = loadUnits(name, TUNED_DIRECTORIES, machine, variables);
      const defined = units.get('variables');
      if (defined) defineVariables(defined, { machine, variables, directories: TUNED_DIRECTORIES });
      const read = Object.fromEntries(
        [...units.values()]
          .filter((unit) => unit !== defined)
          .map((unit) => {
            const put = (text: string): string => variables.expand(text).text;
            const options = [...unit.settings].map(([option, { value }]) => {
              const { text, unknown } = variables.expand(value);
              // tuned has run a program for it, and the judge has answered in its place.
              return [option, unknown === null ? normal(text) : '/judge'];
            });
            const { type, enabled, devices, cpuinfoRegex, unameRegex } = unit;
            const cpuinfo = cpuinfoRegex === null ? null : put(cpuinfoRegex);
            return [unit.name, { type, enabled, devices: put(devices), cpuinfo, uname: unameRegex, options: Object.fromEntries(options) }];
          }),
      );
      const judged = Object.fromEntries(
        Object.entries(verdicts[name]!.units).map(([unit, { options, ...rest }]) => [
          unit,
          { ...rest, options: Object.fromEntries(Object.entries(options).map(([option, value]) => [option, normal(value)])) },
        ]),
      );
      expect({ [name]: read }).toEqual({ [name]: judged });
    }
  });

  test('lose nothing: each setting is a knob, or is listed with the reason why it is none', () => {
    for (const name of names) {
      const { profile, ignored } = importTuned(name, { host, facts });
      for (const [unit, { options }] of Object.entries(verdicts[name]!.units)) {
        for (const option of Object.keys(options)) {
          const isKnob = profile.knobs.some(({ source, why }) => source.endsWith(` [${unit}]`) && why.includes(` ${option} `));
          const isListed = ignored.some(
            ({ place, setting, why }) => place.endsWith(` [${unit}]`) && setting.startsWith(`${option} = `) && why.endsWith('.'),
          );
          expect({ name, unit, option, isThere: isKnob || isListed }).toEqual({ name, unit, option, isThere: true });
        }
      }
    }
  });

  test('come to the plan that tuned carries out on this machine', async () => {
    const handlers = openHandlers();
    const engine = openEngine({ host: openWritableHost(host), handlers, directory: '/nothing-is-written' });
    let compared = 0;
    for (const name of names) {
      const { profile } = importTuned(name, { host, facts });
      const whole = planProfile(facts, profile, look);
      expect(parsePlan(whole.plan, handlers).changes).toHaveLength(whole.plan.changes.length);
      const { plan, skipped } = withoutMissing(whole, await engine.preview(whole.plan));
      const wanted = new Map(plan.changes.flatMap(({ action }) => fileOf(action)));
      const written = new Map(verdicts[name]!.writes.map(([file, value]) => [file, number(value)]));
      for (const [file, value] of written) {
        if (isIdle(file, facts) || !existsSync(file) || isCovered(file, skipped)) continue;
        expect({ name, file, value: wanted.get(file) }).toEqual({ name, file, value });
        compared += 1;
      }
      for (const [file, value] of wanted) {
        // Its plugin moves processes, and is not asked.
        if (file.startsWith('/sys/kernel/debug/sched/')) continue;
        expect({ name, file, value: written.get(file) ?? number(readFileSync(file, 'utf8').trim()) }).toEqual({ name, file, value });
      }
    }
    expect(compared).toBeGreaterThan(names.length);
  });

  test('are files of ours, and run nothing', () => {
    const deaf = { ...host, run: () => Promise.reject(new Error('A program is run.')) };
    for (const name of names) {
      const { profile } = importTuned(name, { host: deaf, facts });
      expect(parseProfile(encodeProfile(profile), `${name}.toml`)).toEqual(profile);
    }
  });
});

/** Masks are compared as numbers: the kernel writes fewer zeros. */
const number = (text: string): string => (/^0[0-9a-f]{7}$/.test(text) ? text.replace(/^0+(?=.)/, '') : text.replaceAll(/\s+/g, ' '));

/** The file that an action writes, and its value. */
function fileOf(action: Action): [string, string][] {
  if (action.kind === 'sysfs') return [[action.path, number(action.value)]];
  return action.kind === 'sysctl' ? [[`/proc/sys/${action.key.replaceAll('.', '/')}`, action.value]] : [];
}

/** Disks that nothing uses, which tuned sets too. */
function isIdle(file: string, facts: HostFacts): boolean {
  const disk = /^\/sys\/block\/([^/]+)\//.exec(file)?.[1];
  return disk !== undefined && !facts.disks.some(({ name }) => name === disk);
}

/** Of two settings that exclude one another the kernel keeps the later one, and we set only that. */
function isCovered(file: string, skipped: readonly { readonly knob: string; readonly why: string }[]): boolean {
  const key = file.replace('/proc/sys/', '').replaceAll('/', '.');
  return skipped.some(({ knob, why }) => knob === `sysctl ${key}` && why.endsWith('comes later and decides.'));
}
