import { chmodSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { errnoOf, HecateError, systemName } from '@hecate/host';
import type { Host } from '@hecate/host';
import { recordMac } from '@hecate/metrics';
import type { MacRecording } from '@hecate/metrics';
import { encodeValue, wrapWords } from '@hecate/observe';
import { during } from '../terminal/progress.ts';
import { terminalOf } from '../terminal/terminal.ts';
import { VERSION } from '../version.ts';

/** How a recording is made. */
export interface RecordDemand {
  /** Where it goes: a directory that does not exist, or is empty. */
  readonly directory: string;
  readonly withNames: boolean;
  readonly format: 'table' | 'json';
}

/** What was written, for programs. */
interface Written {
  readonly directory: string;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly moments: number;
  readonly answers: number;
  readonly programs: number;
  readonly replaced: MacRecording['hidden'] | null;
  readonly problems: readonly string[];
}

/** Throws INVALID when something is there already: a report holds one recording, and nothing that lay about. */
function requireEmpty(directory: string): void {
  let names: readonly string[];
  try {
    names = readdirSync(directory);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw new HecateError('INVALID', `${directory} is no directory that can be written to (${errnoOf(error) ?? 'unknown error'}).`, {
      cause: error,
    });
  }
  if (names.length > 0) {
    throw new HecateError('CONFLICT', `${directory} is not empty.`, {
      hint: 'Give a directory that does not exist: the recording makes it.',
    });
  }
}

/** All of the files, or none: they are written beside the directory, for their user's eyes only, and moved there when they are whole. */
function writeFiles(directory: string, files: ReadonlyMap<string, string>): void {
  const place = path.resolve(directory);
  let draft: string;
  try {
    draft = mkdtempSync(`${place}.partial-`);
  } catch (error) {
    throw new HecateError('INVALID', `Nothing can be written beside ${directory} (${errnoOf(error) ?? 'unknown error'}).`, {
      cause: error,
    });
  }
  try {
    chmodSync(draft, 0o700);
    for (const [name, content] of files) writeFileSync(path.join(draft, name), content, { mode: 0o600, flag: 'wx' });
    renameSync(draft, place);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw new HecateError('FAILED', `The recording could not be written to ${directory} (${errnoOf(error) ?? 'unknown error'}).`, {
      cause: error,
    });
  }
}

function reportOf({ directory, files, moments, answers, programs, replaced, problems }: Written): string {
  const width = Math.max(40, terminalOf(process.stdout).width);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const said = [
    `Recorded to ${directory}: ${answers} answers of libraries at ${moments} moments and of ${programs} programs, ${encodeValue(total, 'bytes')}.`,
    ...files.map(({ name, bytes }) => `  ${name}  ${encodeValue(bytes, 'bytes')}`),
  ];
  const kinds = Object.entries(replaced ?? {}).map(([kind, count]) => `${kind} (${count})`);
  if (replaced === null) said.push('Nothing was replaced: it holds names, serial numbers, addresses and command lines as they are.');
  else if (kinds.length === 0) said.push('Nothing in it had to be replaced.');
  else
    said.push(
      `Replaced by stand-ins of the same shape: ${kinds.join(', ')}. Names of programs stay. Look through it before you give it to others.`,
    );
  if (problems.length > 0) said.push('Not written down:', ...problems.map((problem) => `  ${problem}`));
  said.push(`To look at it: hecate snapshot --root ${directory}`);
  return `${said.flatMap((line) => (line.startsWith('  ') ? [line] : wrapWords(line, width))).join('\n')}\n`;
}

/** `hecate doctor --record`. Throws UNSUPPORTED on a system that cannot be recorded. */
export async function recordMachine(host: Host, { directory, withNames, format }: RecordDemand): Promise<void> {
  if (host.platform !== 'darwin') {
    throw new HecateError('UNSUPPORTED', `${systemName(host.platform)} machines cannot be recorded: only Macs can.`, {
      hint: 'Of a Linux machine, a copy of its proc, sys and etc directories can be read with --root.',
    });
  }
  requireEmpty(directory);
  const about = { hecate: VERSION, node: process.version, architecture: process.arch, root: process.getuid?.() === 0 };
  const recording = await during('Recording', (progress) => recordMac(host, { withNames, about, show: (step) => progress.show(step) }));
  writeFiles(directory, recording.files);
  const { moments, answers, programs, hidden, problems } = recording;
  const files = [...recording.files].map(([name, content]) => ({ name, bytes: Buffer.byteLength(content) }));
  const written: Written = { directory, files, moments, answers, programs, replaced: withNames ? null : hidden, problems };
  process.stdout.write(format === 'json' ? `${JSON.stringify(written, null, 2)}\n` : reportOf(written));
}
