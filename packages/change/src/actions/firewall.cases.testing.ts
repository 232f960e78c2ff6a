import { spawnSync } from 'node:child_process';
import { openHost, openWritableHost } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import type { FirewallAction } from '../action.ts';
import type { ActionCase, ActionPlace, ActionSuite } from './action-contract.testing.ts';
import { needsRoot } from './machine.testing.ts';

/** Why there is no firewall to try; null when there is. */
export const noFirewall: string | null =
  needsRoot ??
  (spawnSync('nft', ['--version']).error || spawnSync('ip', ['-V']).error ? 'nft and ip are not installed (nftables, iproute2)' : null);

/** Its own network namespace, with a table of somebody else in it. */
export interface Namespace extends ActionPlace {
  readonly host: WritableHost;
  /** Runs nft(8) in it. */
  nft(...args: readonly string[]): string;
  readonly name: string;
}

let made = 0;

/** A network of its own, in which the programs of `host` run. */
export function openNamespace(rules: string = ''): Namespace {
  const name = `hecate-nft-${process.pid}-${++made}`;
  const tool = (program: string, args: readonly string[], input = ''): string => {
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', input });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  tool('ip', ['netns', 'add', name]);
  const inside = ['netns', 'exec', name] as const;
  const nft = (...args: readonly string[]): string => tool('ip', [...inside, 'nft', ...args]);
  tool(
    'ip',
    [...inside, 'nft', '-f', '-'],
    `table inet other { chain input { type filter hook input priority 10; tcp dport 9 drop; }; }\n${rules}\n`,
  );
  const real = openHost();
  return {
    name,
    nft,
    host: { ...openWritableHost(real), run: (argv, options) => real.run(['ip', ...inside, ...argv], options) },
    picture: () => nft('--stateless', 'list', 'ruleset'),
    close: () => {
      tool('ip', ['netns', 'delete', name]);
    },
  };
}

const RULES = `
  # what may come in }
  set allowed {
    type ipv4_addr; flags interval
    comment "a { brace"
    elements = { 10.0.0.0/8,
                 192.168.0.0/16 }
  }
  set banned { type ipv4_addr; flags dynamic, timeout; timeout 1h; }
  counter refused { }
  chain input {
    type filter hook input priority 0; policy accept
    ct state established,related accept
    tcp dport { ssh, https } ip saddr @allowed counter accept comment "counter packets 1 bytes 2"
    ip saddr @banned counter name refused drop
    tcp dport 22 jump {
      add @banned { ip saddr } drop
    }
  }`;

const caseOf = (name: string, rules: string | null, before: string): ActionCase<FirewallAction> => ({
  name,
  missing: noFirewall,
  action: { kind: 'firewall', family: 'inet', table: 'hecate_test', rules },
  open: () => openNamespace(before),
});

export const suite: ActionSuite<FirewallAction> = {
  shape: { nullable: ['rules'], text: ['rules'] },
  cases: [
    caseOf('a new table', RULES, ''),
    caseOf('another table in its place', RULES, 'table inet hecate_test { chain old { tcp dport 80 counter packets 5 bytes 7 drop; }; }'),
    caseOf('a table is removed', null, 'table inet hecate_test { flags dormant; chain old { }; }'),
    caseOf('an empty table', '', ''),
  ],
};
