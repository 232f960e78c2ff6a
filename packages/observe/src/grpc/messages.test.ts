import { fromBinary } from '@bufbuild/protobuf';
import type { DescFile } from '@bufbuild/protobuf';
import { FieldDescriptorProto_Label, FieldDescriptorProto_Type } from '@bufbuild/protobuf/wkt';
import { loadSync } from '@grpc/proto-loader';
import type { MessageTypeDefinition } from '@grpc/proto-loader';
import { afterEach, describe, expect, it } from 'vitest';
import { createProcessTableForTest } from '../export/process-table.testing.ts';
import { encodeSeries } from '../serve/series-json.ts';
import { createHandHub } from '../serve/stream/listening.testing.ts';
import { file_hecate_v1_hecate, StreamResponseSchema } from './gen/hecate/v1/hecate_pb.ts';
import { file_hecate_v1_machine } from './gen/hecate/v1/machine_pb.ts';
import { file_hecate_v1_process } from './gen/hecate/v1/process_pb.ts';
import { PROTOS } from './interop.testing.ts';
import { startHandServer } from './server.testing.ts';
import type { HandServer } from './server.testing.ts';
import { encodeTick } from './tick-bytes.ts';

let hand: HandServer | undefined;
afterEach(async () => {
  await hand?.close();
  expect(hand?.errors ?? []).toEqual([]);
  hand = undefined;
});

describe('the code that is made of the published files', () => {
  const definition = loadSync('hecate/v1/hecate.proto', { includeDirs: [PROTOS], keepCase: true });
  interface ForeignField {
    readonly name: string;
    readonly number: number;
    readonly type: string;
    readonly typeName: string;
    readonly label: string;
    readonly oneofIndex?: number;
  }
  const bare = (name: string): string => name.split('.').at(-1)!;

  it.each([file_hecate_v1_hecate, file_hecate_v1_machine, file_hecate_v1_process] as DescFile[])('says what they say: $name', (file) => {
    expect(file.messages.length).toBeGreaterThan(0);
    for (const message of file.messages) {
      const foreign = (definition[message.typeName] as MessageTypeDefinition<object, object>).type as {
        field: ForeignField[];
        oneofDecl: { name: string }[];
      };
      const ours = message.proto.field.map((field) => ({
        name: field.name,
        number: field.number,
        type: `TYPE_${FieldDescriptorProto_Type[field.type]}`,
        label: `LABEL_${FieldDescriptorProto_Label[field.label]}`,
        // The foreign reader names a map by its field, and not by the message of its entries.
        of: bare(field.typeName).replace(/Entry$/, ''),
        isOptional: field.proto3Optional,
      }));
      const theirs = foreign.field.map(({ name, number, type, label, typeName, oneofIndex }) => {
        const isOptional = foreign.oneofDecl[oneofIndex ?? -1]?.name === `_${name}`;
        return { name, number, type, label, of: bare(typeName), isOptional };
      });
      expect(theirs, message.typeName).toEqual(ours);
    }
  });

  it('has the methods that they have', () => {
    const foreign = Object.values(definition['hecate.v1.Hecate'] as Record<string, { path: string; responseStream: boolean }>);
    const ours = file_hecate_v1_hecate.services[0]!.methods.map(({ name, methodKind }) => [name, methodKind === 'server_streaming']);
    expect(foreign.map(({ path, responseStream }) => [bare(path.replace('/', '.').replace('/', '.')), responseStream])).toEqual(ours);
  });
});

