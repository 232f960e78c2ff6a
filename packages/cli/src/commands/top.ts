import { readFileSync } from 'node:fs';
import { causeOf, HecateError } from '@hecate/host';
import { readConfig } from '../config/config.ts';
import type { Config } from '../config/config.ts';
import { dataDirectory, stateDirectory } from '../directories.ts';
import { openTerminal } from '../screen/session.ts';
import type { SessionEnd } from '../screen/session.ts';
import { openTarget } from '../target.ts';
import { canDraw, depthOf, terminalOf } from '../terminal/terminal.ts';
import { createDrawing } from '../top/app/drawing.ts';
import { keepFrugal } from '../top/app/frugality.ts';
import { makeKeyMap } from '../top/app/keys.ts';
import { encodeSceneJson, printScene } from '../top/app/printed-scene.ts';
import { runTop } from '../top/app/run-top.ts';
import { startState } from '../top/app/start.ts';
import type { StartOptions } from '../top/app/start.ts';
import { makeProcessRows } from '../top/process/process-rows.ts';
import type { Scene } from '../top/scene.ts';
import type { TopSource } from '../top/source.ts';
import { createTrail } from '../top/source/trail.ts';
import type { GraphLetters } from '../top/view.ts';
import type { TopState } from '../top/state.ts';
import { untilSignal } from '../signals.ts';

interface TopOptions extends StartOptions {
  readonly root?: string;
  readonly replay?: string;
  readonly remote?: string;
  readonly tokenFile?: string;
  readonly caFile?: string;
  readonly dataDir?: string;
  readonly interval?: number;
  readonly once?: boolean;
  readonly format: 'table' | 'json';
  readonly limit?: number;
}

/** Who hears what the source has to say: standard error, or the screen while there is one. */
interface Listening {
  hear: (sentence: string) => void;
}

const toStandardError = (sentence: string): void => void process.stderr.write(`hecate: ${sentence}\n`);

/** Points of each series that are kept for graphs: an hour of seconds. */
const KEPT_POINTS = 3600;

/** The first scene has no rates, and the second comes so early that its rates are rough. */
const LOOKS = 3;

/** Where it looks, and how often before it prints. */
interface Opened {
  readonly source: TopSource;
  /** Scenes until one with rates that are worth printing: a daemon has them already; what stands still has so many in all. */
  readonly looks: number;
}

/** The machine, the recording or the daemon that was asked for. */
async function openSource(options: TopOptions, config: Config, listening: Listening): Promise<Opened> {
  const { root, replay, remote } = options;
  const named = Object.entries({ '--root': root, '--replay': replay, '--remote': remote }).filter(([, value]) => value !== undefined);
  if (named.length > 1) {
    const both = named.map(([name]) => name).join(' and ');
    throw new HecateError('INVALID', `${both} name different machines.`, { hint: 'Give one of them.' });
  }
  if ((options.tokenFile ?? options.caFile) !== undefined && remote === undefined) {
    const flag = options.tokenFile === undefined ? '--ca-file' : '--token-file';
    throw new HecateError('INVALID', `${flag} is for --remote.`, { hint: 'Name the daemon with --remote URL.' });
  }
  const say = (sentence: string): void => listening.hear(sentence);
  const dataDir = dataDirectory(options.dataDir);
  const stateDir = stateDirectory();
  if (replay !== undefined) {
    const [{ openReplaySource }, { readReplayChoice }] = await Promise.all([
      import('../top/source/replay.ts'),
      import('../top/source/replay-place.ts'),
    ]);
    return { source: await openReplaySource({ ...readReplayChoice(replay), dataDir, stateDir, say }), looks: 1 };
  }
  if (remote !== undefined) {
    const { openRemoteSource } = await import('../top/source/remote.ts');
    const token = options.tokenFile === undefined ? undefined : readTokenFile(options.tokenFile);
    const ca = options.caFile === undefined ? undefined : readNamed(options.caFile, 'The certificates');
    return { source: openRemoteSource({ url: remote, token, ca, interval: options.interval ?? config.top.interval, say }), looks: 1 };
  }
  const { openLiveSource } = await import('../top/source/live.ts');
  const interval = options.interval ?? config.top.interval;
  const host = openTarget(root);
  const looks = host.clock.stands ? (host.recording?.count ?? 1) : LOOKS;
  return { source: openLiveSource({ host, dataDir, stateDir, interval, alerts: config.alerts, say }), looks };
}

