import type { MessageInitShape } from '@bufbuild/protobuf';
import { HecateError } from '@hecate/host';
import type { Frame } from '../serve/hub.ts';
import { PROCESS_ORDERS, processSummary, sortRows } from '../serve/process-list.ts';
import type { ProcessOrder, ProcessSummary } from '../serve/process-list.ts';
import { frameOf } from '../serve/route.ts';
import { frameAt } from '../serve/routes/processes.ts';
import type { ProcessesRequest, ProcessesResponseSchema } from './gen/hecate/v1/hecate_pb.ts';
import type { ProcessSchema } from './gen/hecate/v1/process_pb.ts';
import type { GrpcContext } from './grpc-options.ts';
import { known, wholeKnown } from './number.ts';

/** Processes of one message: more would hold the event loop for too long. */
const PIECE = 100;

/** The seconds of a request, where they name a moment. Throws INVALID. */
export function momentOf(value: number, name: string): number {
  if (value >= 0 && value <= 8.64e12) return value;
  throw new HecateError('INVALID', `${name} must be seconds since the epoch.`);
}

function orderOf(sort: string): ProcessOrder {
  const order = sort === '' ? 'cpu' : PROCESS_ORDERS.find((name) => name === sort);
  if (order) return order;
  throw new HecateError('INVALID', `sort cannot be ${JSON.stringify(sort)}.`, { hint: `Use one of ${PROCESS_ORDERS.join(', ')}.` });
}

function processMessage(row: ProcessSummary): MessageInitShape<typeof ProcessSchema> {
  const { pid, ppid, name, kernel, state, startedAfterBoot, startTime, nice } = row;
  return {
    ...{ pid, ppid, name, kernel, state, startedAfterBoot, startTime, nice },
    cpuUser: known(row.cpuUser),
    cpuSystem: known(row.cpuSystem),
    threads: known(row.threads),
    command: known(row.command),
    uid: known(row.uid),
    user: known(row.user),
    cpu: known(row.cpu),
    rss: wholeKnown(row.rss),
    virtual: wholeKnown(row.virtual),
    readBytes: wholeKnown(row.readBytes),
    writeBytes: wholeKnown(row.writeBytes),
    readBytesPerSecond: known(row.readBytesPerSecond),
    writeBytesPerSecond: known(row.writeBytesPerSecond),
  };
}

/** The processes, some of them a message. Throws INVALID for a bad request, UNAVAILABLE for what was not kept or cannot be read. */
export async function* answerProcesses(
  context: GrpcContext,
  { sort, limit, at }: ProcessesRequest,
): AsyncGenerator<MessageInitShape<typeof ProcessesResponseSchema>> {
  const order = orderOf(sort);
  if (at === undefined) context.hub.look('processes');
  const frame: Frame = at === undefined ? await frameOf(context.hub) : await frameAt(context, momentOf(at, 'at'));
  const table = frame.snapshot.processes;
  if (!table) throw new HecateError('UNAVAILABLE', 'The processes of this machine cannot be read.', { hint: 'hecate doctor says why.' });
  const rows = sortRows(frame, table, order).subarray(0, limit ?? table.length);
  const { time } = frame.snapshot;
  for (let from = 0; from < rows.length || from === 0; from += PIECE) {
    const piece = Array.from(rows.subarray(from, from + PIECE), (row) => processMessage(processSummary(table, row, frame.rates.processes)));
    yield { time, total: table.length, processes: piece };
  }
}
