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

/** A data directory with these day files, by day: text, or lines that get a newline each. */
export function dayDirectory(days: Readonly<Record<string, string | readonly string[] | Buffer>>): string {
  const directory = temporaryDirectory();
  for (const [day, content] of Object.entries(days)) {
    const text = typeof content === 'string' || Buffer.isBuffer(content) ? content : `${content.join('\n')}\n`;
    writeFileSync(path.join(directory, `${day}.csv`), text);
  }
  return directory;
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
