import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { HecateError, nearestNames, sentenceOf } from '@hecate/host';
import { clean, createHub, createInk, drawPanel, drawTable, encodeValue, openTransport, tryExport } from '@hecate/observe';
import type { ExportSettings, Frame, TableColumn, Trial } from '@hecate/observe';
import { readConfig } from '../config/config.ts';
import { stateDirectory } from '../directories.ts';
import { openTarget } from '../target.ts';
import { print } from '../terminal/print.ts';
import { during } from '../terminal/progress.ts';
import { terminalOf } from '../terminal/terminal.ts';

interface ExportOptions {
  readonly action: 'list' | 'test';
  readonly names: readonly string[];
  readonly format: 'text' | 'json';
}

/** One export, for people and programs: nothing of how it proves who we are. */
interface Listed {
  readonly name: string;
  readonly type: string;
  readonly place: string;
  readonly every: number;
  /** Bytes of its queue on the disk. */
  readonly waiting: number;
}

/** `hecate export`. */
export async function run({ action, names, format }: ExportOptions): Promise<void> {
  const exports = readConfig().export;
  if (action === 'list') {
    if (names.length > 0)
      throw new HecateError('INVALID', `There is nothing to list of ${names.join(' ')}.`, { hint: 'list takes no names.' });
    const listed = await Promise.all(exports.map(listedOf));
    return print({ format }, listed, () => listText(listed));
  }
  if (exports.length === 0) {
    throw new HecateError('INVALID', 'No export is configured.', { hint: 'Add an [[export]] to config.toml: docs/exporting.md.' });
  }
  const chosen = choose(exports, names);
  const host = openTarget(undefined);
  const trials = await during('Measuring', async (progress) => {
    const frame = await frameOf(host);
    const answers: Trial[] = [];
    for (const settings of chosen) {
      progress.show(`Sending to ${settings.name}`, { done: answers.length, total: chosen.length, unit: 'exports' });
      answers.push(await tryExport(settings, frame, host.platform));
    }
    return answers;
  });
  print({ format }, trials, () => trials.map(trialLine).join(''));
  if (trials.some(({ outcome }) => outcome.kind !== 'sent')) process.exitCode = 1;
}

function choose(exports: readonly ExportSettings[], names: readonly string[]): readonly ExportSettings[] {
  const known = exports.map(({ name }) => name);
  for (const name of names) {
    if (known.includes(name)) continue;
    const [near] = nearestNames(name, known);
    const hint = near === undefined ? `Known are ${known.join(', ')}.` : `Did you mean ${near}?`;
    throw new HecateError('INVALID', `There is no export ${JSON.stringify(name)}.`, { hint });
  }
  return names.length === 0 ? exports : exports.filter(({ name }) => names.includes(name));
}

/** Seconds between the two readings that rates need. */
const INTERVAL = 0.5;

/** The second sample of a hub: the first one that has rates. */
async function frameOf(host: ReturnType<typeof openTarget>): Promise<Frame> {
  const enough = new AbortController();
  let frame: Frame | null = null;
  let trouble: unknown = null;
  const hub = createHub({ host, interval: INTERVAL, onError: (error) => (trouble = error) });
  hub.look();
  hub.subscribe((latest) => {
    if (latest.rates.elapsed === null) return;
    frame ??= latest;
    enough.abort();
  });
  await hub.run(enough.signal);
  if (frame === null) throw new HecateError('FAILED', `There is no sample of the machine: ${sentenceOf(trouble)}`, { cause: trouble });
  return frame;
}

async function listedOf({ name, type, target, every, format }: ExportSettings): Promise<Listed> {
  const transport = await openTransport(target);
  await transport.close();
  return { name, type, place: transport.place, every, waiting: bytesIn(join(stateDirectory(), 'queue', `${name}-${format}`)) };
}

/** Bytes of the files of a queue; 0 when there is none. */
function bytesIn(directory: string): number {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch {
    // Nothing ever waited for it.
    return 0;
  }
  const files = names.filter((name) => name.endsWith('.queue'));
  return files.reduce((sum, name) => sum + (lstatSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

function listText(listed: readonly Listed[]): string {
  if (listed.length === 0) return 'Nothing is exported. Add an [[export]] to config.toml: docs/exporting.md.\n';
  const { width, ...look } = terminalOf(process.stdout);
  const columns: TableColumn<Listed>[] = [
    { head: 'export', align: 'start', text: ({ name }) => name },
    { head: 'type', align: 'start', leaves: 1, text: ({ type }) => type },
    { head: 'to', align: 'start', text: ({ place }) => clean(place) },
    { head: 'every', align: 'end', leaves: 2, text: ({ every }) => `${every} s` },
    { head: 'waiting', align: 'end', text: ({ waiting }) => (waiting === 0 ? '-' : encodeValue(waiting, 'bytes')) },
  ];
  const ink = createInk(look);
  return `${drawPanel(ink, 'Exports', drawTable(ink, columns, listed, width - 4), width).join('\n')}\n`;
}

function trialLine({ name, place, bytes, outcome }: Trial): string {
  return outcome.kind === 'sent'
    ? `${name}: ${clean(place)} took a sample of ${encodeValue(bytes, 'bytes')}.\n`
    : `${name}: ${clean(place)} ${clean(outcome.why)}.\n`;
}
