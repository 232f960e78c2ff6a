import type { RouteContext } from '../serve/route.ts';
import type { CertificateFiles } from '../serve/tls.ts';

/** What the answers are made of. */
export type GrpcContext = Pick<RouteContext, 'hub' | 'platform' | 'recorded' | 'processesAt' | 'events' | 'alerts'>;

/** What a gRPC server needs. */
export interface GrpcOptions extends GrpcContext {
  /** Address to bind: that of the HTTP server. */
  readonly address: string;
  /** Port to bind; 0 takes any free one. */
  readonly port: number;
  /** Names under which it may be asked, beside its addresses. */
  readonly names: readonly string[];
  /** Whether looking takes a token on a loopback address too. On any other it always does. */
  readonly tokenToRead: boolean;
  /** File with the token for looking; made when one is asked for and there is none. */
  readonly tokenFile: string;
  /** File with the token for acting, which lets look too. */
  readonly actTokenFile: string;
  /** Certificate and key; null: not encrypted. */
  readonly tls: CertificateFiles | null;
  /** Connections at the same time. */
  readonly connections: number;
  /** Calls at the same time, over all connections. */
  readonly streamClients: number;
  /** Told of errors inside the server; none of them stops it. */
  readonly onError: (error: unknown) => void;
  /** Told what is doubtful but works: a certificate that expired. */
  readonly warn: (text: string) => void;
}

/** A running gRPC server. */
export interface Grpc {
  /** Where it listens: `http://127.0.0.1:9096/`. */
  readonly url: string;
  /** Calls that are being answered now. */
  readonly calls: () => number;
  /** Says goodbye to clients, and ends when the last connection is gone. */
  close(): Promise<void>;
}
