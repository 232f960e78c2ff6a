import { fileURLToPath } from 'node:url';
import { credentials, loadPackageDefinition, Metadata, status } from '@grpc/grpc-js';
import type { ChannelCredentials, Client, ClientReadableStream, GrpcObject, ServiceClientConstructor, ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** The folder of the published files. */
export const PROTOS: string = fileURLToPath(new URL('../../proto', import.meta.url));

type Fields = Readonly<Record<string, unknown>>;

/** A client as anybody would make one: grpc-js, told by the published files and nothing of ours. */
export interface ForeignClient {
  /** All messages of a call, and the code that it ended with: 0, all is well. */
  collect(method: string, request?: Fields, options?: CallOptions): Promise<Collected>;
  /** A call that goes on. */
  follow(method: string, request?: Fields): ClientReadableStream<Fields>;
  close(): void;
}

/** How a call is made. */
export interface CallOptions {
  readonly token?: string;
  /** Milliseconds from now. */
  readonly deadline?: number;
}

/** What came of a call. */
export interface Collected {
  readonly messages: readonly Fields[];
  readonly code: number;
  readonly details: string;
}

const definition = loadSync('hecate/v1/hecate.proto', { includeDirs: [PROTOS], longs: Number, oneofs: true });
const v1 = (loadPackageDefinition(definition)['hecate'] as GrpcObject)['v1'] as GrpcObject;

/** Opens a client of the server at `url`. */
export function openForeignClient(url: string, secure: ChannelCredentials = credentials.createInsecure()): ForeignClient {
  const Hecate = v1['Hecate'] as ServiceClientConstructor;
  const options = { 'grpc.use_local_subchannel_pool': 1, 'grpc.enable_retries': 0 };
  const client: Client & Readonly<Record<string, unknown>> = new Hecate(new URL(url).host, secure, options) as never;
  const call = (method: string, request: Fields, { token, deadline }: CallOptions = {}): ClientReadableStream<Fields> => {
    const { path, requestSerialize, responseDeserialize } = Hecate.service[method]!;
    const metadata = new Metadata();
    if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
    return client.makeServerStreamRequest(
      path,
      requestSerialize as (value: Fields) => Buffer,
      responseDeserialize as (bytes: Buffer) => Fields,
      request,
      metadata,
      deadline === undefined ? {} : { deadline: Date.now() + deadline },
    );
  };
  return {
    collect: (method, request = {}, given = {}) =>
      new Promise((resolve) => {
        const messages: Fields[] = [];
        const stream = call(method, request, given);
        stream.on('data', (message: Fields) => messages.push(message));
        stream.on('error', ({ code, details }: ServiceError) => resolve({ messages, code, details }));
        stream.on('status', ({ code, details }) => (code === status.OK ? resolve({ messages, code, details }) : undefined));
      }),
    follow: (method, request = {}) => call(method, request),
    close: () => client.close(),
  };
}
