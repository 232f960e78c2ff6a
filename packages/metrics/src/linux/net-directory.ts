import { errnoOf } from '@hecate/host';
import type { Host, KeptFile } from '@hecate/host';

/**
 * Where the network files of a machine lie: ours in /proc/net, which is that of our own network namespace;
 * of a rooted machine in /proc/1/net, because under a mounted root /proc/net would lead to our own process,
 * so to the network of our container. A recorded machine without process 1 has /proc/net.
 */
export function netDirectory(host: Host): '/proc/net' | '/proc/1/net' {
  if (host.kind === 'real') return '/proc/net';
  try {
    host.resolve('/proc/1/net');
    return '/proc/1/net';
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return '/proc/net';
  }
}

/** A network file that stays open between reads. */
export function keepNetFile(host: Host, name: string): KeptFile {
  return host.keep(`${netDirectory(host)}/${name}`);
}
