import { HecateError } from '@hecate/host';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '../../linux/storage/any-text.testing.ts';
import { parseDf } from './df.ts';
import { fixture } from './fixture.testing.ts';
import { parseIoreg } from './ioreg.ts';
import { parseIostat } from './iostat.ts';
import { parseMount } from './mount.ts';
import { parseNetstatInterfaces } from './netstat-interfaces.ts';
import { parseNetstatRoutes } from './netstat-routes.ts';
import { parseNetstatTcp } from './netstat-tcp.ts';
import { parseNotifyutil } from './notifyutil.ts';
import { parsePmsetTherm } from './pmset-therm.ts';
import { parsePmset } from './pmset.ts';
import { parsePowermetrics } from './powermetrics.ts';
import { parsePs } from './ps.ts';
import { disksFromIoreg } from './readings/disk.ts';
import { filesystemsFromDf } from './readings/filesystem.ts';
import { gpusFromIoreg, gpusFromProfiler, named } from './readings/gpu.ts';
import { memoryFromVmStat } from './readings/memory.ts';
import { networkFromNetstat } from './readings/network.ts';
import { powerFromIoreg, powerFromPmset } from './readings/power.ts';
import { energyFromPowermetrics, frequencyFromPowermetrics } from './readings/processor.ts';
import { smartFromProfiler, wifiFromProfiler } from './readings/profile.ts';
import { hostFromSysctl, loadFromSysctl } from './readings/system.ts';
import { thermalFromPmset } from './readings/thermal.ts';
import { bootTimeOf, parseSysctl, pressureOf, swapOf } from './sysctl.ts';
import { parseSystemProfiler } from './system-profiler.ts';
import { parseVmStat } from './vm-stat.ts';

const BATTERY = "Now drawing from 'AC Power'\n -InternalBattery-0 (id=1)\t34%; charging; 5:58 remaining present: true\n";

/** Each program's answer, and all that is made of it. */
const PARSERS: readonly (readonly [name: string, answer: string, read: (text: string) => unknown])[] = [
  [
    'sysctl',
    fixture('sysctl.txt'),
    (text) => {
      const values = parseSysctl(text);
      return [swapOf(values), bootTimeOf(values), pressureOf(values), loadFromSysctl(values), hostFromSysctl(values, 5e9)];
    },
  ],
  ['vm_stat', fixture('vm_stat.txt'), (text) => memoryFromVmStat(parseVmStat(text), { total: 2 ** 34, swap: null, pressure: null })],
  ['ioreg, power', fixture('ioreg-battery.plist'), (text) => powerFromIoreg(parseIoreg(text), null)],
  ['ioreg, GPUs', fixture('ioreg-accelerators.plist'), (text) => gpusFromIoreg(parseIoreg(text))],
  ['ioreg, disks', fixture('ioreg-disks.plist'), (text) => disksFromIoreg(parseIoreg(text))],
  ['pmset', BATTERY, (text) => powerFromPmset(parsePmset(text))],
  [
    'pmset, heat',
    fixture('pmset-therm-intel.txt'),
    (text) => {
      const therm = parsePmsetTherm(text);
      return [therm, thermalFromPmset(therm)];
    },
  ],
  ['netstat', fixture('netstat-ibdnW.txt'), (text) => networkFromNetstat(parseNetstatInterfaces(text))],
  ['netstat, TCP', fixture('netstat-tcp.txt'), parseNetstatTcp],
  ['netstat, routes', fixture('netstat-rn.txt'), parseNetstatRoutes],
  ['notifyutil', 'com.example.name 2\n', (text) => parseNotifyutil(text, 'com.example.name')],
  [
    'powermetrics',
    fixture('powermetrics-m2.plist'),
    (text) => parsePowermetrics(text).samples.map((sample) => [sample, energyFromPowermetrics(sample), frequencyFromPowermetrics(sample)]),
  ],
  ['powermetrics, Intel', fixture('powermetrics-intel.plist'), parsePowermetrics],
  [
    'system_profiler',
    fixture('system-profiler-m2.json'),
    (text) => {
      const profile = parseSystemProfiler(text);
      const gpus = gpusFromProfiler(profile.gpus);
      return [profile, wifiFromProfiler(profile.wireless), smartFromProfiler(profile.drives, 0), gpus, named(gpus, profile.gpus)];
    },
  ],
  ['df', fixture('df.txt'), (text) => filesystemsFromDf(parseDf(text), parseMount(fixture('mount.txt')))],
  ['mount', fixture('mount.txt'), parseMount],
  ['iostat', fixture('iostat.txt'), parseIostat],
  ['ps', fixture('ps.txt'), parsePs],
];

/** Every number is one: null says unknown, NaN says nothing. */
function expectNumbers(value: unknown, where: string): void {
  if (typeof value === 'number') expect(Number.isFinite(value), where).toBe(true);
  else if (value === undefined) expect.fail(`${where} is undefined`);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) expectNumbers(member, `${where}.${key}`);
  }
}

describe.each(PARSERS)('%s', (name, answer, read) => {
  const tryOn = (text: string): void => {
    let found: unknown;
    try {
      found = read(text);
    } catch (error) {
      if (error instanceof HecateError && (error.code === 'FAILED' || error.code === 'DENIED')) return;
      throw error;
    }
    expectNumbers(found, name);
  };

  test('its answer is read', () => {
    expectNumbers(read(answer), name);
  });

  test('cut off anywhere it is an answer or a refusal', () => {
    const step = Math.max(1, Math.floor(answer.length / 300));
    for (let end = 0; end < answer.length; end += step) tryOn(answer.slice(0, end));
  });

  test('with characters changed, taken out and put in it is an answer or a refusal', () => {
    const places = fc.array(
      fc.tuple(fc.nat(), fc.constantFrom('', '-', '9', ',', '.', '<', '\n', '\t', '\0', 'x', '999999999999999999999')),
      {
        minLength: 1,
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(places, (changes) => {
        let text = answer;
        for (const [place, put] of changes) {
          const at = place % text.length;
          text = text.slice(0, at) + put + text.slice(at + 1);
        }
        tryOn(text);
      }),
    );
  });

  test('any text is an answer or a refusal', () => {
    fc.assert(fc.property(anyText, tryOn));
  });
});
