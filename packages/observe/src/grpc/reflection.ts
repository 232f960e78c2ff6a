import { createRegistry, toBinary } from '@bufbuild/protobuf';
import type { DescFile, MessageInitShape, Registry } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import type { ServiceImpl } from '@connectrpc/connect';
import { file_grpc_reflection_v1_reflection } from './gen/grpc/reflection/v1/reflection_pb.ts';
import type { ServerReflection, ServerReflectionRequest, ServerReflectionResponseSchema } from './gen/grpc/reflection/v1/reflection_pb.ts';
import { file_hecate_v1_hecate } from './gen/hecate/v1/hecate_pb.ts';

type ResponseInit = Exclude<MessageInitShape<typeof ServerReflectionResponseSchema>, { readonly $typeName: string }>;
type Response = NonNullable<ResponseInit['messageResponse']>;

const FILES = [file_hecate_v1_hecate, file_grpc_reflection_v1_reflection];

const notFound = (what: string): Response => ({
  case: 'errorResponse',
  value: { errorCode: Code.NotFound, errorMessage: `There is no ${what} here.` },
});

/** A file and all that it imports, each once, the file itself first. */
function filesOf(file: DescFile, seen: Set<DescFile> = new Set()): Set<DescFile> {
  seen.add(file);
  for (const imported of file.dependencies) if (!seen.has(imported)) filesOf(imported, seen);
  return seen;
}

function fileResponse(file: DescFile | undefined, what: string): Response {
  if (!file) return notFound(what);
  const protos = [...filesOf(file)].map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto));
  return { case: 'fileDescriptorResponse', value: { fileDescriptorProto: protos } };
}

/** What can be asked for, made when somebody asks for the first time. */
interface Known {
  readonly files: ReadonlyMap<string, DescFile>;
  readonly symbols: Registry;
}

function knownFiles(): Known {
  const all = FILES.flatMap((file) => [...filesOf(file)]);
  return { files: new Map(all.map((file) => [file.proto.name, file])), symbols: createRegistry(...all) };
}

/** Of a method or a field, what declares it is known by the name before the last point. */
function declaringFile({ symbols }: Known, name: string): DescFile | undefined {
  return (symbols.get(name) ?? symbols.get(name.slice(0, Math.max(0, name.lastIndexOf('.')))))?.file;
}

function responseTo(known: Known, { messageRequest: asked }: ServerReflectionRequest): Response {
  switch (asked.case) {
    case 'listServices':
      return {
        case: 'listServicesResponse',
        value: { service: FILES.flatMap(({ services }) => services.map(({ typeName: name }) => ({ name }))) },
      };
    case 'fileByFilename':
      return fileResponse(known.files.get(asked.value), 'file of that name');
    case 'fileContainingSymbol':
      return fileResponse(declaringFile(known, asked.value), 'symbol of that name');
    case 'fileContainingExtension':
    case 'allExtensionNumbersOfType':
      return notFound('extension');
    case undefined:
      return { case: 'errorResponse', value: { errorCode: Code.InvalidArgument, errorMessage: 'Nothing is asked for.' } };
  }
}

/** Tells clients like grpcurl what there is, so that they need no file. */
export function createReflection(): ServiceImpl<typeof ServerReflection> {
  let known: Known | undefined;
  return {
    async *serverReflectionInfo(requests) {
      known ??= knownFiles();
      for await (const request of requests) {
        yield { validHost: request.host, originalRequest: request, messageResponse: responseTo(known, request) };
      }
    },
  };
}
