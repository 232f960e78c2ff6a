import { resolve } from 'node:path';
import { HecateError } from '@hecate/host';
import type { ServeSettings } from '@hecate/observe';

/** The options of `hecate serve` that have a place in `[serve]` too. */
export interface ServeFlags {
  readonly host?: string;
  readonly port?: number;
  readonly grpcPort?: number;
  readonly allowAct?: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly user?: string;
  readonly sandbox?: boolean;
}

/** What the section says, with the options of the command line before it. Throws INVALID when only one of the two files is named. */
export function withFlags(settings: ServeSettings, flags: ServeFlags): ServeSettings {
  const { host, port, grpcPort, allowAct, tlsCert, tlsKey, user, sandbox } = flags;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new HecateError('INVALID', 'A certificate takes its key, and a key its certificate.', { hint: 'Give --tls-cert and --tls-key.' });
  }
  return {
    ...settings,
    address: host ?? settings.address,
    port: port ?? settings.port,
    grpcPort: grpcPort ?? settings.grpcPort,
    act: allowAct ?? settings.act,
    tls: tlsCert !== undefined && tlsKey !== undefined ? { certificate: resolve(tlsCert), key: resolve(tlsKey) } : settings.tls,
    user: user ?? settings.user,
    sandbox: sandbox ?? settings.sandbox,
  };
}
