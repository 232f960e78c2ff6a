import type { EventFacts } from './api.ts';
import { formatDuration, formatQuantity } from './format-quantity.ts';

const named = (pid: number | null, name: string | null): string => (name === null ? `process ${pid}` : `${name} (${pid})`);
const ending = ({ status, signal }: { readonly status: number | null; readonly signal: number | null }): string =>
  signal !== null ? `was ended by signal ${signal}` : status !== null ? `ended with status ${status}` : 'ended';

/** What happened, in one sentence without a full stop. Names are as the machine has them: text, never markup. */
export function eventSentence(event: EventFacts): string {
  switch (event.kind) {
    case 'link':
      if (event.change === 'renamed') return `${event.previous} is now called ${event.device}`;
      if (event.change === 'down') return `${event.device} is down: ${event.enabled ? 'no link' : 'switched off'}`;
      return event.change === 'up' ? `${event.device} is up` : `${event.device} was ${event.change}`;
    case 'address':
      return `${event.address}/${event.prefix} was ${event.change === 'added' ? 'added to' : 'removed from'} ${event.device}`;
    case 'mount':
      return `${event.mountpoint} was ${event.change === 'added' ? 'mounted' : event.change === 'removed' ? 'unmounted' : 'changed'}: ${event.fstype} from ${event.device || 'nothing'}${event.readOnly ? ', read-only' : ''}`;
    case 'pressure':
      return `${event.stall === 'some' ? 'some' : 'all'} tasks waited for ${event.resource} ${formatQuantity(event.threshold, 'seconds')} of ${formatQuantity(event.window, 'seconds')} or more`;
    case 'memory-pressure':
      return event.level === 'normal' ? 'memory is no longer scarce' : `memory is scarce: ${event.level}`;
    case 'oom-kill':
      if (event.pid === null) return `${event.count} killed for want of memory`;
      return `${named(event.pid, event.name)} was killed for want of memory; it held ${formatQuantity(event.rss, 'bytes')}${event.cgroup === null ? '' : `, at the limit of ${event.cgroup}`}`;
    case 'process-exit':
      return `${named(event.pid, event.name)} ${ending(event)}`;
    case 'process':
      return `${named(event.pid, event.name)} ${event.change === 'exited' ? ending(event) : event.change === 'started' ? 'was started' : 'is a new program'}`;
    case 'device':
      return `${event.subsystem} ${event.name} was ${event.change}`;
    case 'power-source':
      return event.source === 'ac' ? 'on mains' : 'on battery';
    case 'throttle':
      if (event.level !== undefined) return `${event.device} is ${event.level}`;
      return event.change === 'on' ? `${event.device} is slowed down to get cooler` : `${event.device} is at full speed again`;
    case 'clock':
      return event.change === 'resumed'
        ? `the machine slept for ${formatDuration(event.seconds)}`
        : `the clock was set ${event.seconds < 0 ? 'back' : 'on'} by ${formatQuantity(Math.abs(event.seconds), 'seconds')}`;
    case 'unavailable':
      return `${event.what} cannot be watched: ${event.detail}`;
    case 'lost':
      return `${event.count} events were lost`;
    case 'overrun':
      return `${event.what}: the kernel had more to say than it kept`;
    default:
      return event.kind;
  }
}