/** The text of a file that an option names. Throws UNAVAILABLE where it cannot be read. */
function readNamed(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new HecateError('UNAVAILABLE', `${what} in ${path} cannot be read: ${causeOf(error)}.`, { cause: error });
  }
}

/** The token in a file. Throws INVALID where there is none in it. */
function readTokenFile(path: string): string {
  const text = readNamed(path, 'The token').trim();
  if (/^[\x21-\x7e]{1,512}$/.test(text)) return text;
  throw new HecateError('INVALID', `There is no token in ${path}.`, { hint: 'hecate token prints one, on the machine of the daemon.' });
}

/** One moment with rates, if rates can be had. */
async function takeOne({ source, looks }: Opened): Promise<Scene> {
  const ending = untilSignal();
  let taken: Scene | null = null;
  let seen = 0;
  try {
    for await (const scene of source.scenes(ending.signal)) {
      taken = scene;
      seen += 1;
      if (seen >= looks) break;
    }
  } finally {
    ending.release();
  }
  if (taken === null) throw new HecateError('UNAVAILABLE', `Nothing was seen of ${source.label}.`);
  return taken;
}

async function printOnce(opened: Opened, state: TopState, { format, limit }: TopOptions): Promise<void> {
  const scene = await takeOne(opened);
  const terminal = terminalOf(process.stdout);
  const rows = makeProcessRows(scene.processes, state, terminal.unicode, scene.time);
  process.stdout.write(format === 'json' ? encodeSceneJson(scene, rows, limit) : printScene(scene, rows, terminal, limit));
}

/** Why it does not take the terminal; null when it does. A sentence where that may surprise. */
function whyPrint({ once, format }: TopOptions): { readonly sentence: string | null } | null {
  if (once || format === 'json') return { sentence: null };
  if (!process.stdout.isTTY || !process.stdin.isTTY) return { sentence: null };
  if (canDraw(process.stdout)) return null;
  return { sentence: `TERM is ${process.env['TERM']}: nothing can be drawn on such a terminal, so this is one table.` };
}

/** The finest letters that the terminal is likely to have. */
function lettersOf(wanted: GraphLetters | null, unicode: boolean): GraphLetters {
  return unicode ? (wanted ?? 'braille') : 'ascii';
}

async function runScreen(source: TopSource, state: TopState, config: Config, listening: Listening): Promise<SessionEnd | null> {
  const { unicode } = terminalOf(process.stdout);
  const drawing = createDrawing(lettersOf(config.top.graphs, unicode), unicode);
  const ending = new AbortController();
  keepFrugal(ending.signal, (sentence) => listening.hear(sentence));
  const ended = runTop({
    source,
    openTrail: (changed, failed) => createTrail({ source, capacity: KEPT_POINTS, changed, failed }),
    keys: makeKeyMap(config.top.keys, { vi: config.top.viKeys }),
    state,
    drawing,
    unicode,
    openSession: (listener) =>
      openTerminal({
        ...listener,
        input: process.stdin,
        output: process.stdout,
        table: drawing.table,
        depth: depthOf(process.stdout),
        unicode,
        mouse: true,
      }),
    listen: (hear) => (listening.hear = hear),
  });
  return ended.finally(() => ending.abort());
}

/** `hecate top`. */
export async function run(options: TopOptions): Promise<void> {
  const config = readConfig();
  const state = startState(options, config.top, depthOf(process.stdout));
  // What is wrong with the keys is said before anything is opened.
  makeKeyMap(config.top.keys, { vi: config.top.viKeys });
  const printing = whyPrint(options);
  if (printing?.sentence) toStandardError(printing.sentence);
  const listening: Listening = { hear: toStandardError };
  const opened = await openSource(options, config, listening);
  const { source } = opened;
  let end: SessionEnd | null = null;
  try {
    if (printing) await printOnce(opened, state, options);
    else end = await runScreen(source, state, config, listening);
  } finally {
    await source.close();
  }
  if (end) process.exit(end.status);
}