describe('a tick', () => {
  const names = ['eth0', 'a'.repeat(15), 'ü "] \u0000', 'x'.repeat(300)];
  const row = { physical: true, index: 1, ...Object.fromEntries(['Bytes', 'Packets', 'Errors', 'Drops', 'Fifo', 'Frame', 'Compressed', 'Multicast'].map((name) => [`receive${name}`, 5])), ...Object.fromEntries(['Bytes', 'Packets', 'Errors', 'Drops', 'Fifo', 'Collisions', 'Carrier', 'Compressed'].map((name) => [`transmit${name}`, 7])) }; // oxfmt-ignore
  const made = createHandHub();
  const network = (bytes: number): never => names.map((device) => ({ ...row, device, receiveBytes: bytes })) as never;
  made.tick(1000, { network: network(0), monotonic: 10 });
  const frame = made.tick(1001, { network: network(2 ** 40), monotonic: 11 });

  it('that was written by hand is the message that the library reads, whatever the names are', () => {
    const bytes = encodeTick(frame, null);
    expect(bytes[0]).toBe(0);
    expect(bytes.readUInt32BE(1)).toBe(bytes.length - 5);
    const { time, series } = fromBinary(StreamResponseSchema, bytes.subarray(5));
    expect(time).toBe(1001);
    for (const name of names) expect(series[`network.${name}.receive_bytes_per_second`], name).toBe(2 ** 40);
    expect(Object.values(series).every((value) => Number.isFinite(value))).toBe(true);
  });

  it('has the series that are wanted, and none of those that are not known', () => {
    const wanted = new Set(['network.eth0.receive_bytes_per_second', 'load1', 'no_such']);
    expect(fromBinary(StreamResponseSchema, encodeTick(frame, wanted).subarray(5)).series).toEqual({
      'network.eth0.receive_bytes_per_second': 2 ** 40,
    });
  });
});

describe('a history', () => {
  const ids = [
    'load1',
    'filesystem./mnt/a]b.used_percent',
    'filesystem./mnt/"series":{"x":[1]}.used_percent',
    'filesystem./\\",.used_percent',
  ];
  const points: Readonly<Record<string, readonly number[]>> = Object.fromEntries(
    ids.map((id, index) => [id, [index, Number.NaN, index + 0.5]]),
  );
  const pieces = (band: boolean): Iterable<string> => [
    '{"step":10,"time":[100,110,120.5]',
    ...encodeSeries(ids, (id) => points[id]!.map((value) => [value, value - 1, value + 1] as const), band),
  ];

  it.each([false, true])('comes series by series, whatever their names are; with the least and the greatest values: %s', async (band) => {
    hand = await startHandServer({ recorded: () => Promise.resolve(pieces(band)) });
    hand.hand.hub.history.append(5000, [{ id: 'load1', value: 1 }]);
    const { messages, code } = await hand.client().collect('History', { from: 100, to: 130, band });
    expect(code).toBe(0);
    expect(messages[0]).toMatchObject({ times: { step: 10, time: [100, 110, 120.5] } });
    const series = messages.slice(1).map((message) => message['series'] as { id: string; mean: number[]; min?: number[]; unit: string });
    expect(series.map(({ id }) => id)).toEqual(ids);
    for (const [index, { mean, min, unit }] of series.entries()) {
      expect(mean).toEqual([index, Number.NaN, index + 0.5]);
      expect(min ?? []).toEqual(band ? [index - 1, Number.NaN, index - 0.5] : []);
      expect(unit).toBe(index === 0 ? 'load' : 'percent');
    }
  });

  it('of nothing has times and no series', async () => {
    hand = await startHandServer();
    const { messages, code } = await hand.client().collect('History', { series: ['load1'] });
    expect({ messages: messages.length, code }).toEqual({ messages: 1, code: 0 });
  });
});

describe('the processes', () => {
  it('that cannot be read are said to be so', async () => {
    hand = await startHandServer();
    hand.hand.tick(1000);
    expect(await hand.client().collect('Processes')).toMatchObject({
      code: 14,
      details: expect.stringContaining('hecate doctor') as string,
    });
  });

  it('are a message where they are few, and as they were at a moment where they were kept', async () => {
    hand = await startHandServer({
      processesAt: (time) => Promise.resolve(time === 500 ? { time: 499, table: createProcessTableForTest('früher'), rates: null } : null),
    });
    hand.hand.tick(1000, { processes: createProcessTableForTest('now') });
    const client = hand.client();
    expect((await client.collect('Processes')).messages).toMatchObject([{ time: 1000, total: 1, processes: [{ pid: 7, name: 'now' }] }]);
    expect((await client.collect('Processes', { limit: 0 })).messages).toMatchObject([{ time: 1000, total: 1 }]);
    const then = (await client.collect('Processes', { at: 500 })).messages;
    expect(then).toMatchObject([{ time: 499, processes: [{ pid: 7, name: 'früher', rss: 3, state: 'S' }] }]);
    expect((then[0]!['processes'] as object[])[0]).not.toHaveProperty('readBytes');
    expect((await client.collect('Processes', { at: 400 })).code).toBe(14);
  });
});
