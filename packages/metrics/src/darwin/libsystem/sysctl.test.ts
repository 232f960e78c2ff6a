import { describe, expect, test } from 'vitest';
import { HecateError } from '@hecate/host';
import { openDarwin } from '../binding/darwin.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { int, long, text } from '../fake/machine.testing.ts';
import { constant } from '../fake/abi.testing.ts';
import { requireKnownVersion } from '../version.ts';
import { sysctlBytes, sysctlInteger, sysctlInto, sysctlText } from './sysctl.ts';

describe.skipIf(noFakeDarwin !== null)('sysctl', () => {
  test('a name that the system lacks, or that may not be read, says so by its errno', () => {
    const fake = openFakeDarwin({ answers: { 'sysctl:kern.secret': { result: -1, error: constant('EPERM') } } });
    const darwin = openDarwin(fake.host);
    expect(() => sysctlInteger(darwin, 'hw.none')).toThrow(expect.objectContaining({ code: 'ENOENT', syscall: 'sysctl hw.none' }));
    expect(() => sysctlText(darwin, 'kern.secret')).toThrow(expect.objectContaining({ code: 'EPERM' }));
    expect(() => sysctlInto(darwin, [4, 17], Buffer.alloc(4))).toThrow(expect.objectContaining({ code: 'ENOENT', syscall: 'sysctl 4.17' }));
    fake.expectClean();
  });

  test('integers have 4 or 8 bytes and their sign; others are no integers', () => {
    const fake = openFakeDarwin({
      answers: {
        'sysctl:hw.ncpu': int(8),
        'sysctl:hw.memsize': long(17_179_869_184),
        'sysctl:kern.minus': int(-2),
        'sysctl:kern.boottime': Buffer.alloc(7),
      },
    });
    const darwin = openDarwin(fake.host);
    expect(['hw.ncpu', 'hw.memsize', 'kern.minus'].map((name) => sysctlInteger(darwin, name))).toEqual([8, 17_179_869_184, -2]);
    expect(() => sysctlInteger(darwin, 'kern.boottime')).toThrow(
      new HecateError('FAILED', 'sysctl kern.boottime answered 7 bytes, which is no integer.'),
    );
    fake.expectClean();
  });

  test('texts end at their NUL, and lists have the length that they turn out to have', () => {
    const fake = openFakeDarwin({ answers: { 'sysctl:kern.hostname': text('Büro – 電'), 'sysctl:1.14.0': Buffer.alloc(5000, 7) } });
    const darwin = openDarwin(fake.host);
    expect(sysctlText(darwin, 'kern.hostname')).toBe('Büro – 電');
    expect(sysctlBytes(darwin, [1, 14, 0])).toEqual(Buffer.alloc(5000, 7));
    fake.expectClean();
  });

  test('a list that grows while it is asked for is asked for again, not for ever', () => {
    const fake = openFakeDarwin({});
    let asked = 0;
    const darwin = openDarwin(fake.host);
    const growing = {
      ...darwin,
      libraries: { ...darwin.libraries, errno: () => constant('ENOMEM') },
      libsystem: {
        ...darwin.libsystem,
        sysctlbyname: (_name: string, into: Buffer | null, length: Buffer | null) => {
          asked++;
          length!.writeBigUInt64LE(64n);
          return into === null ? 0 : asked > 5 ? 0 : -1;
        },
      },
    };
    expect(sysctlBytes(growing, 'a')).toHaveLength(64);
    expect(asked).toBe(6);
    asked = -1000;
    expect(() => sysctlBytes(growing, 'a')).toThrow('grew 5 times');
  });
});

describe.skipIf(noFakeDarwin !== null)('the version of the system', () => {
  const check = (release: string): void => {
    const fake = openFakeDarwin({ answers: { 'sysctl:kern.osrelease': text(release) } });
    requireKnownVersion(openDarwin(fake.host));
  };
  test.each(['20.6.0', '9.8.0', 'unknown'])('%s is too old, or unknown', (release) => {
    expect(() => check(release)).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED',
        message: `This system is Darwin ${release}; macOS 12 (Darwin 21) is the oldest that is known.`,
      }),
    );
  });
  test.each(['21.0.0', '22.6.0', '27.1.0'])('%s is known', (release) => {
    expect(() => check(release)).not.toThrow();
  });
});
