import type { ServiceImpl } from '@connectrpc/connect';
import { createTurn } from '../serve/pieces.ts';
import { frameOf } from '../serve/route.ts';
import type { Hecate, StreamRequest } from './gen/hecate/v1/hecate_pb.ts';
import type { GrpcOptions } from './grpc-options.ts';
import { answerHistory } from './history-answers.ts';
import { answerAlerts, answerEvents, answerTicks } from './live-answers.ts';
import { machineMessage } from './machine-message.ts';
import { answerMetrics } from './metrics-answers.ts';
import { answerProcesses } from './process-answers.ts';
import { connectErrorOf } from './status.ts';
import type { TickWish } from './tick-streams.ts';

/** Every method of the service, for connect. `wishOf` checks what a client of `Stream` wants. */
export function createService(context: GrpcOptions, wishOf: (request: StreamRequest) => TickWish): ServiceImpl<typeof Hecate> {
  /**
   * The same messages, with pauses: connect makes one after the other as long as the client takes them, and others want their turn.
   * What goes wrong is told as connect tells it.
   */
  async function* told<Message>(messages: () => AsyncIterable<Message>): AsyncGenerator<Message> {
    const turn = createTurn();
    try {
      for await (const message of messages()) {
        yield message;
        if (turn.isOver()) await turn.next();
      }
    } catch (error) {
      throw connectErrorOf(error, context.onError);
    }
  }
  return {
    async snapshot() {
      try {
        const frame = await frameOf(context.hub);
        return { time: frame.snapshot.time, machine: machineMessage(frame) };
      } catch (error) {
        throw connectErrorOf(error, context.onError);
      }
    },
    stream: (request, { signal }) => told(() => answerTicks(context.hub, wishOf(request), signal)),
    metrics: (request) => told(() => answerMetrics(context, request)),
    processes: (request) => told(() => answerProcesses(context, request)),
    history: (request) => told(() => answerHistory(context, request)),
    events: (request, { signal }) => told(() => answerEvents(context, request, signal)),
    alerts: (request, { signal }) => told(() => answerAlerts(context, request, signal)),
  };
}
