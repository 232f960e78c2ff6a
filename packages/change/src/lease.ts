import { isSameProcess, openHost } from '@hecate/host';
import type { Host, ProcessIdentity } from '@hecate/host';

let here: Host | undefined;

/**
 * Whether a process certainly has ended. Processes are those of the machine that we run on, also when the changes are made to
 * one that is only files. Where the system does not say since when a process runs, it counts as running as long as its pid exists.
 */
export const hasEnded = (identity: ProcessIdentity): boolean => isSameProcess((here ??= openHost()), identity) === false;

/** Whether the process that a transaction was made for has ended. Never for one that was made for none. */
export const isLeaseOver = ({ lease }: { readonly lease: ProcessIdentity | null }): boolean => lease !== null && hasEnded(lease);
