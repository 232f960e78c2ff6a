import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openHost } from '@hecate/host';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleProgram } from '../../bundle.testing.ts';
import { isToldOfDevices } from './uevent-reach.ts';

/** Runs a program in a user namespace of its own, and in what else `more` says. */
const unshared = (more: readonly string[], program: string, ...args: readonly string[]): ReturnType<typeof spawnSync> =>
  spawnSync('unshare', ['--user', '--map-root-user', ...more, program, ...args], {
    encoding: 'utf8',
    timeout: 40_000,
    env: { ...process.env, NODE_PATH: fileURLToPath(new URL('../../../../../node_modules', import.meta.url)) },
  });

function whyNot(): string | null {
  if (process.platform !== 'linux') return 'this is not Linux';
  const { status, stderr, error } = unshared(['--net'], 'true');
  return status === 0 ? null : `no user namespace can be made here: ${error?.message ?? String(stderr).trim()}`;
}
const missing = whyNot();
if (missing) console.warn(`SKIPPED: devices in user namespaces: ${missing}`);

describe.runIf(process.platform === 'linux')('whether the kernel tells of devices', () => {
  test('here: whoever is in the first user namespace hears of them or knows why not', () => {
    const before = readdirSync('/proc/self/fd').length;
    const told = isToldOfDevices(openHost());
    expect(readdirSync('/proc/self/fd')).toHaveLength(before);
    // A container may have been given a network namespace of a user namespace around it.
    if (readlinkSync('/proc/self/ns/user') === 'user:[4026531837]') expect(told).not.toBeNull();
    else expect(told).not.toBe(true);
  });

  test('where it cannot be asked', () => {
    const failing = Object.assign(new Error('ENOENT: made for a test'), { code: 'ENOENT' });
    const host = {
      ...openHost(),
      resolve: () => {
        throw failing;
      },
    };
    expect(isToldOfDevices(host)).toBeNull();
  });
});

describe.skipIf(missing)('in a user namespace', () => {
  let directory = '';
  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'hecate-uevent-'));
    await bundleProgram(new URL('watch-program.testing.ts', import.meta.url), path.join(directory, 'program.cjs'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const devices = (more: readonly string[]): unknown[] => {
    const { stdout, stderr } = unshared(more, process.execPath, path.join(directory, 'program.cjs'), 'devices');
    expect(stderr).toBe('');
    return String(stdout)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  };

  test('with a network of its own: devices and mains are unavailable, and the rest is watched', () => {
    const unavailable = { kind: 'unavailable', reason: 'unsupported', detail: expect.stringContaining('Watch link') };
    expect(devices(['--net'])).toMatchObject([
      { ...unavailable, what: 'device' },
      { ...unavailable, what: 'power-source' },
      { kind: 'watching', kinds: ['clock'] },
    ]);
  });

  test('with the network around it: they are watched', () => {
    expect(devices([])).toMatchObject([{ kind: 'watching', kinds: expect.arrayContaining(['device']) }]);
  });
});
