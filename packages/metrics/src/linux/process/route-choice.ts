import { sentenceOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { Sliced } from '../../model/collector.ts';
import type { GapSink } from '../../model/gap.ts';
import type { ProcessColumns, ProcessRoute } from './route.ts';
import { isRefusal } from '../../model/gap.ts';

/** The routes that there are. */
export interface Routes {
  /** Opened at once; it always works. */
  readonly plain: (host: Host) => ProcessRoute;
  /** Costs much to open and little to use; throws where it does not work. Null: there is none. */
  readonly fast: ((host: Host) => Sliced<ProcessRoute>) | null;
}

/** Opening the fast route costs as much as this many passes of the other one: who reads only once or twice does not want it. */
const PATIENCE = 2;

/** Reads with the best route at hand. */
export interface RouteChoice {
  /** The route of the last pass. */
  readonly name: ProcessRoute['name'];
  /** Why that is not the fast one; null when it is. */
  readonly detour: string | null;
  pass(columns: ProcessColumns, gaps: GapSink): Sliced<void>;
  /** As the route tells it; null at the first pass of another route. */
  changedRows(): Uint8Array | null;
  close(): void;
}

/**
 * Starts with the plain route; takes the fast one from the third pass on, where it opens, and goes back when it fails later.
 * Rates go on across a change: both routes give the same counters under the same identities.
 */
export function chooseRoute(host: Host, { plain, fast }: Routes): RouteChoice {
  let route = plain(host);
  let passes = 0;
  /** The route of the pass before. */
  let earlier: ProcessRoute | null = null;
  let isSameRoute = false;
  let isOpen = true;
  let detour: string | null = fast
    ? 'It is opened at the third reading; before that it would cost more than it saves.'
    : 'This machine has no other.';

  function* openFast(open: NonNullable<Routes['fast']>): Sliced<void> {
    try {
      const opened = yield* open(host);
      route.close();
      if (isOpen) {
        route = opened;
        detour = null;
      } else opened.close();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      detour = sentenceOf(error);
    }
  }

  return {
    get name() {
      return route.name;
    },
    get detour() {
      return detour;
    },
    changedRows: () => (isSameRoute ? (route.changedRows?.() ?? null) : null),
    *pass(columns, gaps) {
      if (passes++ === PATIENCE && fast) yield* openFast(fast);
      try {
        yield* route.pass(columns, gaps);
      } catch (error) {
        if (route.name === 'proc' || !isRefusal(error)) throw error;
        detour = sentenceOf(error);
        route.close();
        route = plain(host);
        yield* route.pass(columns, gaps);
      }
      isSameRoute = route === earlier;
      earlier = route;
    },
    close() {
      isOpen = false;
      route.close();
    },
  };
}
