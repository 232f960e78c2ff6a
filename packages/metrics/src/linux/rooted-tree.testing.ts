import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openRootedHost } from '@hecate/host';
import type { Host } from '@hecate/host';

/** A symbolic link of a tree: its target as it is written there. */
export interface Link {
  readonly link: string;
}

/** Files and links of a machine by their path, without the leading slash: `sys/class/hwmon/hwmon0/name`. */
export type Tree = Readonly<Record<string, string | Uint8Array | Link>>;

/** A machine of files, made for one test. */
export interface RootedTree {
  readonly directory: string;
  readonly host: Host;
  write(file: string, content: string | Uint8Array | Link): void;
  remove(): void;
}

/** Makes a tree in the temporary directory from paths and contents. */
export function createTree(files: Tree): RootedTree {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-tree-'));
  mkdirSync(path.join(directory, 'proc'));
  const write = (file: string, content: string | Uint8Array | Link): void => {
    mkdirSync(path.join(directory, path.dirname(file)), { recursive: true });
    if (typeof content === 'object' && 'link' in content) symlinkSync(content.link, path.join(directory, file));
    else writeFileSync(path.join(directory, file), content);
  };
  for (const [file, content] of Object.entries(files)) write(file, content);
  return { directory, host: openRootedHost(directory), write, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** Bytes as a read would hand them over. */
export function bytesOf(content: string | Uint8Array): { buffer: Buffer; length: number } {
  const buffer = Buffer.from(content);
  return { buffer, length: buffer.length };
}
