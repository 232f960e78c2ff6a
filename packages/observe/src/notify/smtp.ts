import { readFileSync } from 'node:fs';
import { getSystemErrorMap } from 'node:util';
import { sentenceOf } from '@hecate/host';
import { createTransport } from 'nodemailer';
import { readSecret } from '../push/secret.ts';
import type { Secret } from '../push/secret.ts';
import { SENT } from '../push/transport.ts';
import type { Outcome } from '../push/transport.ts';
import { clean } from '../terminal/text.ts';
import { textOf, titleOf } from './message.ts';
import { mailPlace } from './notify-settings.ts';
import type { SmtpSettings } from './notify-settings.ts';
import type { Target } from './target.ts';

/** What nodemailer throws. */
interface MailError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

/** Letters of an answer that are told. */
const MOST_TOLD = 200;

const credentialsOf = (username: string | null, password: Secret | null): { auth?: { user: string; pass: string } } =>
  username === null || password === null ? {} : { auth: { user: username, pass: readSecret(password) } };

/**
 * A mail server. Each message has a connection of its own: hours lie between two. Title and text are data for nodemailer, which
 * encodes what may not stand in a header.
 */
export function createSmtp(settings: SmtpSettings): Target {
  const { host, port, security, username, password, caFile, from, to, timeout } = settings;
  return {
    place: mailPlace(settings),
    async send(message, signal) {
      let secret: string | undefined;
      try {
        const login = credentialsOf(username, password);
        secret = login.auth?.pass;
        const limit = timeout * 1000;
        const transport = createTransport({
          host,
          port,
          secure: security === 'tls',
          requireTLS: security === 'starttls',
          ignoreTLS: security === 'none',
          ...login,
          ...(caFile === null ? {} : { tls: { ca: readFileSync(caFile) } }),
          connectionTimeout: limit,
          greetingTimeout: limit,
          socketTimeout: limit,
          // A message is made of what we give, never of files or addresses that it names.
          disableFileAccess: true,
          disableUrlAccess: true,
        });
        const abort = (): void => transport.close();
        signal.addEventListener('abort', abort, { once: true });
        try {
          await transport.sendMail({
            from: { name: 'hecate', address: from },
            to: [...to],
            subject: titleOf(message),
            text: textOf(message),
            headers: { 'Auto-Submitted': 'auto-generated' },
            date: new Date(message.time * 1000),
          });
          return SENT;
        } finally {
          signal.removeEventListener('abort', abort);
          transport.close();
        }
      } catch (error) {
        return outcomeOf(error as MailError, secret);
      }
    },
    close: () => undefined,
  };
}

/** As the end of a sentence about the server. What the system said needs no name of its system call. */
function reasonOf(error: MailError): string {
  if (error.response !== undefined) return `answers: ${error.response}`;
  const number = (error as NodeJS.ErrnoException).errno;
  const [code, words] = (number === undefined ? undefined : getSystemErrorMap().get(number)) ?? [];
  return words === undefined ? `took no message: ${sentenceOf(error)}` : `cannot be reached: ${words} (${code})`;
}

/** What a server refuses for good is not sent again; a login that fails, or no connection, may be repaired. */
function outcomeOf(error: MailError, secret: string | undefined): Outcome {
  const said = clean(reasonOf(error).trim().split('\n')[0] ?? '').slice(0, MOST_TOLD);
  const why = (secret === undefined || secret === '' ? said : said.replaceAll(secret, '***')).replace(/\.$/, '');
  const isFinal = (error.responseCode ?? 0) >= 500 && error.code !== 'EAUTH';
  return { kind: isFinal ? 'refused' : 'failed', why };
}
