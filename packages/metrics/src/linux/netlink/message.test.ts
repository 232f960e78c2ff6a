import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attributeNumber, attributeText, encodeAttributes, encodeMessage, errnoOfMessage, listAttributes } from './message.ts';
import { NLM_F_MULTI, NLMSG_DONE, NLMSG_ERROR, parseAttributes, parseMessages } from './message.ts';
import type { AttributeToSend } from './message.ts';

const bytes = (maxLength: number): fc.Arbitrary<Buffer> => fc.uint8Array({ maxLength }).map((value) => Buffer.from(value));

test('what is encoded is parsed again: messages of any length, and attributes in attributes', () => {
  const message = fc.record({
    type: fc.nat(0xffff),
    flags: fc.nat(0xffff),
    sequence: fc.nat(0xffff_ffff),
    payload: bytes(70),
  });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 5 }), (messages) => {
      expect(parseMessages(Buffer.concat(messages.map(({ payload, ...header }) => encodeMessage(header, payload))))).toEqual(messages);
    }),
  );
  const leaf = fc.tuple(fc.nat(0x3fff), bytes(20));
  fc.assert(
    fc.property(fc.array(leaf, { maxLength: 5 }), fc.nat(0x3fff), (leaves, type) => {
      expect(listAttributes(encodeAttributes(leaves))).toEqual(leaves);
      const nested: AttributeToSend = [type, leaves];
      expect(listAttributes(listAttributes(encodeAttributes([nested]))[0]![1])).toEqual(leaves);
      expect([...parseAttributes(encodeAttributes(leaves))]).toEqual([...new Map(leaves)]);
    }),
  );
});

test('the bytes are those of the kernel headers', () => {
  expect(encodeMessage({ type: 18, flags: 0x301, sequence: 7 }, Buffer.from([1, 2])).toString('hex')).toBe(
    ['12000000', '1200', '0103', '07000000', '00000000', '01020000'].join(''),
  );
  expect(
    encodeAttributes([
      [3, Buffer.from('lo\0')],
      [5, [[1, Buffer.from([9])]]],
    ]).toString('hex'),
  ).toBe(['07000300', '6c6f0000', '0c000580', '05000100', '09000000'].join(''));
});

test('what is cut short ends the list, and lengths that cannot be end it too', () => {
  const whole = encodeMessage({ type: 1, flags: NLM_F_MULTI, sequence: 1 }, Buffer.from('first!'));
  const two = Buffer.concat([whole, whole]);
  expect(parseMessages(two)).toHaveLength(2);
  expect(parseMessages(two.subarray(0, two.length - 4))).toHaveLength(1);
  two.writeUInt32LE(3, whole.length);
  expect(parseMessages(two)).toHaveLength(1);
  const attributes = encodeAttributes([
    [1, Buffer.from('abcd')],
    [2, Buffer.from('efgh')],
  ]);
  expect([...parseAttributes(attributes.subarray(0, 13)).keys()]).toEqual([1]);
  attributes.writeUInt16LE(0, 8);
  expect([...parseAttributes(attributes).keys()]).toEqual([1]);
});

test('any bytes are survived, and nothing is read past their end', () => {
  fc.assert(
    fc.property(bytes(300), (content) => {
      for (const message of parseMessages(content)) {
        expect(message.payload.length).toBeLessThanOrEqual(content.length);
        expect(errnoOfMessage(message)).toBeGreaterThanOrEqual(0);
      }
      for (const [, value] of listAttributes(content)) {
        expect(value.length).toBeLessThanOrEqual(content.length);
        const number = attributeNumber(value);
        expect(number === null || Number.isFinite(number)).toBe(true);
        expect(attributeText(value)).toBeTypeOf('string');
      }
    }),
    { numRuns: 500 },
  );
});

test('errors, numbers and texts', () => {
  const message = (type: number, error: number): number => {
    const payload = Buffer.alloc(20);
    payload.writeInt32LE(error);
    return errnoOfMessage({ type, flags: 0, sequence: 0, payload });
  };
  expect(message(NLMSG_ERROR, -95)).toBe(95);
  expect(message(NLMSG_ERROR, 0)).toBe(0);
  expect(message(NLMSG_DONE, -2)).toBe(2);
  expect(errnoOfMessage({ type: NLMSG_DONE, flags: 0, sequence: 0, payload: Buffer.alloc(0) })).toBe(0);
  expect([[7], [1, 2], [1, 2, 3, 4], [0, 0, 0, 0, 1, 0, 0, 0], [1, 2, 3], []].map((value) => attributeNumber(Buffer.from(value)))).toEqual([
    7,
    513,
    67_305_985,
    2 ** 32,
    null,
    null,
  ]);
  expect(attributeNumber(undefined)).toBeNull();
  expect(attributeText(undefined)).toBeNull();
  expect(attributeText(Buffer.from('lo\0rest'))).toBe('lo');
  expect(attributeText(Buffer.from([0xff, 0x61]))).toBe('\ufffda');
});
