import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FirewallAction } from '../action.ts';
import { firewall } from './firewall.ts';
import { noFirewall, openNamespace } from './firewall.cases.testing.ts';
import type { Namespace } from './firewall.cases.testing.ts';
import { insideOfTable, onOneLine, refuseForeign } from './firewall/rules.ts';
import { obstacleOf, refusalOf } from './obstacle.testing.ts';
import { createWritableTree } from './tree-picture.testing.ts';

const actionOf = (rules: string | null): FirewallAction => ({ kind: 'firewall', family: 'inet', table: 'hecate_test', rules });

describe('refused:', () => {
  test.each([
    ["somebody else's table", { family: 'inet', table: 'filter', rules: '' }, /^INVALID .*begins with "hecate"/],
    ['two tables', { family: 'inet', table: 'hecate; flush ruleset', rules: '' }, /^INVALID .*begins with "hecate"/],
    ['a family that there is not', { family: 'inet6', table: 'hecate', rules: '' }, /^INVALID .*ip, ip6, inet/],
    ['rules that close their table', { family: 'ip', table: 'hecate', rules: '}\nflush ruleset\ntable ip x {' }, /^INVALID .*not opened/],
    ['the same behind a comment', { family: 'ip', table: 'hecate', rules: '# {\n}; flush ruleset; table ip x {' }, /^INVALID .*not opened/],
    ['a brace that is not closed', { family: 'ip', table: 'hecate', rules: 'chain a { "}" ' }, /^INVALID .*not closed/],
    ['a quote that is not closed', { family: 'ip', table: 'hecate', rules: 'chain a { comment "x\n}' }, /^INVALID .*quote/],
    ['other files', { family: 'ip', table: 'hecate', rules: 'include "/etc/passwd"' }, /^INVALID .*the word include/],
    ['definitions', { family: 'ip', table: 'hecate', rules: 'chain a {\n define x = 1\n}' }, /^INVALID .*the word define/],
  ])('%s', (_name, raw, sentence) => {
    expect(refusalOf(firewall, raw)).toMatch(sentence);
  });

  test('a machine of files', async () => {
    const tree = createWritableTree();
    expect(await obstacleOf(firewall, tree.host, actionOf(''))).toMatch(/^UNAVAILABLE nft cannot be run on a machine that is only files/);
    tree.remove();
  });
});

describe('the text of rules', () => {
  test('on one line', () => {
    expect(onOneLine('chain a {\n  type x # y }\n  tcp dport {\n 1,\n 2 } accept\n  jump {\n drop\n }\n}')).toBe(
      'chain a { ;   type x  ;   tcp dport {   1,  2 }  accept;   jump { ;  drop;  };; };',
    );
    expect(onOneLine('log prefix "a { b # c" \\\n drop')).toBe('log prefix "a { b # c"   drop');
  });

  test('of a listing, without elements that come and go', () => {
    const listing = [
      'table inet hecate_x { # progname nft',
      '\tset s {',
      '\t\ttype ipv4_addr',
      '\t\tflags dynamic,timeout',
      '\t\telements = { 1.1.1.1 timeout 1m,',
      '\t\t\t     2.2.2.2 timeout 1m }',
      '\t}',
      '',
      '\tset t {',
      '\t\ttype ipv4_addr',
      '\t\telements = { 3.3.3.3 }',
      '\t}',
      '}',
      '',
    ].join('\n');
    expect(insideOfTable(listing)).toBe(
      'set s {\n\ttype ipv4_addr\n\tflags dynamic,timeout\n}\n\nset t {\n\ttype ipv4_addr\n\telements = { 3.3.3.3 }\n}',
    );
  });
});

