import {
  array,
  boolean,
  check,
  integer,
  maxValue,
  minLength,
  minValue,
  number,
  optional,
  pipe,
  regex,
  strictObject,
  string,
} from 'valibot';
import { checkSettings } from '../settings.ts';

/** `[serve]`: how the daemon can be reached, and what it is allowed. Options of the command line come before it. */
export interface ServeSettings {
  /** Address to listen on. Default 127.0.0.1. */
  readonly address: string;
  /** Default 9095; 0 takes a free one. */
  readonly port: number;
  /** Port for gRPC at the same address, 0 takes a free one; null, the default: there is none. */
  readonly grpcPort: number | null;
  /** Names under which it may be asked, beside its addresses: those of a reverse proxy, of the machine in its network. */
  readonly names: readonly string[];
  /** Whether a token is asked for to look, where only this machine can reach it too. Default false; elsewhere it always is. */
  readonly token: boolean;
  /** Whether processes can be ended and given another priority, with the token for acting. Default false. */
  readonly act: boolean;
  /** Certificate and key in PEM; null: not encrypted. */
  readonly tls: { readonly certificate: string; readonly key: string } | null;
  /** Connections at the same time, streams not counted. Default 1024. */
  readonly connections: number;
  /** Streams at the same time. Default 1000. */
  readonly streamClients: number;
  /** The user that the daemon becomes after its first sample; null: it stays who it is. */
  readonly user: string | null;
  /** Whether it takes the right to write elsewhere from itself (Landlock); null: where it becomes another user, which is the default. */
  readonly sandbox: boolean | null;
  /** Directories and files beside its own in which it may write all the same. */
  readonly writable: readonly string[];
}

const PORT = 'must be a port from 0 to 65535';
const COUNT = 'must be a number from 1 to 100000';
const NAME = 'must be names or addresses of hosts, without port';
const PATH = 'must be absolute paths';

const path = pipe(string(), regex(/^\//, 'must be an absolute path'));
const count = pipe(number(COUNT), integer(COUNT), minValue(1, COUNT), maxValue(100_000, COUNT));

const SCHEMA = pipe(
  strictObject({
    address: optional(pipe(string(), minLength(1, 'must be an address'))),
    port: optional(pipe(number(PORT), integer(PORT), minValue(0, PORT), maxValue(65_535, PORT))),
    grpc_port: optional(pipe(number(PORT), integer(PORT), minValue(0, PORT), maxValue(65_535, PORT))),
    names: optional(array(pipe(string(NAME), regex(/^(?:[\w-]+(?:\.[\w-]+)*|[\d:a-f.]+)$/i, NAME))), []),
    token: optional(boolean(), false),
    act: optional(boolean(), false),
    tls_cert: optional(path),
    tls_key: optional(path),
    connections: optional(count, 1024),
    stream_clients: optional(count, 1000),
    user: optional(pipe(string(), regex(/^[\w.][\w.-]*$/, 'must be the name or the number of a user'))),
    sandbox: optional(boolean()),
    writable: optional(array(pipe(string(PATH), regex(/^\//, PATH))), []),
  }),
  check(({ tls_cert: cert, tls_key: key }) => (cert === undefined) === (key === undefined), 'must have tls_cert and tls_key, or neither'),
);

/** The section of `config.toml`. Throws INVALID. */
export function parseServeSettings(raw: unknown, place: string): ServeSettings {
  const {
    address = '127.0.0.1',
    port = 9095,
    grpc_port,
    tls_cert,
    tls_key,
    stream_clients,
    user,
    sandbox,
    ...rest
  } = checkSettings(SCHEMA, raw ?? {}, place);
  return {
    ...rest,
    address,
    port,
    grpcPort: grpc_port ?? null,
    tls: tls_cert === undefined || tls_key === undefined ? null : { certificate: tls_cert, key: tls_key },
    streamClients: stream_clients,
    user: user ?? null,
    sandbox: sandbox ?? null,
  };
}
