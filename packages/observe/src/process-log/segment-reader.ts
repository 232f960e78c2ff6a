import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { setImmediate as pause } from 'node:timers/promises';
import { causeOf, errnoOf, HecateError } from '@hecate/host';
import { TornBlockError } from '../day/varint.ts';
import { runSliced } from '../serve/pieces.ts';
import { decodeBlock, findMagic, HEADER_BYTES, isWhole, parseHeader } from './block.ts';
import type { BlockHeader } from './block.ts';
import { createTableDecoder } from './table-decoder.ts';
import type { DecodedTable, TableDecoder } from './table-decoder.ts';

/** Where a block lies. */
interface PlacedBlock extends BlockHeader {
  readonly offset: number;
}

/** Blocks that continue each other. Times are those of whole samples, ms since 1970. */
export interface Run {
  readonly first: number;
  last: number;
  readonly blocks: PlacedBlock[];
}

/** A file of process tables that is open for reading. */
export interface SegmentReader {
  /** The runs in it, as they were written: where the clock was put back, times go back too. Damaged parts are left out. */
  readonly runs: readonly Run[];
  /** Reads a run up to the last sample at or before `until` (ms). What is damaged ends it. */
  decode(run: Run, until: number): Promise<TableDecoder>;
  /** Shows every table of a run up to `until`, with the seconds that were meant between two, until `take` answers false; a table is valid during the call. */
  walk(run: Run, until: number, take: (table: DecodedTable, every: number) => boolean): Promise<void>;
  close(): Promise<void>;
}

/** Bytes that are looked at together. A header and the largest block fit in. */
const WINDOW = 256 * 1024;
/** Blocks that are passed between two pauses. */
const STRIDE = 256;
/** What is after so many blocks of a run is not read: ten minutes of the largest machines have fewer, a file made to do harm has not. */
const MOST_BLOCKS = 2000;

/** Reads a file in windows, so that its size does not matter. */
function createWindow(handle: FileHandle): (offset: number, length: number) => Promise<Buffer> {
  const memory = Buffer.allocUnsafe(WINDOW);
  let start = 0;
  let end = 0;
  return async (offset, length) => {
    if (offset < start || offset + length > end) {
      const { bytesRead } = await handle.read(memory, 0, WINDOW, offset);
      start = offset;
      end = offset + bytesRead;
    }
    return memory.subarray(offset - start, Math.min(end - start, offset - start + length));
  };
}

type Look = ReturnType<typeof createWindow>;

/** The place of the next header after `offset`, or -1. */
async function resume(look: Look, offset: number): Promise<number> {
  for (let at = offset; ;) {
    const bytes = await look(at, WINDOW / 2);
    const found = findMagic(bytes);
    if (found >= 0) return at + found;
    if (bytes.length < WINDOW / 2) return -1;
    // The magic may begin in the last bytes.
    at += bytes.length - 4;
    await pause();
  }
}

/**
 * The blocks of a file. A block is believed when another follows it, or the file ends there; otherwise its checksum decides: a block
 * that was cut off may reach into those that were written after it.
 */
async function findBlocks(look: Look): Promise<PlacedBlock[]> {
  const blocks: PlacedBlock[] = [];
  for (let at = 0, passed = 0; at >= 0; passed++) {
    if (passed % STRIDE === STRIDE - 1) await pause();
    const bytes = await look(at, HEADER_BYTES);
    if (bytes.length === 0) break;
    const header = parseHeader(bytes);
    const next = header && at + HEADER_BYTES + header.length;
    if (header && next !== null) {
      const following = await look(next, HEADER_BYTES);
      const isFollowed = following.length > 0 && parseHeader(following) !== null;
      if (isFollowed || isWhole(await look(at, HEADER_BYTES + header.length))) {
        blocks.push({ ...header, offset: at });
        at = next;
        continue;
      }
    }
    at = await resume(look, at);
  }
  return blocks;
}

function collectRuns(blocks: readonly PlacedBlock[]): Run[] {
  const runs: Run[] = [];
  let id = -1;
  for (const block of blocks) {
    const run = runs.at(-1);
    if (block.number === 0) {
      runs.push({ first: block.first, last: block.last, blocks: [block] });
      id = block.run;
    } else if (run && block.run === id && block.number === run.blocks.at(-1)!.number + 1 && run.blocks.length < MOST_BLOCKS) {
      run.blocks.push(block);
      run.last = Math.max(run.last, block.last);
    }
  }
  // A large table begins in a block in which none ends.
  return runs
    .map((run) => ({ ...run, first: run.first || (run.blocks.find(({ first }) => first > 0)?.first ?? 0) }))
    .filter(({ last }) => last > 0);
}

type Take = (table: DecodedTable, every: number) => boolean;

async function decodeRun(look: Look, { blocks }: Run, until: number, take?: Take): Promise<TableDecoder> {
  let goesOn = true;
  const decoder = createTableDecoder(
    take &&
      ((table) => {
        goesOn &&= take(table, decoder.every);
      }),
  );
  try {
    for (const block of blocks) {
      if (!goesOn) break;
      const bytes = await look(block.offset, HEADER_BYTES + block.length);
      if (!(await runSliced(decoder.read(decodeBlock(bytes, block), until)))) break;
      await pause();
    }
  } catch (error) {
    // What was whole before it stays; the runs after it are whole by themselves.
    if (!(error instanceof TornBlockError)) throw error;
  }
  return decoder;
}

/**
 * Opens a file and looks through it without reading the tables. Null when there is none. Rejects with DENIED when it may not be read,
 * FAILED for trouble of the disk.
 */
export async function openSegment(file: string): Promise<SegmentReader | null> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    const look = createWindow(handle);
    const runs = collectRuns(await findBlocks(look));
    const opened = handle;
    return {
      runs,
      decode: (run, until) => decodeRun(look, run, until),
      async walk(run, until, take) {
        await decodeRun(look, run, until, take);
      },
      close: () => opened.close(),
    };
  } catch (error) {
    await handle?.close();
    const code = errnoOf(error);
    if (code === 'ENOENT') return null;
    if (code === 'EACCES' || code === 'EPERM') {
      throw new HecateError('DENIED', `${file} may not be read by this user.`, { hint: 'Run as the user who recorded it.', cause: error });
    }
    if (code === undefined) throw error;
    throw new HecateError('FAILED', `${file} cannot be read: ${causeOf(error)}.`, { cause: error });
  }
}
