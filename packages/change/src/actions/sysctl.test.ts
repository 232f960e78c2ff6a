import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { openHost, openWritableHost } from '@hecate/host';
import { holdMachine } from '../shared-machine.testing.ts';
import type { SysctlAction } from '../action.ts';
import { KNOWN_SYSCTLS } from '../known-sysctls.ts';
import { fakeKernel } from './fake-kernel.testing.ts';
import { inOwnNetwork, ownNetworkMissing } from './own-network.testing.ts';
import { sysctlMissing } from './sysctl.cases.testing.ts';
import { canonicalKey, keyInterface, keyPath } from './sysctl/key.ts';
import { sysctl } from './sysctl.ts';
import { createWritableTree } from './tree-picture.testing.ts';
import type { WritableTree } from './tree-picture.testing.ts';

const set = (key: string, value: string): SysctlAction => ({ kind: 'sysctl', key, value });
const refusal = (code: string, part: string | RegExp): unknown =>
  expect.objectContaining({
    code,
    message: typeof part === 'string' ? (expect.stringContaining(part) as string) : (expect.stringMatching(part) as string),
  });

describe('keys', () => {
  test.each([
    ['vm.swappiness', '/proc/sys/vm/swappiness', 'vm.swappiness'],
    ['vm/swappiness', '/proc/sys/vm/swappiness', 'vm.swappiness'],
    ['net.ipv4.conf.eth0/100.forwarding', '/proc/sys/net/ipv4/conf/eth0.100/forwarding', 'net.ipv4.conf.eth0/100.forwarding'],
    ['net/ipv4/conf/eth0.100/forwarding', '/proc/sys/net/ipv4/conf/eth0.100/forwarding', 'net.ipv4.conf.eth0/100.forwarding'],
  ])('%s', (key, path, canonical) => {
    expect(keyPath(key)).toBe(path);
    expect(canonicalKey(key)).toBe(canonical);
    expect(sysctl.parse({ kind: 'sysctl', key, value: '1' })).toEqual(set(canonical, '1'));
  });

  test.each([
    'vm',
    'vm.',
    '.vm.swappiness',
    'vm..swappiness',
    '/vm/swappiness',
    'vm/../kernel/x',
    'net.ipv4.conf.//.x',
    'vm.swap*',
    'vm.swap piness',
  ])('%s is none', (key) => {
    expect(() => canonicalKey(key)).toThrow(refusal('INVALID', 'is no sysctl'));
  });

  test('both ways of writing a key lead to one file, and never out of /proc/sys', () => {
    const part = fc.stringMatching(/^[a-z\d_@:.-]{1,8}$/).filter((name) => name !== '.' && name !== '..');
    fc.assert(
      fc.property(fc.array(part, { minLength: 2, maxLength: 6 }), (parts) => {
        fc.pre(!parts[0]!.includes('.'));
        const path = `/proc/sys/${parts.join('/')}`;
        const dotted = parts.map((name) => name.replaceAll('.', '/')).join('.');
        expect(keyPath(parts.join('/'))).toBe(path);
        expect(keyPath(dotted)).toBe(path);
        expect(canonicalKey(canonicalKey(parts.join('/')))).toBe(dotted);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (key) => {
        let path: string;
        try {
          path = keyPath(key);
        } catch (error) {
          expect(error).toEqual(refusal('INVALID', 'is no sysctl'));
          return;
        }
        expect(path).not.toMatch(/\/\.{1,2}(?:\/|$)|\/\//);
      }),
    );
  });

  test('of an interface', () => {
    expect(keyInterface('net.ipv4.conf.eth0/100.forwarding')).toBe('eth0.100');
    expect(keyInterface('net.ipv6.neigh.wlan0.gc_stale_time')).toBe('wlan0');
    expect(keyInterface('net.ipv4.conf.all.forwarding')).toBeNull();
    expect(keyInterface('net.ipv4.tcp_rmem')).toBeNull();
  });
});

describe('what is refused before anything is written', () => {
  let tree: WritableTree | undefined;
  afterEach(() => tree?.remove());

  test.each(['vm.drop_caches', 'vm/compact_memory', 'net.ipv4.route.flush', 'vm.stat_refresh'])('%s starts something', (key) => {
    expect(() => sysctl.parse({ kind: 'sysctl', key, value: '1' })).toThrow(refusal('INVALID', 'is no setting'));
  });

  test.each([
    ['vm.swappiness', '201', 'from 0 to 200'],
    ['vm.swappiness', '-1', 'from 0 to 200'],
    ['vm.swappiness', 'low', 'a whole number'],
    ['vm.swappiness', '010', 'a whole number'],
    ['vm.swappiness', '1 2', 'one number'],
    ['vm.dirty_bytes', '0', 'at least 8192'],
    ['net.ipv4.tcp_sack', '2', '0 or 1'],
    ['net.ipv4.tcp_rmem', '4096 131072', '3 numbers'],
    ['net.ipv4.conf.eth0.rp_filter', '3', 'from 0 to 2'],
    ['kernel.unprivileged_bpf_disabled', '1', 'until the next boot'],
  ])('%s = %s', (key, value, part) => {
    tree = createWritableTree();
    expect(() => sysctl.wanted(set(key, value), '0', tree!.host)).toThrow(refusal('INVALID', part));
  });

  test('numbers beyond 2^53 are compared as they are', () => {
    tree = createWritableTree();
    expect(sysctl.wanted(set('kernel.shmmax', '18446744073692774399'), '0', tree.host)).toBe('18446744073692774399');
  });

  test.each([
    ['vm.swapiness', 'INVALID', /no sysctl vm\.swapiness: did you mean vm\.swappiness\?/],
    ['net.ipv4.conf.eth0.rp_fliter', 'INVALID', /did you mean net\.ipv4\.conf\.eth0\.rp_filter\?/],
    ['vm.zzzzzzzzzzzzzzzzzzzzz', 'INVALID', /is not known/],
    ['nothing.of_the_sort_at_all', 'INVALID', /is not known/],
    ['kernel.sched_latency_ns', 'UNAVAILABLE', /too old or too new/],
    ['net.netfilter.nf_brand_new', 'UNAVAILABLE', /module that is not loaded/],
  ])('%s is %s', (key, code, part) => {
    tree = createWritableTree({
      '/proc/sys/vm/swappiness': '60\n',
      '/proc/sys/kernel/osrelease': '6\n',
      '/proc/sys/net/ipv4/conf/eth0/rp_filter': '0\n',
    });
    expect(() => sysctl.current(tree!.host, set(key, '1'))).toThrow(refusal(code, part));
  });

  test('a link out of /proc/sys', () => {
    tree = createWritableTree({ '/proc/sys/vm/x': { link: '../../../etc/passwd' }, '/etc/passwd': 'root\n' });
    expect(() => sysctl.current(tree!.host, set('vm.x', '1'))).toThrow(refusal('INVALID', 'leads out of /proc/sys'));
  });
});

test('of a pair the one in force is brought back, whichever it was and whichever is set', () => {
  const state = fc.oneof(
    fc.record({ ratio: fc.integer({ min: 0, max: 100 }), bytes: fc.constant(0) }),
    fc.record({ ratio: fc.constant(0), bytes: fc.integer({ min: 8192, max: 1 << 30 }) }),
  );
  fc.assert(
    fc.property(state, state, ({ ratio, bytes }, to) => {
      const tree = createWritableTree({ '/proc/sys/vm/dirty_ratio': `${ratio}\n`, '/proc/sys/vm/dirty_bytes': `${bytes}\n` });
      try {
        const host = fakeKernel(tree.host);
        const action = to.bytes === 0 ? set('vm.dirty_ratio', `${to.ratio}`) : set('vm.dirty_bytes', `${to.bytes}`);
        const was = sysctl.current(host, action);
        sysctl.apply(host, action, was);
        expect(sysctl.current(host, action)).toEqual({ 'vm.dirty_ratio': `${to.ratio}`, 'vm.dirty_bytes': `${to.bytes}` });
        sysctl.restore(host, action, was);
        expect([tree.read('/proc/sys/vm/dirty_ratio'), tree.read('/proc/sys/vm/dirty_bytes')]).toEqual([`${ratio}\n`, `${bytes}\n`]);
      } finally {
        tree.remove();
      }
    }),
    { numRuns: 60 },
  );
});

const ALLOWED = '/proc/sys/net/ipv4/tcp_allowed_congestion_control';

const missing = sysctlMissing;
if (missing) console.warn(`SKIPPED: sysctls of this machine: ${missing}`);

if (!missing) afterAll(await holdMachine());

describe.skipIf(missing)('this machine', () => {
  const host = openWritableHost(openHost());

  test('refuses keys that are read only, and those that can only be written', () => {
    expect(() => sysctl.check(host, set('kernel.osrelease', '7'), '6')).toThrow(refusal('UNSUPPORTED', 'read only'));
    expect(() => sysctl.current(host, set('vm.compact_memory', '1'))).toThrow(refusal('INVALID', 'only be written'));
  });

  test.runIf(existsSync(ALLOWED))('a congestion control takes back that everybody may choose it', () => {
    const read = (): string => readFileSync(ALLOWED, 'utf8').trim();
    const original = read();
    const available = readFileSync(ALLOWED.replace('allowed', 'available'), 'utf8').trim().split(' ');
    const chosen = readFileSync(keyPath('net.ipv4.tcp_congestion_control'), 'utf8').trim();
    const other = available.find((name) => name !== chosen) ?? chosen;
    const action = set('net.ipv4.tcp_congestion_control', other);
    try {
      host.setValue(ALLOWED, chosen);
      const was = sysctl.current(host, action);
      sysctl.apply(host, action, was);
      expect(sysctl.current(host, action)).toEqual(sysctl.wanted(action, was, host));
      sysctl.restore(host, action, was);
      expect(read()).toBe(chosen);
    } finally {
      host.setValue(ALLOWED, original);
    }
  });

  test.runIf(existsSync('/proc/sys/vm/dirty_bytes'))('a share of 0 comes back from bytes', () => {
    const read = (key: string): string => readFileSync(keyPath(key), 'utf8').trim();
    const before = sysctl.current(host, set('vm.dirty_background_ratio', '1'));
    try {
      const zero = set('vm.dirty_background_ratio', '0');
      sysctl.apply(host, zero, before);
      const was = sysctl.current(host, zero);
      sysctl.apply(host, set('vm.dirty_background_bytes', '67108864'), was);
      expect(read('vm.dirty_background_bytes')).toBe('67108864');
      sysctl.restore(host, set('vm.dirty_background_bytes', '67108864'), was);
      expect([read('vm.dirty_background_ratio'), read('vm.dirty_background_bytes')]).toEqual(['0', '0']);
    } finally {
      sysctl.restore(host, set('vm.dirty_background_ratio', '1'), before);
    }
    expect(sysctl.current(host, set('vm.dirty_background_ratio', '1'))).toEqual(before);
  });
});

const noNetwork = ownNetworkMissing();
if (noNetwork) console.warn(`SKIPPED: sysctls of a network of our own: ${noNetwork}`);

describe.skipIf(noNetwork)('a network of our own', () => {
  const host = openWritableHost(openHost());

  test('forwarding brings back what it drags along', async () => {
    await inOwnNetwork(() => {
      host.setValue(keyPath('net.ipv4.conf.all.accept_redirects'), '0');
      const action = set('net.ipv4.ip_forward', '1');
      const was = sysctl.current(host, action);
      sysctl.check(host, action, was);
      sysctl.apply(host, action, was);
      expect(sysctl.current(host, action)).toEqual({
        'net.ipv4.ip_forward': '1',
        'net.ipv4.conf.default.forwarding': '1',
        'net.ipv4.conf.all.accept_redirects': '0',
      });
      expect(sysctl.wanted(action, was, host)).toEqual(sysctl.current(host, action));
      sysctl.restore(host, action, was);
      expect(sysctl.current(host, action)).toEqual(was);
      host.setValue(keyPath('net.ipv4.conf.lo.forwarding'), '1');
      expect(() => sysctl.check(host, action, was)).toThrow(refusal('UNSUPPORTED', 'Forwarding of lo'));
    });
  });

  test('an algorithm that the kernel does not have is refused with its name', async () => {
    await inOwnNetwork(() => {
      const action = set('net.ipv4.tcp_congestion_control', 'nosuch');
      const was = sysctl.current(host, action);
      expect(() => sysctl.apply(host, action, was)).toThrow(refusal('INVALID', 'refuses "nosuch"'));
      expect(sysctl.current(host, action)).toEqual(was);
    });
  });

  test('the kernel takes the ends of the bounds that we know', async () => {
    // Other settings bound these: ports of connections, the largest reordering, a newer way of ECN.
    const bounded = new Set(['net.ipv4.ip_unprivileged_port_start', 'net.ipv4.tcp_reordering', 'net.ipv4.tcp_ecn']);
    const refused: string[] = [];
    let tried = 0;
    await inOwnNetwork(() => {
      for (const { key, type, least, most } of KNOWN_SYSCTLS.values()) {
        if (!key.startsWith('net.ipv4.') || type === 'list' || type === 'text' || bounded.has(key)) continue;
        const name = key.replace('*', 'lo');
        if (!existsSync(keyPath(name))) continue;
        for (const end of [least, most]) {
          if (end === null) continue;
          tried++;
          const action = set(name, String(end));
          const was = sysctl.current(host, action);
          sysctl.apply(host, action, was);
          if (JSON.stringify(sysctl.current(host, action)) !== JSON.stringify(sysctl.wanted(action, was, host)))
            refused.push(`${name} ${end}`);
          sysctl.restore(host, action, was);
          expect(sysctl.current(host, action), name).toEqual(was);
        }
      }
    });
    expect(refused).toEqual([]);
    expect(tried).toBeGreaterThan(50);
  });
});
