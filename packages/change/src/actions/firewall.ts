import { HecateError } from '@hecate/host';
import type { FirewallAction } from '../action.ts';
import type { ActionHandler } from '../handler.ts';
import { canonicalRules, dryRun, readTable, replaceTable } from './firewall/nft.ts';
import { refuseForeign } from './firewall/rules.ts';
import { needCapability, needPrograms } from './program.ts';
import { expectProperties, quote } from './raw-action.ts';
import type { RawAction } from './raw-action.ts';
import { wordOf } from './raw-values.ts';

const FAMILY = /^(?:ip|ip6|inet|arp|bridge|netdev)$/;
/** Ours are told from others' by their name. NFT_NAME_MAXLEN of linux/netfilter/nf_tables.h is 256; the shorter, the better. */
const TABLE = /^hecate\w{0,57}$/;
const MOST_BYTES = 1024 * 1024;

/**
 * Tables of nftables, by nft(8), of this network namespace. A table is put in place in one transaction of the kernel: packets see
 * the old one or the new one. What packets leave behind (counters, elements that rules add to sets) is no part of its state, and
 * begins anew when a table is put back.
 */
export const firewall: ActionHandler<FirewallAction> = {
  kind: 'firewall',
  persists: false,
  parse(raw) {
    expectProperties(raw, 'firewall', ['family', 'table', 'rules']);
    const family = wordOf(raw, 'family', 'firewall', FAMILY, 'ip, ip6, inet, arp, bridge or netdev') as FirewallAction['family'];
    const table = wordOf(raw, 'table', 'firewall', TABLE, 'a name that begins with "hecate": others\' tables are not touched');
    return { kind: 'firewall', family, table, rules: rulesOf(raw) };
  },
  target: ({ family, table }) => `${family} ${table}`,
  describe: ({ family, table }) => `firewall table ${family} ${table}`,
  sideEffect: ({ rules }) => (rules === null ? null : 'Connections that its rules do not accept are cut.'),
  async current(host, action) {
    return readTable(host, action);
  },
  async wanted(action, _was, host) {
    if (action.rules === null) return null;
    await dryRun(host, action, action.rules);
    return canonicalRules(host, action, action.rules);
  },
  check(host, { family, table }) {
    needPrograms(host, 'nft');
    needCapability(host, 'NET_ADMIN', `Changing the table ${family} ${table}`);
  },
  apply: (host, action) => replaceTable(host, action, action.rules),
  restore: (host, action, was) => replaceTable(host, action, was as string | null),
};

function rulesOf(raw: RawAction): string | null {
  const rules = raw['rules'];
  if (rules === null) return null;
  if (typeof rules !== 'string')
    throw new HecateError('INVALID', `The rules of a firewall table must be text or null, and are ${quote(rules)}.`);
  if (Buffer.byteLength(rules) > MOST_BYTES)
    throw new HecateError('INVALID', `The rules of a firewall table have more than ${MOST_BYTES} bytes.`);
  refuseForeign(rules);
  return rules;
}