describe.skipIf(Boolean(noFirewall))(`in a network of its own${noFirewall ? ` (not here: ${noFirewall})` : ''}`, () => {
  let place: Namespace;
  beforeEach(() => {
    place = openNamespace();
  });
  afterEach(() => place.close());

  test('rules that are wrong are refused with their line, and nothing is changed', async () => {
    const before = place.nft('list', 'ruleset');
    expect(
      await obstacleOf(firewall, place.host, actionOf('chain a {\n  type filter hook input priority 0\n  tcp dort 22 accept\n}')),
    ).toBe('INVALID The rules of inet hecate_test are refused at line 3, column 7: syntax error, unexpected string.');
    expect(await obstacleOf(firewall, place.host, actionOf('chain a {\n  jump nowhere\n}'))).toMatch(
      /^INVALID .*No such file or directory/,
    );
    expect(place.nft('list', 'ruleset')).toBe(before);
  });

  test('what packets leave behind is no part of the state', async () => {
    const rules =
      'set seen { type inet_service; flags dynamic; }\nchain a {\n type filter hook output priority 0\n udp dport 9 counter add @seen { udp dport }\n}';
    await firewall.apply(place.host, actionOf(rules), null);
    const state = await firewall.current(place.host, actionOf(rules));
    const send = "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b'x', ('127.0.0.1', 9))";
    spawnSync('ip', ['netns', 'exec', place.name, 'ip', 'link', 'set', 'lo', 'up']);
    expect(spawnSync('ip', ['netns', 'exec', place.name, 'python3', '-c', send]).status).toBe(0);
    expect(place.nft('list', 'table', 'inet', 'hecate_test')).toMatch(/elements = \{ 9 \}[^]*counter packets 1 bytes 29/);
    expect(await firewall.current(place.host, actionOf(rules))).toBe(state);
  });

  test('somebody else changes the table: that is seen', async () => {
    const rules = 'chain a {\n}';
    await firewall.apply(place.host, actionOf(rules), null);
    const state = await firewall.current(place.host, actionOf(rules));
    place.nft('add', 'rule', 'inet', 'hecate_test', 'a', 'drop');
    expect(await firewall.current(place.host, actionOf(rules))).not.toBe(state);
  });

  test('rules that name an interface, which the scratch network lacks, count as they are written', async () => {
    expect(spawnSync('ip', ['netns', 'exec', place.name, 'ip', 'link', 'add', 'hecate0', 'type', 'veth']).status).toBe(0);
    const rules = 'chain a {\n\ttype filter hook ingress device "hecate0" priority filter; policy accept;\n}';
    const action: FirewallAction = { kind: 'firewall', family: 'netdev', table: 'hecate_test', rules };
    const wanted = await firewall.wanted(action, null, place.host);
    await firewall.apply(place.host, action, null);
    expect(await firewall.current(place.host, action)).toBe(wanted);
  });

  test('no text that is taken reaches another table', async () => {
    const before = place.nft('list', 'table', 'inet', 'other');
    const pieces = [
      '}',
      '{',
      '}\n',
      '{\n',
      '"',
      '#',
      '\n',
      ';',
      '\\\n',
      ' flush ruleset ',
      ' delete table inet other ',
      'chain a {\n',
      'tcp dport 1 drop',
      '"x}"',
    ];
    const text = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 })), { maxLength: 14 })
      .map((parts) => parts.join(''));
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(text, async (rules) => {
        try {
          refuseForeign(rules);
        } catch {
          fc.pre(false);
        }
        taken++;
        // Most of it nft refuses; what it takes must stay in its table.
        await firewall.apply(place.host, actionOf(rules), null)?.catch(() => undefined);
        expect(place.nft('list', 'table', 'inet', 'other')).toBe(before);
      }),
      { numRuns: 80 },
    );
    expect(taken).toBeGreaterThan(20);
  });
});

test.skipIf(!noFirewall?.includes('root'))('who is not root is told so (needs a user who is not root)', async () => {
  const { openHost, openWritableHost } = await import('@hecate/host');
  expect(await obstacleOf(firewall, openWritableHost(openHost()), actionOf(''))).toMatch(/^(?:DENIED|UNAVAILABLE) /);
});
