import { readFileSync } from 'node:fs';
import { HecateError, sentenceOf } from '@hecate/host';

/** A secret, or the file that it lies in. It is read when it is used: never kept in settings that are shown, and a new one is found at once. */
export type Secret = { readonly text: string } | { readonly file: string };

/** How a target knows us. */
export type Credentials =
  | { readonly kind: 'none' }
  /** `Authorization: <scheme> <token>`: `Bearer`, or InfluxDB's `Token`. */
  | { readonly kind: 'token'; readonly scheme: 'Bearer' | 'Token'; readonly token: Secret }
  | { readonly kind: 'password'; readonly username: string; readonly password: Secret };

/** Bytes of the longest secret that anybody has. */
const LONGEST = 65_536;

/** The secret. Throws UNAVAILABLE when its file cannot be read, INVALID when there is no usable text in it. */
export function readSecret(secret: Secret): string {
  if ('text' in secret) return secret.text;
  let text: string;
  try {
    text = readFileSync(secret.file, 'utf8').trim();
  } catch (cause) {
    throw new HecateError('UNAVAILABLE', sentenceOf(cause, secret.file), { cause });
  }
  if (text === '' || text.length > LONGEST || /[\r\n\0]/.test(text)) {
    throw new HecateError('INVALID', `${secret.file} has no secret in its one line.`);
  }
  return text;
}

/** The header that goes with a request; null without credentials. `secrets` are the texts that must never be shown. */
export function authorization(credentials: Credentials): { readonly header: string; readonly secrets: readonly string[] } | null {
  if (credentials.kind === 'none') return null;
  if (credentials.kind === 'token') {
    const secret = readSecret(credentials.token);
    return { header: `${credentials.scheme} ${secret}`, secrets: [secret] };
  }
  const secret = readSecret(credentials.password);
  const encoded = Buffer.from(`${credentials.username}:${secret}`).toString('base64');
  return { header: `Basic ${encoded}`, secrets: [encoded, secret] };
}
