import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** An empty directory that is gone after the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-days-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Day files by day: text, or lines that get a newline each. */
export type DayFiles = Readonly<Record<string, string | readonly string[] | Buffer>>;

/** A data directory with these day files, gone after the test. */
export function dayDirectory(days: DayFiles): string {
  const directory = temporaryDirectory();
  writeDays(directory, days);
  return directory;
}

/** Uses a data directory with these day files and removes it: for hooks, which are outside of a test. */
export async function usingDays<T>(days: DayFiles, use: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-days-'));
  try {
    writeDays(directory, days);
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function writeDays(directory: string, days: DayFiles): void {
  for (const [day, content] of Object.entries(days)) {
    const text = typeof content === 'string' || Buffer.isBuffer(content) ? content : `${content.join('\n')}\n`;
    writeFileSync(path.join(directory, `${day}.csv`), text);
  }
}

/** Runs with another time zone of the process, and puts the old one back after the test. */
export function useTimeZone(zone: string): void {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  onTestFinished(() => {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  });
}
