import { readFileSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf, sentenceOf } from '@hecate/host';
import { safeParse } from 'valibot';
import type { GenericSchema, InferOutput } from 'valibot';

/** Something that is kept over a restart, in one file that is replaced as a whole. */
export interface StateFile<Kept> {
  /** What was there at the start; null where there was no file, or a damaged one. */
  readonly kept: Kept | null;
  /** Writes what `make` gives, soon and beside the event loop; what is asked for meanwhile is written once. */
  save(make: () => Kept): void;
  /** Ends when all that was asked for is written, or could not be. */
  close(): Promise<void>;
}

/** Milliseconds after which writing is tried again. */
const RETRY = 30_000;

/**
 * Opens a file whose JSON fits the schema. Trouble is told to `log` and stops nothing; `what` is kept there: `alerts`.
 */
export function openStateFile<Schema extends GenericSchema<unknown, unknown>>(
  file: string,
  schema: Schema,
  what: string,
  log: (text: string) => void,
): StateFile<InferOutput<Schema>> {
  let wanted: (() => InferOutput<Schema>) | null = null;
  let writing: Promise<void> | null = null;
  let retry: NodeJS.Timeout | undefined;
  let failed = false;

  const write = async (): Promise<void> => {
    // What changes at one moment is written together.
    await new Promise((resolve) => setImmediate(resolve));
    while (wanted) {
      const make = wanted;
      wanted = null;
      try {
        await replace(file, JSON.stringify(make()));
        failed = false;
      } catch (error) {
        if (!failed) log(`The ${what} cannot be kept over a restart. ${sentenceOf(error)}`);
        failed = true;
        wanted ??= make;
        retry = setTimeout(start, RETRY).unref();
        break;
      }
    }
    writing = null;
  };
  const start = (): void => {
    writing ??= write();
  };

  return {
    kept: readKept(file, schema, what, log),
    save(make) {
      wanted = make;
      if (!failed) start();
    },
    async close() {
      clearTimeout(retry);
      if (wanted) start();
      await writing;
      clearTimeout(retry);
    },
  };
}

/** The new content lies on the disk before it takes the old one's place: a crash leaves one of both. */
async function replace(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.new`;
  try {
    const handle = await open(temporary, 'w', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    // Half a file takes space on a disk that has none.
    await rm(temporary, { force: true });
    throw error;
  }
}

function readKept<Schema extends GenericSchema<unknown, unknown>>(
  file: string,
  schema: Schema,
  what: string,
  log: (text: string) => void,
): InferOutput<Schema> | null {
  try {
    const checked = safeParse(schema, JSON.parse(readFileSync(file, 'utf8')));
    if (checked.success) return checked.output;
    log(`${file} is not what this version wrote: ${what} begin anew.`);
  } catch (error) {
    if (error instanceof SyntaxError) log(`${file} is damaged: ${what} begin anew.`);
    else if (errnoOf(error) !== 'ENOENT') log(`The ${what} of the last run cannot be read. ${sentenceOf(error)}`);
  }
  return null;
}
