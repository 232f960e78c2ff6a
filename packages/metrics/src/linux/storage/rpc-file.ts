import { errnoOf } from '@hecate/host';
import type { KeptFile } from '@hecate/host';
import type { NfsProcedure } from '../../domain/nfs-procedures.ts';

/** The lines of a file in /proc/net/rpc: the numbers after each word. What is no number is NaN's place: undefined. */
export type RpcLines = ReadonlyMap<string, readonly (number | undefined)[]>;

/** Lines `net 70 70 69 45`. */
export function parseRpcLines(content: string): RpcLines {
  const lines = new Map<string, readonly (number | undefined)[]>();
  for (const line of content.split('\n')) {
    const [word = '', ...texts] = line.trim().split(/\s+/);
    if (word !== '')
      lines.set(
        word,
        texts.map((text) => (/^\d{1,20}$/.test(text) ? Number(text) : undefined)),
      );
  }
  return lines;
}

/** A number of a line; null when the line or the number is not there. */
export function rpcNumber(lines: RpcLines, word: string, index: number): number | null {
  return lines.get(word)?.[index] ?? null;
}

/**
 * The procedures that the lines count: the first number of a line says how many follow. A version that was not used yet
 * has no line, and its counts are null; without any line there are no procedures.
 */
export function rpcProcedures(lines: RpcLines, known: readonly (readonly [string, string, readonly string[]])[]): NfsProcedure[] {
  if (lines.size === 0) return [];
  return known.flatMap(([word, version, names]) =>
    names.flatMap((method, index) => (method === '-' ? [] : [{ version, method, count: rpcNumber(lines, word, index + 1) }])),
  );
}

/** Reads such a file; no lines when it is not there: the kernel has no NFS, or has not loaded it. */
export function readRpcLines(file: KeptFile): RpcLines {
  try {
    const { buffer, length } = file.read();
    return parseRpcLines(buffer.toString('utf8', 0, length));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return new Map();
    throw error;
  }
}
