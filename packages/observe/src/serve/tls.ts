import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:https';
import type { Server, ServerOptions } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { SecureContextOptions, Server as TlsServer } from 'node:tls';
import { causeOf, errnoOf, HecateError, sentenceOf } from '@hecate/host';

/** Where a certificate and its key lie, in PEM. */
export interface CertificateFiles {
  /** The certificate, and those between it and the root below it. */
  readonly certificate: string;
  readonly key: string;
}

/** A server whose certificate is exchanged when its files are. */
export interface EncryptedServer<Kind extends TlsServer = Server> {
  readonly server: Kind;
  /** Stops looking at the files. */
  close(): void;
}

/** Seconds between two looks at the files. */
const LOOK = 10;

interface Pair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

function readPem(path: string, what: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = errnoOf(error) === 'EACCES' || errnoOf(error) === 'EPERM' ? 'DENIED' : 'INVALID';
    throw new HecateError(code, `The ${what} ${path} cannot be read: ${causeOf(error)}.`, { cause: error });
  }
}

/** Reads both, and sees whether they belong together. Throws INVALID or DENIED with a sentence; what is only doubtful goes to `warn`. */
function readPair({ certificate, key }: CertificateFiles, warn: (text: string) => void): Pair {
  const pair = { cert: readPem(certificate, 'certificate'), key: readPem(key, 'key of the certificate') };
  let known: X509Certificate;
  try {
    known = new X509Certificate(pair.cert);
  } catch (error) {
    throw new HecateError('INVALID', `${certificate} holds no certificate in PEM.`, { cause: error });
  }
  let secret: ReturnType<typeof createPrivateKey>;
  try {
    secret = createPrivateKey(pair.key);
  } catch (error) {
    const hint = 'A key with a password cannot be used: nobody is there to type it in.';
    throw new HecateError('INVALID', `${key} holds no private key in PEM.`, { hint, cause: error });
  }
  if (!known.checkPrivateKey(secret)) {
    throw new HecateError('INVALID', `The key ${key} does not belong to the certificate ${certificate}.`, {
      hint: 'The certificate of the server must be the first in its file.',
    });
  }
  try {
    createSecureContext(pair);
  } catch (error) {
    throw new HecateError('INVALID', `The certificate ${certificate} cannot be used: ${causeOf(error)}.`, { cause: error });
  }
  const [from, to] = [Date.parse(known.validFrom), Date.parse(known.validTo)];
  if (to < Date.now())
    warn(`The certificate ${certificate} expired on ${new Date(to).toISOString().slice(0, 10)}; browsers will refuse it.`);
  if (from > Date.now()) warn(`The certificate ${certificate} is valid from ${new Date(from).toISOString().slice(0, 10)} only.`);
  if (statSync(key).mode & 0o007) warn(`Every user of this machine can read or change the key ${key}: chmod 600 ${key}`);
  return pair;
}

/** Which version of the files this is. */
function versionOf({ certificate, key }: CertificateFiles): string {
  return [certificate, key]
    .map((path) => {
      const { mtimeMs, ino, size } = statSync(path);
      return `${mtimeMs} ${ino} ${size}`;
    })
    .join(' ');
}

/** What every encrypted server of ours is made with. */
export interface EncryptedOptions extends SecureContextOptions {
  readonly handshakeTimeout: number;
}

/** An HTTPS server, as {@link encryptServer} makes them. */
export function createEncryptedServer(files: CertificateFiles, options: ServerOptions, warn: (text: string) => void): EncryptedServer {
  return encryptServer(files, (encrypted) => createServer({ ...options, ...encrypted }), warn);
}

/**
 * A server of TLS 1.2 or newer. New files are taken over within ten seconds, by new connections: those that are open go on.
 * New files that are of no use are told to `warn`, and the old certificate stays.
 */
export function encryptServer<Kind extends TlsServer>(
  files: CertificateFiles,
  create: (options: EncryptedOptions) => Kind,
  warn: (text: string) => void,
): EncryptedServer<Kind> {
  let version = '';
  let pair = readPair(files, warn);
  version = versionOf(files);
  const server = create({ ...pair, minVersion: 'TLSv1.2', handshakeTimeout: 10_000 });
  // Somebody who speaks no TLS, or breaks off: neither our fault nor worth a line.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  const look = setInterval(() => {
    try {
      const now = versionOf(files);
      if (now === version) return;
      version = now;
      pair = readPair(files, warn);
      server.setSecureContext({ ...pair, minVersion: 'TLSv1.2' });
      warn(`The certificate ${files.certificate} was exchanged.`);
    } catch (error) {
      warn(`${error instanceof HecateError ? error.message : sentenceOf(error)} The certificate from before stays in use.`);
    }
  }, LOOK * 1000);
  look.unref();
  return { server, close: () => clearInterval(look) };
}
