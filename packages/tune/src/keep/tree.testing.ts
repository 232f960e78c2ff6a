import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openHandlers, openEngine } from '@hecate/change';
import type { Engine, Plan } from '@hecate/change';
import { openRootedHost, openWritableHost } from '@hecate/host';

/** A machine of files with some sysctls, and an engine on it. */
export interface TunedTree {
  readonly engine: Engine;
  /** A sysctl as it is now. */
  read(key: string): string;
  write(key: string, value: string): void;
  remove(): void;
}

/** Makes one; values by key. */
export function createTunedTree(values: Readonly<Record<string, string>>): TunedTree {
  const root = mkdtempSync(path.join(tmpdir(), 'hecate-tuned-'));
  const fileOf = (key: string): string => path.join(root, 'proc/sys', ...key.split('.'));
  const write = (key: string, value: string): void => {
    mkdirSync(path.dirname(fileOf(key)), { recursive: true });
    writeFileSync(fileOf(key), `${value}\n`);
  };
  for (const [key, value] of Object.entries(values)) write(key, value);
  mkdirSync(path.join(root, 'proc/sys/kernel/random'), { recursive: true });
  writeFileSync(path.join(root, 'proc/sys/kernel/random/boot_id'), 'one\n');
  const engine = openEngine({
    host: openWritableHost(openRootedHost(root)),
    handlers: openHandlers(),
    directory: path.join(root, 'var/lib/hecate/journal'),
  });
  return {
    engine,
    write,
    read: (key) => readFileSync(fileOf(key), 'utf8').trimEnd(),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** A plan that sets sysctls. */
export const planOf = (title: string, values: Readonly<Record<string, string>>): Plan => ({
  component: 'tune',
  title,
  changes: Object.entries(values).map(([key, value]) => ({
    action: { kind: 'sysctl', key, value },
    why: 'a test',
    source: 'a test',
    risk: 'live',
  })),
});
