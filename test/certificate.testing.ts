import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Whether openssl is installed. */
export const haveOpenssl = (): boolean => spawnSync('openssl', ['version']).status === 0;

/** A certificate for localhost that signs itself, and its key; `days` before now it expired when negative. */
export function makeCertificate(directory: string, name: string): { cert: string; key: string } {
  const [cert, key] = [join(directory, `${name}.pem`), join(directory, `${name}.key`)];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30', '-subj', `/CN=${name}`,
      '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', cert],
    { stdio: 'ignore' },
  ); // oxfmt-ignore
  return { cert, key };
}
