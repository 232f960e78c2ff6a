import { hostname, userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeRecordingHead, HecateError, RECORDING_FILE } from '@hecate/host';
import type { ErrorCode, Host, RecordedMoment, RecordedProgram } from '@hecate/host';
import { isRefusal } from '../../model/gap.ts';
import { openSamplerOf } from '../../sampler.ts';
import { darwinCollectors } from '../index.ts';
import { readIoreg } from '../text/ioreg.ts';
import { readIostat } from '../text/iostat.ts';
import { readMount } from '../text/mount.ts';
import { readNetstatTcp } from '../text/netstat-tcp.ts';
import { readPmsetTherm } from '../text/pmset-therm.ts';
import { readPowermetrics } from '../text/powermetrics.ts';
import { readPs } from '../text/ps.ts';
import { readSystemProfiler } from '../text/system-profiler.ts';
import { RECORDED_ANSWERS } from './file.ts';
import { encodeRecording } from './format.ts';
import { hideNames } from './privacy/hide.ts';
import type { Hidden } from './privacy/stand-ins.ts';
import { openDarwinRecorder } from './recorder.ts';

/** How a Mac is recorded. */
export interface RecordOptions {
  /** Leaves names, serial numbers, addresses and command lines as they are. Default: they are replaced. */
  readonly withNames?: boolean;
  /** Seconds between the two moments. Default 1. */
  readonly between?: number;
  /** Is told what is being done. */
  readonly show?: (step: string) => void;
  /** What is written into the recording for people: the version of the program. */
  readonly about?: Readonly<Record<string, unknown>>;
}

/** What was recorded, as files by their names. */
export interface MacRecording {
  readonly files: ReadonlyMap<string, string>;
  readonly moments: number;
  /** How many answers of functions, and of programs, it holds. */
  readonly answers: number;
  readonly programs: number;
  /** How many different things of each kind were replaced. */
  readonly hidden: Partial<Record<Hidden, number>>;
  /** What could not be written down, in sentences. */
  readonly problems: readonly string[];
}

/** Seconds that the slow collectors, and the programs, are waited for. */
const PATIENCE = { libraries: 10, programs: 45 };
/** Some ask for more at their second reading. */
const READINGS = 2;
const PAUSE = 0.2;

/** A host that writes down what programs print. */
function listenToPrograms(host: Host, programs: Map<string, RecordedProgram>): Host {
  return {
    ...host,
    async run(argv, options) {
      const key = JSON.stringify(argv);
      try {
        const finished = await host.run(argv, options);
        programs.set(key, { argv, ...finished });
        return finished;
      } catch (error) {
        if (error instanceof HecateError)
          programs.set(key, { argv, error: { code: error.code satisfies ErrorCode, message: error.message } });
        throw error;
      }
    },
  };
}

async function readAll(host: Host, patience: number, readings: number): Promise<void> {
  const onRequest = darwinCollectors.flatMap((collector) => (collector.onRequest ? [collector.name] : []));
  const sampler = openSamplerOf(darwinCollectors, host, { with: onRequest, slowPeriod: 0, rarePeriod: 0 });
  try {
    for (let reading = 1; reading <= readings; reading++) {
      await sampler.take(patience);
      if (reading < readings) await sleep(PAUSE * 1000);
    }
  } finally {
    sampler.close();
  }
}

/** What no collector asks for, and a report is better with. */
const MORE: readonly ((host: Host) => Promise<unknown>)[] = [
  (host) => readIoreg(host, 'AppleSmartBattery'),
  (host) => readIostat(host),
  (host) => readMount(host),
  (host) => readNetstatTcp(host),
  (host) => readPmsetTherm(host),
  (host) => readPowermetrics(host),
  (host) => readPs(host),
  (host) =>
    readSystemProfiler(host, ['SPHardwareDataType', 'SPDisplaysDataType', 'SPPowerDataType', 'SPNVMeDataType', 'SPStorageDataType']),
];

/** Everything that the programs of the second tier print, as if there were no libraries. */
async function readPrograms(host: Host): Promise<void> {
  const libraries = (): never => {
    throw new HecateError('UNAVAILABLE', 'The libraries are left aside, to record what programs print.');
  };
  await readAll({ ...host, libraries }, PATIENCE.programs, 1);
  for (const read of MORE) {
    try {
      await read(host);
    } catch (error) {
      // A program that refuses, or is missing, is recorded as that.
      if (!isRefusal(error)) throw error;
    }
  }
}

/** Names that are known of whoever records, besides those that the machine tells. */
function ownNames(): { users: string[]; machines: string[] } {
  const users = [process.env['SUDO_USER'] ?? ''];
  try {
    users.push(userInfo().username);
  } catch {
    // A number without a name has none to hide.
  }
  return { users: users.filter((name) => name !== 'root'), machines: [hostname()] };
}

/**
 * Records what a Mac answers to everything that hecate reads: its libraries at two moments, and the programs of the second tier.
 * What names its user is replaced. Throws UNAVAILABLE where the libraries of the machine cannot be called.
 */
export async function recordMac(host: Host, options: RecordOptions = {}): Promise<MacRecording> {
  const { withNames = false, between = 1, show = () => {}, about = {} } = options;
  const recorder = openDarwinRecorder(host);
  const outputs = new Map<string, RecordedProgram>();
  const moments: RecordedMoment[] = [];
  for (const step of ['Reading everything', 'Reading everything a second time']) {
    // One that was recorded goes on by itself.
    if (moments.length > 0 && host.recording?.next() !== true) await sleep(between * 1000);
    show(step);
    await readAll(listenToPrograms(recorder.openMoment(), outputs), PATIENCE.libraries, READINGS);
    moments.push({ time: host.clock.now(), monotonic: host.clock.monotonic() });
    recorder.closeMoment();
  }
  show('Asking the programs of macOS, which takes up to a minute');
  await readPrograms(listenToPrograms(host, outputs));
  const { recording, problems } = recorder.finish();
  const programs = [...outputs.values()];
  const told = withNames ? { recording, programs, hidden: {} } : hideNames({ recording, programs }, ownNames());
  const head = { platform: 'darwin', moments, programs: told.programs } as const;
  return {
    files: new Map([
      [RECORDING_FILE, encodeRecordingHead(head, { ...about, namesReplaced: told.hidden, problems })],
      [RECORDED_ANSWERS, encodeRecording(told.recording)],
    ]),
    moments: moments.length,
    answers: recording.moments.reduce(
      (sum, { answers, trees, registry }) => sum + Object.keys(answers).length + Object.keys(trees).length + registry.length,
      0,
    ),
    programs: programs.length,
    hidden: told.hidden,
    problems,
  };
}
