import { errnoOf } from '@hecate/host';
import { xfrmGroups } from '../domain/xfrm.ts';
import type { XfrmCounter } from '../domain/xfrm.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import { keepNetFile } from './net-directory.ts';

/** /proc/net/xfrm_stat: a name and a number a line. `known` are the names of last time. */
export function parseXfrm(cursor: ByteCursor, known: readonly XfrmCounter[] = []): XfrmCounter[] {
  const counters: XfrmCounter[] = [];
  for (; !cursor.done; cursor.nextLine()) {
    if (cursor.lineDone) continue;
    counters.push({ name: cursor.wordAs(known[counters.length]?.name), packets: cursor.integer() });
  }
  return counters;
}

/** What IPsec could not transform, by reason. Empty where the kernel has no such statistics. */
export const xfrm: Collector<'xfrm', readonly XfrmCounter[]> = {
  name: 'xfrm',
  lane: 'slow',
  sources: ['/proc/net/xfrm_stat'],
  remedy: 'IPsec statistics need a kernel with CONFIG_XFRM_STATISTICS=y.',
  groups: xfrmGroups,
  open(host) {
    const file = keepNetFile(host, 'xfrm_stat');
    const cursor = new ByteCursor();
    let last: XfrmCounter[] = [];
    return {
      read() {
        try {
          return (last = parseXfrm(cursor.reset(file.read()), last));
        } catch (error) {
          if (errnoOf(error) !== 'ENOENT') throw error;
          return [];
        }
      },
      close: file.close,
    };
  },
};
