import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** A mail that the server took. */
export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  /** As it came over the wire. */
  readonly text: string;
  readonly encrypted: boolean;
  readonly user: string | null;
}

/** A mail server of Debian (python3-aiosmtpd). */
export interface MailServer {
  readonly port: number;
  readonly mails: Mail[];
  close(): Promise<void>;
}

/** Why there is none here, or null. */
export const noMailServer: string | null = reasonWithout();
if (noMailServer) console.warn(`Skipped: mails cannot be received here (${noMailServer}). Install python3-aiosmtpd and openssl.`);

function reasonWithout(): string | null {
  const python = spawnSync('/usr/bin/python3', ['-c', 'import aiosmtpd'], { encoding: 'utf8' });
  if (python.error || python.status !== 0) return 'python3-aiosmtpd is missing';
  return spawnSync('openssl', ['version']).status === 0 ? null : 'openssl is missing';
}

const PROGRAM = `
import asyncio, json, ssl, sys
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

port, mode, directory = int(sys.argv[1]), sys.argv[2], sys.argv[3]

class Handler:
    async def handle_DATA(self, server, session, envelope):
        user = session.auth_data.decode() if session.authenticated else None
        print(json.dumps({'from': envelope.mail_from, 'to': envelope.rcpt_tos, 'text': envelope.content.decode('utf8', 'replace'),
                          'encrypted': session.ssl is not None or mode == 'tls', 'user': user}), flush=True)
        return '250 taken'
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith('nobody@'):
            return '550 no such user'
        envelope.rcpt_tos.append(address)
        return '250 OK'

def authenticate(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and data.login == b'hecate' and data.password == b'right'
    return AuthResult(success=good, handled=not good, auth_data=b'hecate')

def context():
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(directory + '/cert.pem', directory + '/key.pem')
    return made

def factory():
    more = {'tls_context': context(), 'require_starttls': True, 'auth_required': True, 'authenticator': authenticate} if mode == 'starttls' else {}
    return SMTP(Handler(), hostname='localhost', **more)

async def main():
    server = await asyncio.get_running_loop().create_server(factory, '127.0.0.1', port, ssl=context() if mode == 'tls' else None)
    print(json.dumps({'port': server.sockets[0].getsockname()[1]}), flush=True)
    await server.serve_forever()

asyncio.run(main())
`;

/** Makes a certificate for localhost and 127.0.0.1 in a directory: `cert.pem`, `key.pem`. */
export function makeCertificate(directory: string): void {
  const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-subj', '/CN=localhost'];
  const files = ['-keyout', join(directory, 'key.pem'), '-out', join(directory, 'cert.pem')];
  const { status, stderr } = spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...names, ...files], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}

/** Starts a server; `starttls` wants encryption and the login hecate/right, `none` takes everything. */
export async function startMailServer(mode: 'none' | 'starttls' | 'tls', directory: string, port: number = 0): Promise<MailServer> {
  const child = spawn('/usr/bin/python3', ['-c', PROGRAM, String(port), mode, directory], { stdio: ['ignore', 'pipe', 'pipe'] });
  const mails: Mail[] = [];
  let rest = '';
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const bound = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => reject(new Error(`The mail server ended: ${said}`)));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      rest += text;
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const told = JSON.parse(line) as Mail | { readonly port: number };
        if ('port' in told) resolve(told.port);
        else mails.push(told);
      }
    });
  });
  return {
    port: bound,
    mails,
    close: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.removeAllListeners('close').on('close', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}
