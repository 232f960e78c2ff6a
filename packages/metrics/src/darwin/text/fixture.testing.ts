import { readFileSync } from 'node:fs';
import { HecateError, openHost } from '@hecate/host';
import type { Finished, Host, RunOptions } from '@hecate/host';

const FOLDER = new URL('../../../../../fixtures/darwin-text/', import.meta.url);

/** What a program of macOS printed; the project wrote it after published outputs. */
export const fixture = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');

/** A host whose programs end like this; it notes what was asked of it. */
export function answering(ended: Partial<Finished> | Error): {
  host: Host;
  asked: (readonly string[])[];
  options: (RunOptions | undefined)[];
} {
  const asked: (readonly string[])[] = [];
  const options: (RunOptions | undefined)[] = [];
  const run: Host['run'] = (argv, given) => {
    asked.push(argv);
    options.push(given);
    if (ended instanceof Error) return Promise.reject(ended);
    return Promise.resolve({ status: 0, signal: null, stdout: '', stderr: '', ...ended });
  };
  return { host: { ...openHost(), run }, asked, options };
}

/** The code and the message of what is thrown. */
export async function refusalOf(act: () => unknown): Promise<{ code: string; message: string }> {
  try {
    await act();
  } catch (error) {
    if (error instanceof HecateError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('Nothing was thrown.');
}
