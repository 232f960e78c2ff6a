import { HecateError } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import type { FirewallAction } from '../../action.ts';
import { runTool, toolError } from '../program.ts';
import { insideOfTable, onOneLine } from './rules.ts';

type Table = Pick<FirewallAction, 'family' | 'table'>;

/** The rules of a table as nft lists them, without counters; null when there is none. */
export async function readTable(host: WritableHost, { family, table }: Table): Promise<string | null> {
  const listed = JSON.parse(await runTool(host, ['nft', '--json', 'list', 'tables'])) as {
    readonly nftables: readonly { readonly table?: { readonly family: string; readonly name: string } }[];
  };
  if (!listed.nftables.some((entry) => entry.table?.family === family && entry.table.name === table)) return null;
  return insideOfTable(await runTool(host, ['nft', '--stateless', 'list', 'table', family, table]));
}

/** Puts a table in place whole, or takes it away (null), in one transaction: nobody sees a half one. What there is may be anything. */
export async function replaceTable(host: WritableHost, table: Table, rules: string | null): Promise<void> {
  await runTool(host, ['nft', '--file', '-'], { input: batchOf(table, rules) });
}

/** Throws INVALID, with the line of the rules, when nft or the kernel would refuse them. Nothing is changed. */
export async function dryRun(host: WritableHost, table: Table, rules: string): Promise<void> {
  const argv = ['nft', '--check', '--file', '-'] as const;
  const finished = await host.run(argv, { input: batchOf(table, rules) });
  if (finished.status === 0) return;
  const refusal = toolError(argv, finished);
  if (refusal.code === 'DENIED') throw refusal;
  const [, line, column, why] = /:(\d+):(\d+)-\d+: Error: (.*)/.exec(finished.stderr) ?? [];
  const place = line === undefined ? '' : ` at line ${Number(line) - 1}, column ${column}`;
  throw new HecateError('INVALID', `The rules of ${table.family} ${table.table} are refused${place}: ${why ?? refusal.message}.`);
}

/** The rules begin on the second line. To add a table that is there is no error, so that it can be deleted in any case. */
function batchOf({ family, table }: Table, rules: string | null): string {
  const without = `add table ${family} ${table}; delete table ${family} ${table};`;
  return rules === null ? `${without}\n` : `${without} table ${family} ${table} {\n${rules}\n}\n`;
}

/**
 * Rules as nft will list them: `tcp dport 22` for `tcp dport ssh`; each version has a form of its own. An empty network namespace
 * is made for it, which ends with the program, so that nothing is changed here. A file of commands would list a table before its
 * rules are in it; the interactive mode, a command a line, does not. It has no home, for it would leave a history there.
 * Where that cannot be had (no unshare(1), rules that name a network interface), the rules count as they are written.
 */
export async function canonicalRules(host: WritableHost, { family, table }: Table, rules: string): Promise<string> {
  const name = `${family} ${table}`;
  const input = `table ${name} { ${onOneLine(rules)} ; }\nlist table ${name}\n`;
  const argv = ['env', 'HOME=/nonexistent', 'unshare', '--net', 'nft', '--stateless', '--interactive'] as const;
  const { status, stdout, stderr } = await host.run(argv, { input });
  const at = stdout.indexOf(`table ${name} {`);
  return status === 0 && at >= 0 && stderr.trim() === '' ? insideOfTable(stdout.slice(at)) : insideOfTable(`{\n${rules}\n}`);
}
