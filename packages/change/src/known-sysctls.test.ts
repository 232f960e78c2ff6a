import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyPath } from './actions/sysctl/key.ts';
import { normaliseValue } from './actions/value-file.ts';
import { expectValue, KNOWN_SYSCTLS, knownSysctl, nearestSysctl } from './known-sysctls.ts';

const all = [...KNOWN_SYSCTLS.values()];

test('each says what it is for, and bounds that hold', () => {
  expect(all.length).toBeGreaterThan(120);
  for (const { key, help, type, least, most, count, source } of all) {
    expect(help, key).toMatch(/^[A-Z0-9].*\.$/);
    expect(source, key).toMatch(/\.rst$/);
    if (least !== null && most !== null) expect(least, key).toBeLessThan(most);
    expect(type === 'list' || count === null, key).toBe(true);
  }
});

test.runIf(process.platform === 'linux')('this machine is within the bounds', () => {
  // Of a pair, 0 says that the other one is in force: it can be read, and not be set.
  const unused = new Set(['vm.dirty_bytes', 'vm.dirty_background_bytes', 'vm.overcommit_kbytes']);
  let seen = 0;
  for (const setting of all) {
    const key = setting.key.replace('*', 'default');
    if (!existsSync(keyPath(key))) continue;
    let text: string;
    try {
      text = readFileSync(keyPath(key), 'utf8');
    } catch (error) {
      // For root only.
      expect((error as NodeJS.ErrnoException).code, key).toBe('EACCES');
      continue;
    }
    seen++;
    if (!(unused.has(key) && text === '0\n')) expectValue(key, setting, normaliseValue(text));
  }
  expect(seen).toBeGreaterThan(100);
});

describe('values', () => {
  const numbers = all.filter(({ type }) => type === 'integer');

  test('every number in the bounds is taken, and every one beyond them refused', () => {
    fc.assert(
      fc.property(fc.constantFrom(...numbers), fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (setting, number) => {
        const isIn = (setting.least === null || number >= setting.least) && (setting.most === null || number <= setting.most);
        const check = (): void => expectValue(setting.key, setting, number.toString());
        if (isIn) check();
        else expect(check).toThrow(expect.objectContaining({ code: 'INVALID' }));
      }),
    );
  });

  test('anything that is no number is refused with one sentence', () => {
    fc.assert(
      fc.property(fc.constantFrom(...numbers), fc.string(), (setting, text) => {
        fc.pre(!/^-?\d+$/.test(text));
        expect(() => expectValue(setting.key, setting, text)).toThrow(
          expect.objectContaining({ code: 'INVALID', message: expect.stringMatching(/^[^\n]{10,300}\.$/) as string }),
        );
      }),
    );
  });
});

test('keys of interfaces are found for every one', () => {
  expect(knownSysctl('net.ipv4.conf.eth0/100.rp_filter')?.most).toBe(2);
  expect(knownSysctl('net.ipv4.conf.all.rp_filter')?.most).toBe(2);
  expect(knownSysctl('net.ipv4.conf.rp_filter')).toBeNull();
  expect(knownSysctl('kernel.brand_new')).toBeNull();
});

test('a slip of the fingers is seen', () => {
  expect(nearestSysctl('vm.swapiness')).toBe('vm.swappiness');
  expect(nearestSysctl('vn.swappiness')).toBe('vm.swappiness');
  expect(nearestSysctl('net.ipv4.tcp_rmme')).toBe('net.ipv4.tcp_rmem');
  expect(nearestSysctl('net.ipv6.conf.wlan0.forwardnig')).toBe('net.ipv6.conf.wlan0.forwarding');
  expect(nearestSysctl('something.else.entirely.that.nobody.wrote')).toBeNull();
});
