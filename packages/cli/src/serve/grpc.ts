import { startGrpc } from '@hecate/observe';
import type { Grpc, GrpcOptions } from '@hecate/observe';

/** Serves gRPC while the daemon runs. Loaded only by daemons that have a port for it. */
export function serveGrpc(options: GrpcOptions): Promise<Grpc> {
  return startGrpc(options);
}
