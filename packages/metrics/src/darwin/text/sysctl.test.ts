import { describe, expect, test } from 'vitest';
import { answering, fixture } from './fixture.testing.ts';
import { hostFromSysctl, loadFromSysctl, SYSTEM_SYSCTLS } from './readings/system.ts';
import { bootTimeOf, loadOf, numberOf, parseSysctl, pressureOf, readSysctl, swapOf, textOf } from './sysctl.ts';

const values = parseSysctl(fixture('sysctl.txt'));

describe('what is missing or another thing is null', () => {
  const strange = parseSysctl(
    [
      'hw.memsize: lots',
      'hw.big: 18446744073709551615',
      'vm.loadavg: { 1.0 2.0 }',
      'vm.swapusage: total = 1.00M used =',
      'kern.boottime: now',
    ].join('\n'),
  );
  test.each([parseSysctl(''), parseSysctl('Description: none\nno colon here'), strange])('%#', (none) => {
    expect(numberOf(none, 'hw.memsize')).toBeNull();
    expect(numberOf(none, 'hw.big')).toBeNull();
    expect(loadOf(none)).toBeNull();
    expect(loadFromSysctl(none)).toBeNull();
    expect(swapOf(none)).toBeNull();
    expect(bootTimeOf(none)).toBeNull();
    expect(pressureOf(none)).toBeNull();
    expect(hostFromSysctl(none, 5)).toMatchObject({ hostname: null, uptime: null, cpuCount: null, osVersion: null, osName: 'macOS' });
  });
});

test('names, values, equals signs and values of two lines', () => {
  expect(numberOf(values, 'hw.memsize')).toBe(17_179_869_184);
  expect(numberOf(values, 'kern.exclaves_status')).toBe(1);
  expect(textOf(values, 'machdep.cpu.features')).toBeNull();
  expect(textOf(values, 'user.text')).toBe('one\ntwo lines: of it');
});

test('structures, also with decimal commas', () => {
  expect(loadOf(values)).toEqual([2.31, 1.98, 1.77]);
  expect(loadOf(parseSysctl('vm.loadavg: { 2,31 1,98 1,77 }'))).toEqual([2.31, 1.98, 1.77]);
  expect(swapOf(values)).toEqual({ total: 2_147_483_648, used: 512.5 * 2 ** 20, free: 1535.5 * 2 ** 20 });
  expect(swapOf(parseSysctl('vm.swapusage: total = 1,00G  used = 0,00M  free = 1,00G'))).toEqual({
    total: 2 ** 30,
    used: 0,
    free: 2 ** 30,
  });
  expect(bootTimeOf(values)).toBe(1_763_700_000.25);
  expect(pressureOf(values)).toBe('warning');
});

test('the machine and its load', () => {
  expect(loadFromSysctl(values)).toEqual({ load1: 2.31, load5: 1.98, load15: 1.77, runnable: null, threads: null });
  expect(hostFromSysctl(values, 1_763_700_100.25)).toMatchObject({
    hostname: 'bench.local',
    release: '25.1.0',
    machine: 'arm64',
    osName: 'macOS 26.1',
    os: { buildId: '25B78', versionId: '26.1' },
    uptime: 100,
    cpuModel: 'Apple M2 Pro',
    cpuCount: 10,
  });
});

test('a name that the kernel does not know is left out, whatever the status', async () => {
  const { host, asked } = answering({ status: 1, stdout: 'hw.memsize: 1\n', stderr: "sysctl: unknown oid 'hw.nothing'\n" });
  expect([...(await readSysctl(host, ['hw.memsize', 'hw.nothing']))]).toEqual([['hw.memsize', '1']]);
  expect(asked).toEqual([['/usr/sbin/sysctl', 'hw.memsize', 'hw.nothing']]);
  const { host: none } = answering({ status: 1, stderr: "sysctl: unknown oid 'hw.nothing'\n" });
  expect((await readSysctl(none, ['hw.nothing'])).size).toBe(0);
  expect((await readSysctl(answering({}).host, [])).size).toBe(0);
  expect((await readSysctl(answering({ stdout: fixture('sysctl.txt') }).host, SYSTEM_SYSCTLS)).size).toBeGreaterThan(10);
});
