/**
 * The snappy block format, written by somebody who knows what repeats (google/snappy, format_description.txt).
 *
 * A body is the length of what it unpacks to, and then elements: bytes as they are, or a copy of bytes so and so far back. Copies name
 * distances, so elements that were made one by one can be put one after another. A compressor has to search for what repeats: in
 * interpreted JavaScript that takes 8 ms for each sample, and the daemon would stand still for a second when it catches up with a
 * hundred of them. In a list of series the one before is what repeats, so nothing has to be searched for.
 */
export interface SnappyElements {
  readonly bytes: Buffer;
  /** Bytes that they unpack to. */
  readonly rawLength: number;
}

/** Below this a copy is no shorter than the bytes. */
const SHORTEST_COPY = 4;
const LONGEST_COPY = 64;
const FARTHEST_COPY = 65_535;
const COPY_OF_TWO_BYTE_OFFSET = 2;

/** How bytes that stand for themselves are announced. */
function literalHeader(length: number): Buffer {
  const last = length - 1;
  if (last < 60) return Buffer.from([last << 2]);
  if (last < 256) return Buffer.from([60 << 2, last]);
  if (last < 65_536) return Buffer.from([61 << 2, last & 255, last >> 8]);
  return Buffer.from([62 << 2, last & 255, (last >> 8) & 255, last >> 16]);
}

/** `length` bytes from `distance` back. */
function copy(distance: number, length: number): Buffer {
  const elements: number[] = [];
  for (let rest = length; rest > 0; rest -= LONGEST_COPY) {
    elements.push(((Math.min(rest, LONGEST_COPY) - 1) << 2) | COPY_OF_TWO_BYTE_OFFSET, distance & 255, distance >> 8);
  }
  return Buffer.from(elements);
}

/** Puts elements one after another. Bytes that follow each other are one element, and so are copies from the same distance. */
export interface ElementWriter {
  /** Bytes as they are. */
  literal(bytes: Buffer): void;
  /** Bytes as they are, which will be changed later: `finish` says where they are. */
  variable(bytes: Buffer): void;
  /** Bytes that were there before, so and so far back. */
  repeat(bytes: Buffer, distance: number): void;
  /** The elements, and where in them each variable begins. */
  finish(): { readonly bytes: Buffer; readonly variables: readonly number[] };
}

/** An empty list of elements. */
export function createElementWriter(): ElementWriter {
  const parts: Buffer[] = [];
  const variables: number[] = [];
  let written = 0;
  // What stands for itself and is not written yet, and where in it the variables begin.
  let pending: Buffer[] = [];
  let pendingLength = 0;
  let pendingVariables: number[] = [];
  let repeated: Buffer[] = [];
  let repeatedLength = 0;
  let repeatedDistance = 0;

  const put = (part: Buffer): void => {
    parts.push(part);
    written += part.length;
  };
  const keep = (bytes: Buffer): void => {
    pending.push(bytes);
    pendingLength += bytes.length;
  };
  const endLiteral = (): void => {
    if (pendingLength === 0) return;
    put(literalHeader(pendingLength));
    for (const offset of pendingVariables) variables.push(written + offset);
    for (const part of pending) put(part);
    pending = [];
    pendingLength = 0;
    pendingVariables = [];
  };
  const endCopy = (): void => {
    if (repeatedLength < SHORTEST_COPY || repeatedDistance > FARTHEST_COPY) repeated.forEach(keep);
    else {
      endLiteral();
      put(copy(repeatedDistance, repeatedLength));
    }
    repeated = [];
    repeatedLength = 0;
  };

  return {
    literal(bytes) {
      endCopy();
      keep(bytes);
    },
    variable(bytes) {
      endCopy();
      pendingVariables.push(pendingLength);
      keep(bytes);
    },
    repeat(bytes, distance) {
      if (distance !== repeatedDistance) endCopy();
      repeatedDistance = distance;
      repeated.push(bytes);
      repeatedLength += bytes.length;
    },
    finish() {
      endCopy();
      endLiteral();
      return { bytes: Buffer.concat(parts), variables };
    },
  };
}

/** Elements, one after another, as a body. */
export function joinElements(parts: readonly SnappyElements[]): Buffer {
  let rawLength = 0;
  for (const part of parts) rawLength += part.rawLength;
  const preamble: number[] = [];
  for (; rawLength >= 128; rawLength = Math.floor(rawLength / 128)) preamble.push((rawLength % 128) + 128);
  preamble.push(rawLength);
  return Buffer.concat([Buffer.from(preamble), ...parts.map(({ bytes }) => bytes)]);
}
