import { HecateError, openHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import { describe, expect, test } from 'vitest';
import { readDf } from './df.ts';
import { answering, refusalOf } from './fixture.testing.ts';
import { readIoreg } from './ioreg.ts';
import { readIostat } from './iostat.ts';
import { readMount } from './mount.ts';
import { readNetstatInterfaces } from './netstat-interfaces.ts';
import { readNetstatTcp } from './netstat-tcp.ts';
import { readPmsetTherm } from './pmset-therm.ts';
import { readPmset } from './pmset.ts';
import { readPowermetrics } from './powermetrics.ts';
import { askProgram } from './program.ts';
import { readPs } from './ps.ts';
import { readSysctl } from './sysctl.ts';
import { readSystemProfiler } from './system-profiler.ts';
import { readVmStat } from './vm-stat.ts';

const READERS: readonly (readonly [program: string, read: (host: Host) => Promise<unknown>])[] = [
  ['/usr/sbin/sysctl', (host) => readSysctl(host, ['hw.memsize'])],
  ['/usr/bin/vm_stat', readVmStat],
  ['/usr/sbin/ioreg', (host) => readIoreg(host, 'AppleSmartBattery')],
  ['/usr/bin/pmset', readPmset],
  ['/usr/bin/pmset', readPmsetTherm],
  ['/usr/sbin/system_profiler', (host) => readSystemProfiler(host, ['SPHardwareDataType'])],
  ['/usr/sbin/netstat', readNetstatInterfaces],
  ['/usr/sbin/netstat', readNetstatTcp],
  ['/usr/bin/powermetrics', readPowermetrics],
  ['/bin/df', readDf],
  ['/sbin/mount', readMount],
  ['/usr/sbin/iostat', readIostat],
  ['/bin/ps', readPs],
];

describe.each(READERS)('%s', (program, read) => {
  test('is asked by its full path, with arguments and a time limit, through no shell', async () => {
    const { host, asked, options } = answering({ status: 1, stderr: 'no' });
    await refusalOf(() => read(host));
    expect(asked).toHaveLength(1);
    expect(asked[0]![0]).toBe(program);
    expect(options[0]!.timeout).toBeGreaterThan(0);
    expect(options[0]!.maxBytes).toBeGreaterThan(0);
  });

  test('missing, refusing, hanging, failing, killed and silent: an error that says so', async () => {
    const missing = answering(new HecateError('UNAVAILABLE', `${program} is not installed.`));
    expect(await refusalOf(() => read(missing.host))).toEqual({ code: 'UNAVAILABLE', message: `${program} is not installed.` });
    const refusing = answering({ status: 1, stderr: 'must be invoked as the superuser\n' });
    expect(await refusalOf(() => read(refusing.host))).toEqual({
      code: 'DENIED',
      message: `${program} answers root only: must be invoked as the superuser.`,
    });
    const hanging = answering(new HecateError('FAILED', `${program} did not end within 5 s.`));
    expect((await refusalOf(() => read(hanging.host))).message).toContain('did not end');
    const failing = answering({ status: 2, stderr: 'something else\nmore' });
    expect((await refusalOf(() => read(failing.host))).message).toMatch(/ ended with status 2: something else\.$/);
    const old = answering({ status: 64, stderr: 'x: illegal option -- W\nusage: x' });
    expect((await refusalOf(() => read(old.host))).code).toBe('UNSUPPORTED');
    const killed = answering({ status: null, signal: 'SIGSEGV' });
    expect((await refusalOf(() => read(killed.host))).message).toContain('was ended by SIGSEGV');
    const silent = answering({ stdout: '' });
    const reading = await read(silent.host).catch((error: unknown) => error);
    // No entry of a class, and no setting of a name, are answers too.
    if (reading instanceof Error) expect(reading).toMatchObject({ code: 'FAILED' });
    else expect([...(reading as Iterable<unknown>)]).toEqual([]);
  });
});

test('a program that is not there is missing', async () => {
  expect((await refusalOf(() => askProgram(openHost(), { argv: ['/usr/bin/no-program-of-this-name'] }))).code).toBe('UNAVAILABLE');
});

test('a program that hangs is ended', async () => {
  const real = openHost();
  const host: Host = { ...real, run: (_, options) => real.run(['sleep', '60'], { ...options, timeout: 0.2 }) };
  expect(await refusalOf(() => readPmset(host))).toEqual({ code: 'FAILED', message: 'sleep did not end within 0.2 s.' });
});

test('a program that writes without end is ended', async () => {
  const real = openHost();
  const host: Host = { ...real, run: (_, options) => real.run(['yes'], options) };
  const { message } = await refusalOf(() => askProgram(host, { argv: ['/usr/bin/vm_stat'], maxBytes: 100_000 }));
  expect(message).toBe('yes wrote more than 100000 bytes.');
});

test.each([
  ['a class with other characters', () => readIoreg(openHost(), '-c x')],
  ['a setting with other characters', () => readSysctl(openHost(), ['hw.memsize', '-w'])],
  ['a sampler with other characters', () => readPowermetrics(openHost(), { samplers: ['-o'] })],
  ['an interval of no time', () => readPowermetrics(openHost(), { interval: 0 })],
])('%s is refused before anything is asked', async (_, act) => {
  expect((await refusalOf(act)).code).toBe('INVALID');
});
