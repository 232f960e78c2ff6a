import { statfs as statfsOf } from 'node:fs';
import { promisify } from 'node:util';
import { sentenceOf } from '@hecate/host';
import { gapReasonOf } from '../model/gap.ts';
import type { GapReason } from '../model/gap.ts';
import { leaveDespite } from './hung-exit.ts';

/** What a file system says about itself. Bytes. */
export interface MountSizes {
  readonly size: number;
  readonly free: number;
  readonly available: number;
  readonly files: number;
  readonly filesFree: number;
}

/** What came of asking a mount. */
export type MountAnswer = { readonly sizes: MountSizes } | { readonly reason: GapReason; readonly detail: string };

/** A mount to ask. */
export interface MountQuestion {
  /** Stays the same between reads: a mount that did not answer is known by it. */
  readonly key: string;
  /** Where the machine has it. */
  readonly mountpoint: string;
  /** Where we reach it. */
  readonly path: Buffer;
  /** Whether another machine or process answers for it. */
  readonly remote: boolean;
}

/** Asks mounts for their sizes. */
export interface MountProbe {
  /** The answers in the order of the questions, `patience` seconds after the call at the latest. */
  ask(questions: readonly MountQuestion[]): Promise<MountAnswer[]>;
}

/** Four threads do all file and name look-ups of the process. Remote mounts may hold two of them, all mounts three. */
const MOST_REMOTE = 2;
const MOST = 3;

const late = (detail: string): MountAnswer => ({ reason: 'timeout', detail });

/**
 * Asks several mounts at once, so that a dead one does not delay the others. A dead one keeps its thread until
 * the kernel gives up, and is not asked again before. While two calls hang, remote mounts are not asked; while
 * three hang, none is: they get the answer `timeout`.
 */
export function createMountProbe(patience: number = 5, call: (path: Buffer) => Promise<MountSizes> = askKernel): MountProbe {
  /** Keys of the calls that have not come back, those of earlier reads too. */
  const pending = new Set<string>();
  const isHanging = (): boolean => pending.size > 0;

  const start = async ({ key, mountpoint, path }: MountQuestion): Promise<MountAnswer> => {
    pending.add(key);
    try {
      return { sizes: await call(path) };
    } catch (error) {
      return { reason: gapReasonOf(error), detail: sentenceOf(error, mountpoint) };
    } finally {
      pending.delete(key);
    }
  };

  const askAll = (questions: readonly MountQuestion[], answers: (MountAnswer | undefined)[]): Promise<void> =>
    new Promise((resolve) => {
      // Local ones first: they answer at once.
      const waiting = [...questions.keys()].filter((index) => !answers[index]);
      waiting.sort((a, b) => Number(questions[a]!.remote) - Number(questions[b]!.remote));
      let asked = 0;
      const end = (): void => {
        clearTimeout(timer);
        for (const index of waiting.splice(0))
          answers[index] = late(`It was not asked, because ${pending.size} other mounts do not answer.`);
        resolve();
      };
      const timer = setTimeout(end, patience * 1000);
      const advance = (): void => {
        while (waiting.length > 0 && pending.size < (questions[waiting[0]!]!.remote ? MOST_REMOTE : MOST)) {
          const index = waiting.shift()!;
          asked++;
          void start(questions[index]!).then((answer) => {
            answers[index] = answer;
            asked--;
            advance();
          });
        }
        // With none of our own calls out there, nobody makes room for those that wait.
        if (asked === 0) end();
      };
      advance();
    });

  return {
    async ask(questions) {
      const answers = questions.map(({ key }) => (pending.has(key) ? late('It has not answered an earlier call yet.') : undefined));
      await askAll(questions, answers);
      if (isHanging()) leaveDespite(isHanging);
      return answers.map((answer) => answer ?? late(`It did not answer within ${patience} s.`));
    },
  };
}

/** Not of node:fs/promises: that module costs a daemon 150 kB. */
const statfs = promisify(statfsOf);

/** statfs(2). Blocks are counted in fragments (frsize); an older Node knows only bsize, which is the same but for a few FUSE servers. */
async function askKernel(path: Buffer): Promise<MountSizes> {
  const answer = await statfs(path, { bigint: true });
  const unit = 'frsize' in answer && typeof answer.frsize === 'bigint' && answer.frsize > 0n ? answer.frsize : answer.bsize;
  return {
    size: Number(answer.blocks * unit),
    free: Number(answer.bfree * unit),
    available: Number(answer.bavail * unit),
    files: Number(answer.files),
    filesFree: Number(answer.ffree),
  };
}
