import { readFileSync } from 'node:fs';
import { openHost, openWritableHost } from '@hecate/host';
import type { SysctlAction } from '../action.ts';
import type { ActionCase, ActionPlace, ActionSuite } from './action-contract.testing.ts';
import { fakeKernel } from './fake-kernel.testing.ts';
import { createWritableTree } from './tree-picture.testing.ts';

/** Why the memory settings of this machine cannot be changed; null when they can. */
export const sysctlMissing: string | null =
  process.platform !== 'linux' ? 'this is not Linux' : process.getuid?.() !== 0 ? 'writing sysctls needs root' : null;

const textOf = (key: string): string => readFileSync(`/proc/sys/${key.replaceAll('.', '/')}`, 'utf8');

/** Sysctls of this machine that are put back however the test ends, with a value for each that it does not have now. */
function real(name: string, keys: readonly string[], actionOf: () => SysctlAction): ActionCase<SysctlAction> {
  const host = openWritableHost(openHost());
  return {
    name,
    action: sysctlMissing === null ? actionOf() : { kind: 'sysctl', key: keys[0]!, value: '1' },
    missing: sysctlMissing,
    open(): ActionPlace {
      const before = keys.map((key) => [key, textOf(key)] as const);
      return {
        host,
        picture: () => keys.map((key) => [key, textOf(key)]),
        close() {
          for (const [key, text] of before) {
            // Of a pair, 0 is what the other one makes it.
            if (textOf(key) !== text && text !== '0\n') host.setValue(`/proc/sys/${key.replaceAll('.', '/')}`, text);
          }
        },
      };
    },
  };
}

function inTree(name: string, action: SysctlAction, files: Readonly<Record<string, string>>): ActionCase<SysctlAction> {
  return {
    name,
    action,
    open() {
      const tree = createWritableTree(files);
      return { host: fakeKernel(tree.host), close: () => tree.remove() };
    },
  };
}

const set = (key: string, value: string): SysctlAction => ({ kind: 'sysctl', key, value });

/** What the contract runs over sysctls. */
export const suite: ActionSuite<SysctlAction> = {
  shape: {},
  cases: [
    real('vm.swappiness of this machine', ['vm.swappiness'], () => set('vm.swappiness', textOf('vm.swappiness') === '37\n' ? '38' : '37')),
    real('dirty_bytes over dirty_ratio on this machine', ['vm.dirty_ratio', 'vm.dirty_bytes'], () => set('vm.dirty_bytes', '268435456')),
    real('dirty_background_ratio of this machine', ['vm.dirty_background_ratio', 'vm.dirty_background_bytes'], () =>
      set('vm.dirty_background_ratio', textOf('vm.dirty_background_ratio') === '7\n' ? '8' : '7'),
    ),
    inTree('a congestion control that few may choose', set('net.ipv4.tcp_congestion_control', 'cubic'), {
      '/proc/sys/net/ipv4/tcp_congestion_control': 'bbr\n',
      '/proc/sys/net/ipv4/tcp_allowed_congestion_control': 'bbr reno\n',
    }),
    inTree('dirty_ratio over dirty_bytes', set('vm.dirty_ratio', '20'), {
      '/proc/sys/vm/dirty_ratio': '0\n',
      '/proc/sys/vm/dirty_bytes': '8388608\n',
    }),
    inTree('dirty_bytes over a share of 0', set('vm.dirty_bytes', '8388608'), {
      '/proc/sys/vm/dirty_ratio': '0\n',
      '/proc/sys/vm/dirty_bytes': '0\n',
    }),
    inTree('three numbers with tabs', set('net.ipv4.tcp_rmem', '4096 131072 33554432'), {
      '/proc/sys/net/ipv4/tcp_rmem': '4096\t131072\t6291456\n',
    }),
    inTree('an interface with a dot', set('net.ipv4.conf.eth0/100.rp_filter', '2'), {
      '/proc/sys/net/ipv4/conf/eth0.100/rp_filter': '1\n',
    }),
    inTree('a text with white space', set('kernel.core_pattern', 'core'), { '/proc/sys/kernel/core_pattern': '|/usr/bin/taker  %p %s\n' }),
    inTree('one that nobody knows', set('kernel.brand_new', '5'), { '/proc/sys/kernel/brand_new': '-1\n' }),
  ],
};
