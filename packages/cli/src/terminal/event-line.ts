import type { MachineEvent } from '@hecate/metrics';
import { clean, encodeDuration, encodeValue, fit } from '@hecate/observe';
import type { Ink, Tone } from '@hecate/observe';

/** Columns of a time, and of the longest kind. */
const TIME_WIDTH = 19;
const KIND_WIDTH = 15;

const two = (number: number): string => String(number).padStart(2, '0');

/** `2026-11-21 15:03:09`, in the time of this place. */
export function timeText(time: number): string {
  const at = new Date(time * 1000);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

const ended = ({ status, signal }: { readonly status: number | null; readonly signal: number | null }): string =>
  signal !== null ? `was ended by signal ${signal}` : status !== null ? `ended with status ${status}` : 'ended';
const named = (pid: number, name: string | null): string => (name === null ? `process ${pid}` : `process ${pid} (${name})`);
const percent = (share: number): string => encodeValue(share * 100, 'percent');

/** What happened, and how it is to be taken. Names are as the machine has them. */
function tell(event: MachineEvent): readonly [sentence: string, tone: Tone] {
  switch (event.kind) {
    case 'link':
      if (event.change === 'renamed') return [`${event.previous} is now called ${event.device}`, 'plain'];
      if (event.change === 'up') return [`${event.device} is up`, 'good'];
      if (event.change === 'down') return [`${event.device} is down: ${event.enabled ? 'no link' : 'switched off'}`, 'warn'];
      return [`${event.device} was ${event.change}`, event.change === 'added' ? 'plain' : 'fair'];
    case 'address':
      return [
        `${event.address}/${event.prefix} ${event.change === 'added' ? 'was added to' : 'was removed from'} ${event.device}`,
        'plain',
      ];
    case 'mount': {
      if (event.change === 'removed') return [`${event.mountpoint} was unmounted (${event.fstype})`, 'plain'];
      const how = `${event.fstype} from ${event.device || 'nothing'}${event.readOnly ? ', read-only' : ''}`;
      if (event.change === 'added') return [`${event.mountpoint} was mounted: ${how}`, 'plain'];
      return [`${event.mountpoint} changed: ${how}`, event.readOnly ? 'warn' : 'plain'];
    }
    case 'pressure': {
      const who = event.stall === 'some' ? 'some tasks' : 'all tasks';
      const where = event.cgroup === null ? '' : ` in ${event.cgroup}`;
      const most = `${encodeValue(event.threshold, 'seconds')} of ${encodeValue(event.window, 'seconds')}`;
      return [`${who}${where} waited for ${event.resource} ${most} or more`, 'warn'];
    }
    case 'memory-pressure': {
      const tone = event.level === 'normal' ? 'good' : event.level === 'warning' ? 'warn' : 'bad';
      const waited =
        event.some === null || event.full === null ? '' : `: some tasks waited ${percent(event.some)} of 10 s, all ${percent(event.full)}`;
      return [`${event.level}, was ${event.previous}${waited}`, tone];
    }
    case 'oom-kill': {
      const limit = event.cgroup === null ? '' : `, at the limit of ${event.cgroup}`;
      if (event.pid === null)
        return [`${event.count} ${event.count === 1 ? 'process was' : 'processes were'} killed for want of memory`, 'bad'];
      return [`${named(event.pid, event.name)} was killed for want of memory; it held ${encodeValue(event.rss, 'bytes')}${limit}`, 'bad'];
    }
    case 'process-exit':
      return [`${named(event.pid, event.name)} ${ended(event)}`, event.status === 0 ? 'plain' : 'fair'];
    case 'process':
      if (event.change === 'exited') return [`${named(event.pid, event.name)} ${ended(event)}`, 'dim'];
      return [
        `${named(event.pid, event.name)} ${event.change === 'started' ? `was started by ${event.ppid}` : 'is a new program'}`,
        'plain',
      ];
    case 'device':
      return [
        `${event.subsystem} ${event.name} was ${event.change}${event.change === 'changed' && event.action !== 'change' ? `: ${event.action}` : ''}`,
        'plain',
      ];
    case 'power-source':
      return [event.source === 'ac' ? 'on mains' : 'on battery', event.source === 'ac' ? 'good' : 'warn'];
    case 'throttle': {
      if (event.level !== undefined) return [`${event.device} is ${event.level}`, event.change === 'on' ? 'warn' : 'good'];
      const share = event.share === null ? '' : ` (${percent(event.share)})`;
      return [
        `${event.device} is ${event.change === 'on' ? `slowed down${share}` : 'at full speed again'}`,
        event.change === 'on' ? 'warn' : 'good',
      ];
    }
    case 'clock': {
      if (event.change === 'resumed') return [`the machine slept for ${encodeDuration(event.seconds)}`, 'plain'];
      return [`the clock was set ${event.seconds < 0 ? 'back' : 'on'} by ${encodeDuration(Math.abs(event.seconds))}`, 'fair'];
    }
    case 'unavailable':
      return [`${event.what}: ${event.reason}. ${event.detail}`, 'dim'];
    case 'watching':
      return [event.kinds.join(', '), 'dim'];
    case 'overrun':
      return [`${event.what}: the kernel had more to say than it kept`, 'warn'];
    case 'lost':
      return [`${event.count} events were thrown away, because they were not taken`, 'warn'];
  }
}

/**
 * One event in one line: time, kind, and a sentence, which is cut where the line would be wider than `width` columns.
 * What the machine named cannot steer the terminal.
 */
export function eventLine(event: MachineEvent, ink: Ink, width: number = Number.POSITIVE_INFINITY): string {
  const [sentence, tone] = tell(event);
  const room = width - TIME_WIDTH - KIND_WIDTH - 4;
  const text = Number.isFinite(room) ? fit(ink, sentence, Math.max(10, room)).trimEnd() : clean(sentence);
  return `${ink.paint(timeText(event.time), 'dim')}  ${ink.paint(event.kind.padEnd(KIND_WIDTH), 'calm')}  ${ink.paint(text, tone)}\n`;
}
