import type { Host } from '@hecate/host';
import type { EventSource } from '../../events/event-source.ts';
import { openSources } from '../../events/open-sources.ts';
import type { EventSink, OpenSources } from '../../events/open-sources.ts';
import type { WatchPlan } from '../../events/watch-plan.ts';
import { clock } from './clock.ts';
import { memoryPressure } from './memory-pressure.ts';
import { mount } from './mount.ts';
import { oom } from './oom.ts';
import { openPollWatcher } from './poll-thread.ts';
import { pressure } from './pressure.ts';
import { processExit } from './process-exit.ts';
import { processes } from './process.ts';
import { route } from './route.ts';
import { throttle } from './throttle.ts';
import { uevent } from './uevent.ts';

/** Every source of events of Linux. */
const SOURCES: readonly EventSource[] = [route, mount, pressure, memoryPressure, oom, processExit, processes, uevent, throttle, clock];

/**
 * Opens the sources of a plan. Throws UNAVAILABLE or UNSUPPORTED where no descriptor can be waited for at all (native calls are not to
 * be had).
 */
export function openLinuxSources(host: Host, plan: WatchPlan, sink: EventSink): OpenSources {
  return openSources({ sources: SOURCES, openWaiter: openPollWatcher }, host, plan, sink);
}
