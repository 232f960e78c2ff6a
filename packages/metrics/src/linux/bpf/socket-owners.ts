import type { Host } from '@hecate/host';
import type { SocketOwner } from '../../domain/connections.ts';
import type { Sliced } from '../../model/collector.ts';
import type { GapSink } from '../../model/gap.ts';
import { findOwners } from '../connection/owners.ts';
import type { SocketOwners } from '../connection/owners.ts';
import { openSocketRoute } from './socket-route.ts';
import type { SocketRoute } from './socket-route.ts';
import { isRefusal } from '../../model/gap.ts';

/** Loading the iterators costs as much as some looks at all descriptors: who asks only once or twice does not want it. */
const PATIENCE = 2;

/** Finds owners of sockets again and again. */
export interface OwnerFinder {
  /** As {@link findOwners}: the owners of these sockets, by inode. */
  find(wanted: ReadonlySet<number>, gaps: GapSink): Sliced<SocketOwners>;
  /** Why /proc is read for it and not the iterator; null when it is the iterator. */
  readonly detour: string | null;
  close(): void;
}

/** Owners by a BPF iterator over files from the third time on, where it loads; otherwise by a look at every descriptor in /proc. */
export function openOwnerFinder(host: Host, open: (host: Host) => Sliced<SocketRoute> = openSocketRoute): OwnerFinder {
  let route: SocketRoute | null = null;
  let detour: string | null = 'It is opened when owners are asked for the third time.';
  let times = 0;
  /** Sockets that the iterator did not know an owner of, and whom a look into /proc found: processes that it never shows. */
  let others = new Map<number, readonly SocketOwner[]>();

  function* tryOpen(): Sliced<void> {
    try {
      route = yield* open(host);
      detour = null;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      detour = error instanceof Error ? error.message : String(error);
    }
  }

  /** Each socket that the iterator does not know is looked for once. */
  function* findOthers(wanted: ReadonlySet<number>, found: ReadonlyMap<number, unknown>, gaps: GapSink): Sliced<void> {
    const next = new Map<number, readonly SocketOwner[]>();
    const left = new Set<number>();
    for (const inode of wanted) {
      if (found.has(inode)) continue;
      const known = others.get(inode);
      if (known) next.set(inode, known);
      else left.add(inode);
    }
    if (left.size > 0) {
      const more = yield* findOwners(host, left, gaps);
      for (const inode of left) next.set(inode, more.get(inode) ?? []);
    }
    others = next;
  }

  return {
    get detour() {
      return detour;
    },
    *find(wanted, gaps) {
      if (host.kind === 'real' && times++ === PATIENCE) yield* tryOpen();
      if (!route) return yield* findOwners(host, wanted, gaps);
      const found = new Map(route.owners(wanted));
      yield* findOthers(wanted, found, gaps);
      for (const [inode, owners] of others) if (owners.length > 0) found.set(inode, owners);
      return found;
    },
    close() {
      route?.close();
      route = null;
      times = 0;
    },
  };
}
