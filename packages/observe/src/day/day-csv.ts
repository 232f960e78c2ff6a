import { closeSync, openSync } from 'node:fs';
import { errnoOf, HecateError } from '@hecate/host';
import { BLOCK_ROWS } from './column-block.ts';
import { parseCsvHeader } from './csv-header.ts';
import { createRowParser } from './csv-row.ts';
import type { RowParser } from './csv-row.ts';
import { TIMESTAMP_COLUMN } from './day-file.ts';
import { createLineMemory, readLineChunks } from './line-chunks.ts';
import type { LineMemory } from './line-chunks.ts';
import { createDayPacker } from './packed-day.ts';
import type { DayPacker, PackedDay } from './packed-day.ts';

const NEWLINE = 10;
const HEADER_START = Buffer.from(TIMESTAMP_COLUMN);

/** What to say when a file of the data directory cannot be opened or read; an error that is ours already stays. */
export function fileError(file: string, error: unknown): unknown {
  const code = errnoOf(error);
  switch (code) {
    case undefined:
      return error;
    case 'EACCES':
    case 'EPERM':
      return new HecateError('DENIED', `${file} may not be read by this user.`, { hint: 'Run as the user who recorded it.', cause: error });
    case 'ENOENT':
      return new HecateError('UNAVAILABLE', `${file} is gone.`, { cause: error });
    case 'EISDIR':
      return new HecateError('INVALID', `${file} is a directory, not a day file.`, {
        hint: 'Move it out of the data directory.',
        cause: error,
      });
    default:
      return new HecateError('FAILED', `${file} could not be read (${code}).`, { cause: error });
  }
}

/** Reads day files, one after another in the same memory. */
export interface DayCsvReader {
  /**
   * Reads a day file in chunks and packs it, so that memory holds a fifth of the file; the day is valid until the next read.
   * Left out and counted: lines with another number of cells than the header or without a timestamp, cells that are no
   * number, and the last line when it has no newline. A header in the middle (another version went on writing) changes
   * the columns from there on. Rejects with INVALID when the first line is no header, DENIED or UNAVAILABLE when it
   * cannot be opened, and the signal's reason.
   */
  read(file: string, day: string, signal?: AbortSignal): Promise<PackedDay>;
  /** Leaves the day that was read last its memory, so that it stays valid. */
  release(): void;
}

/** A reader; its reads must follow one another. */
export function createDayCsvReader(): DayCsvReader {
  const tools: Tools = { memory: createLineMemory(), parser: createRowParser(), packer: createDayPacker() };
  return {
    async read(file, day, signal) {
      try {
        const descriptor = openSync(file, 'r');
        try {
          return await packFile(tools, descriptor, file, day, signal);
        } finally {
          closeSync(descriptor);
        }
      } catch (error) {
        throw fileError(file, error);
      }
    },
    release: () => tools.packer.release(),
  };
}

interface Tools {
  readonly memory: LineMemory;
  readonly parser: RowParser;
  readonly packer: DayPacker;
}

async function packFile(
  { memory, parser, packer }: Tools,
  descriptor: number,
  file: string,
  day: string,
  signal?: AbortSignal,
): Promise<PackedDay> {
  parser.begin();
  packer.begin();
  const columns = new Map<string, number>();
  let headed = false;
  let longLines = 0;

  const takeHeader = (line: string): void => {
    const cells = parseCsvHeader(line, file).map((name) => {
      const known = columns.get(name);
      if (known !== undefined) return known;
      const index = packer.addColumn(name);
      columns.set(name, index);
      return index;
    });
    headed = true;
    parser.map(Int32Array.from(cells), columns.size);
  };
  const takeLaterHeader = (line: string): void => {
    try {
      takeHeader(line);
    } catch (error) {
      if (!(error instanceof HecateError)) throw error;
      parser.flaws.malformedLines += 1;
    }
  };

  const rest = await readLineChunks(
    descriptor,
    memory,
    {
      lines(bytes, start, end) {
        let at = start;
        while (at < end) {
          if (!headed || startsWith(bytes, at, HEADER_START)) {
            const newline = bytes.indexOf(NEWLINE, at);
            (headed ? takeLaterHeader : takeHeader)(bytes.toString('utf8', at, newline));
            at = newline + 1;
          } else {
            at = parser.parse(bytes, at);
            if (parser.block.rows < BLOCK_ROWS) continue;
            packer.add(parser.block);
            parser.clear();
          }
        }
      },
      longLine(beginning) {
        if (!headed) parseCsvHeader(beginning.toString('latin1'), file);
        if (!headed)
          throw new HecateError('INVALID', `${file} is no day file: its first line is longer than 1 MiB.`, {
            hint: 'Move the file out of the data directory.',
          });
        longLines += 1;
      },
    },
    signal,
  );
  // A crash can cut off the header itself; any other beginning is not ours.
  if (!headed && rest.length > 0 && !startsWith(rest, 0, HEADER_START.subarray(0, rest.length)))
    parseCsvHeader(rest.toString('latin1', 0, 256), file);
  if (parser.block.rows > 0) packer.add(parser.block);
  const { malformedLines, malformedCells } = parser.flaws;
  return packer.finish(day, { malformedLines: malformedLines + longLines, malformedCells, torn: rest.length > 0 });
}

function startsWith(bytes: Uint8Array, start: number, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index += 1) if (bytes[start + index] !== wanted[index]) return false;
  return true;
}
