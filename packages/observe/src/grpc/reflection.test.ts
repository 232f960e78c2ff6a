import { credentials, loadPackageDefinition } from '@grpc/grpc-js';
import type { ClientDuplexStream, GrpcObject, ServiceClientConstructor } from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer, loadSync } from '@grpc/proto-loader';
import { expect, it } from 'vitest';
import { PROTOS } from './interop.testing.ts';
import { startHandServer } from './server.testing.ts';

interface Answered {
  readonly messageResponse: string;
  readonly listServicesResponse?: { readonly service: readonly { readonly name: string }[] };
  readonly fileDescriptorResponse?: { readonly fileDescriptorProto: readonly Buffer[] };
  readonly errorResponse?: { readonly errorCode: number };
}

const serviceAt = (whole: GrpcObject, path: string): ServiceClientConstructor =>
  path.split('.').reduce<unknown>((at, name) => (at as GrpcObject)[name], whole) as ServiceClientConstructor;

/** A FileDescriptorSet: each file as field 1. */
function setOf(files: readonly Buffer[]): Buffer {
  return Buffer.concat(
    files.map((file) => {
      const length: number[] = [];
      for (let left = file.length; ; left >>>= 7) {
        length.push(left > 127 ? (left & 127) | 128 : left);
        if (left <= 127) break;
      }
      return Buffer.concat([Buffer.from([0x0a, ...length]), file]);
    }),
  );
}

it('a client that knows nothing but reflection learns what there is, and can call it', async () => {
  const hand = await startHandServer();
  const { host } = new URL(hand.server.url);
  hand.hand.tick(1000);
  const definition = loadSync('grpc/reflection/v1/reflection.proto', { includeDirs: [PROTOS], oneofs: true });
  const Reflection = serviceAt(loadPackageDefinition(definition), 'grpc.reflection.v1.ServerReflection');
  const client = new Reflection(host, credentials.createInsecure());
  const stream = (client as unknown as { serverReflectionInfo(): ClientDuplexStream<object, Answered> }).serverReflectionInfo();
  const ask = (request: object): Promise<Answered> =>
    new Promise((resolve, reject) => {
      stream.once('data', resolve).once('error', reject);
      stream.write(request);
    });
  let learned: { close(): void } | undefined;
  try {
    const { listServicesResponse } = await ask({ listServices: '' });
    expect(listServicesResponse!.service.map(({ name }) => name)).toEqual(['hecate.v1.Hecate', 'grpc.reflection.v1.ServerReflection']);
    expect((await ask({ fileContainingSymbol: 'no.Such' })).errorResponse!.errorCode).toBe(5);
    expect((await ask({ fileByFilename: '../../etc/passwd' })).errorResponse!.errorCode).toBe(5);
    expect((await ask({ allExtensionNumbersOfType: 'hecate.v1.Cpu' })).errorResponse!.errorCode).toBe(5);
    expect((await ask({})).errorResponse!.errorCode).toBe(3);
    for (const symbol of ['hecate.v1.Hecate.Stream', 'hecate.v1.Cpu', 'hecate.v1.Cpu.cores']) {
      expect((await ask({ fileContainingSymbol: symbol })).fileDescriptorResponse!.fileDescriptorProto.length, symbol).toBeGreaterThan(0);
    }
    const { fileDescriptorResponse } = await ask({ fileContainingSymbol: 'hecate.v1.Hecate' });
    const whole = loadPackageDefinition(loadFileDescriptorSetFromBuffer(setOf(fileDescriptorResponse!.fileDescriptorProto)));
    const Hecate = serviceAt(whole, 'hecate.v1.Hecate');
    const hecate = new Hecate(host, credentials.createInsecure()) as unknown as {
      snapshot(request: object, done: (error: unknown, answer: unknown) => void): void;
      close(): void;
    };
    learned = hecate;
    const answer = await new Promise((resolve, reject) => {
      hecate.snapshot({}, (error, value) => (error ? reject(error) : resolve(value)));
    });
    expect(answer).toMatchObject({ time: 1000 });
    stream.end();
  } finally {
    learned?.close();
    client.close();
    await hand.close();
  }
  expect(hand.errors).toEqual([]);
});
