import { closeSync } from 'node:fs';
import { errnoOf, HecateError, sentenceOf, openNative } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { ProcessToWatch } from '../../events/watch-options.ts';
import { gapReasonOf } from '../../model/gap.ts';
import { readKernelSizes } from '../auxv.ts';
import { createStatLine, parseProcessStat, STAT } from '../process/stat.ts';
import { POLLIN } from './poll-thread.ts';
import { readProcessEnding } from './process-ending.ts';
import type { EventSource } from '../../events/event-source.ts';
import { isGone } from '../process/gone.ts';

/** A process that a descriptor stands for. */
interface Held {
  readonly descriptor: number;
  readonly name: string;
  readonly startTicks: number;
}

/** Its name and start. Throws UNAVAILABLE when there is no such process. */
function identify(host: Host, pid: number): Omit<Held, 'descriptor'> {
  try {
    const { buffer, length } = host.read(`/proc/${pid}/stat`);
    const line = parseProcessStat(buffer, length, createStatLine());
    return { name: buffer.toString('utf8', line.nameStart, line.nameEnd), startTicks: line.numbers[STAT.startTicks]! };
  } catch (error) {
    if (!isGone(errnoOf(error))) throw error;
    throw new HecateError('UNAVAILABLE', `There is no process ${pid}.`, { cause: error });
  }
}

/** Opens a process that is the one that was meant. Throws UNAVAILABLE when it is not, or gone. */
function hold(host: Host, { pid, startedAfterBoot }: ProcessToWatch, ticksPerSecond: number): Held {
  const before = identify(host, pid);
  let descriptor: number;
  try {
    descriptor = openNative().syscall('pidfd_open', pid, 0);
  } catch (error) {
    if (errnoOf(error) === 'ESRCH') throw new HecateError('UNAVAILABLE', `There is no process ${pid}.`, { cause: error });
    throw error;
  }
  try {
    const after = identify(host, pid);
    // Half a tick: the same moment, whatever divisions it went through.
    const isMeant =
      startedAfterBoot === undefined || Math.abs(startedAfterBoot - after.startTicks / ticksPerSecond) <= 0.5 / ticksPerSecond;
    // The number was given to another process, before or while we looked.
    if (!isMeant || before.startTicks !== after.startTicks) {
      throw new HecateError('UNAVAILABLE', `The process ${pid} that was meant is gone; another one has its number.`);
    }
    return { ...after, descriptor };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** The end of processes, by pidfd_open(2): a descriptor stands for its process for ever, whoever gets the number next. */
export const processExit: EventSource = {
  kinds: ['process-exit'],
  open({ host, processes, emit, unavailable, watch }) {
    const { userHz } = readKernelSizes(host);
    const open = new Set<number>();
    for (const wanted of processes) {
      const { pid } = wanted;
      try {
        const { descriptor, name, startTicks } = hold(host, wanted, userHz);
        open.add(descriptor);
        const stop = watch(descriptor, POLLIN, () => {
          stop();
          const ending = readProcessEnding(host, descriptor, pid, startTicks);
          open.delete(descriptor);
          closeSync(descriptor);
          emit({ kind: 'process-exit', pid, name, startedAfterBoot: startTicks / userHz, ...ending });
        });
      } catch (error) {
        unavailable('process-exit', gapReasonOf(error), sentenceOf(error));
      }
    }
    return () => open.forEach((descriptor) => closeSync(descriptor));
  },
};
