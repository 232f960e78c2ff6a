import { join } from 'node:path';
import { readToken, renewToken } from '@hecate/observe';
import { stateDirectory } from '../directories.ts';
import { print } from '../terminal/print.ts';

interface TokenOptions {
  readonly scope: 'read' | 'act';
  readonly new?: boolean;
  readonly format: 'text' | 'json';
}

/** Where the token of a scope lies. */
const FILES = { read: 'token', act: 'act-token' } as const;

/** `hecate token`: prints a token of the daemon of this user; makes it when there is none. */
export async function run({ scope, new: renew, format }: TokenOptions): Promise<void> {
  const path = join(stateDirectory(), FILES[scope]);
  const text = renew ? renewToken(path) : readToken(path);
  print({ format }, { scope, token: text }, () => `${text}\n`);
}
