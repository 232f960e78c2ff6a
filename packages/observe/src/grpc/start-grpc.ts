import { setMaxListeners } from 'node:events';
import { constants } from 'node:http2';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { fromBinary } from '@bufbuild/protobuf';
import { Code, ConnectError, createConnectRouter } from '@connectrpc/connect';
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from '@connectrpc/connect-node';
import { subscriptionOf } from '../serve/stream/subscription.ts';
import { createAdmission } from './admission.ts';
import { ServerReflection } from './gen/grpc/reflection/v1/reflection_pb.ts';
import { Hecate, StreamRequestSchema } from './gen/hecate/v1/hecate_pb.ts';
import type { StreamRequest } from './gen/hecate/v1/hecate_pb.ts';
import type { Grpc, GrpcOptions } from './grpc-options.ts';
import { openHttp2 } from './http2-server.ts';
import { LONGEST_MESSAGE, readMessage, timeoutOf } from './message-body.ts';
import { createReflection } from './reflection.ts';
import { createService } from './service.ts';
import { BROKEN, readableTrailers, refusalOf, refuseCall } from './status.ts';
import type { Refusal } from './status.ts';
import { createTickStreams, ENDING } from './tick-streams.ts';
import type { TickWish } from './tick-streams.ts';

/** Milliseconds that a client may take to send its request. */
const PATIENCE = 10_000;

const STREAM_PATH = `/${Hecate.typeName}/${Hecate.method.stream.name}`;
const FULL: Refusal = { code: Code.ResourceExhausted, message: 'Too many calls are open.' };

const wishOf = ({ series, every }: StreamRequest): TickWish =>
  subscriptionOf({ type: 'subscribe', series: series.length === 0 ? null : series, every });

/**
 * Serves gRPC, gRPC-Web and Connect over HTTP/2. `Stream` over gRPC goes its own short way, the rest through connect.
 * Rejects with CONFLICT when the port is taken, DENIED when it may not be bound, INVALID for a foreign address or a bad certificate.
 */
export async function startGrpc(options: GrpcOptions): Promise<Grpc> {
  const { hub, onError, streamClients } = options;
  const ending = new AbortController();
  // As many calls as there are listen to it.
  setMaxListeners(0, ending.signal);
  const admit = createAdmission(options);
  const ticks = createTickStreams(hub, onError);
  const router = createConnectRouter({
    acceptCompression: [],
    readMaxBytes: LONGEST_MESSAGE,
    shutdownSignal: ending.signal,
  })
    .service(Hecate, createService(options, wishOf))
    .service(ServerReflection, createReflection());
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  let calls = 0;

  /** Whether somebody who is gone need not be told. */
  const isOver = ({ stream }: Http2ServerRequest): boolean => stream.destroyed || stream.aborted || stream.closed;

  const answerByConnect = async (request: Http2ServerRequest, response: Http2ServerResponse, path: string): Promise<void> => {
    const handler = handlers.get(path);
    if (!handler) throw new ConnectError('There is no such method.', Code.Unimplemented);
    const answer = await handler(universalRequestFromNodeRequest(request, response, undefined, undefined));
    const { trailer } = answer;
    if (!trailer) return universalResponseToNodeResponse(answer, response);
    const readable = {
      ...answer,
      // Asked for when the body is out: only then the trailers are complete.
      get trailer() {
        return readableTrailers(trailer);
      },
    };
    await universalResponseToNodeResponse(readable, response);
  };

  const answer = async (request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> => {
    const { stream } = request;
    const contentType = request.headers['content-type'] ?? '';
    const refusal = calls > streamClients ? FULL : await admit(request);
    if (refusal) return refuseCall(stream, contentType, refusal);
    if (isOver(request)) return;
    const path = request.url.split('?', 1)[0]!;
    const isGrpc = request.method === 'POST' && /^application\/grpc(?:\+proto)?$/.test(contentType);
    if (path !== STREAM_PATH || !isGrpc) return answerByConnect(request, response, path);
    const timeout = timeoutOf(request.headers['grpc-timeout']);
    const asked = await readMessage(request);
    let wish: StreamRequest;
    try {
      wish = fromBinary(StreamRequestSchema, asked);
    } catch (error) {
      throw new ConnectError('The request is no StreamRequest.', Code.InvalidArgument, undefined, undefined, error);
    }
    ticks.accept(response, wishOf(wish), contentType, timeout);
  };

  const handle = (request: Http2ServerRequest, response: Http2ServerResponse): void => {
    const { stream } = request;
    calls++;
    stream.once('close', () => calls--);
    stream.setTimeout(PATIENCE, () => stream.close(constants.NGHTTP2_CANCEL));
    request.once('end', () => stream.setTimeout(0));
    answer(request, response).catch((error: unknown) => {
      if (isOver(request)) return;
      const refusal = refusalOf(error);
      if (!refusal) onError(error);
      if (stream.headersSent) stream.close(constants.NGHTTP2_INTERNAL_ERROR);
      else refuseCall(stream, request.headers['content-type'] ?? '', refusal ?? BROKEN);
    });
  };

  const server = await openHttp2(options, handle);
  return {
    url: server.url,
    calls: () => calls,
    async close() {
      ending.abort(new ConnectError(ENDING.message, ENDING.code));
      ticks.close();
      await server.close();
    },
  };
}
