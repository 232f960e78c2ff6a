import { dirname, join } from 'node:path';
import { openHandlers, openEngine } from '@hecate/change';
import type { Engine, Handlers } from '@hecate/change';
import { isSameProcess, openHost, openWritableHost, processStart, startDetached, systemClock } from '@hecate/host';
import type { ProcessIdentity, WritableHost } from '@hecate/host';
import { journalDirectory } from '../directories.ts';
import { openTarget } from '../target.ts';
import { say } from '../terminal/note.ts';

/** Which machine is changed, and where that is written down. */
export interface ChangeTarget {
  readonly root?: string;
  readonly stateDir?: string;
}

/** What a command needs to change a machine. */
export interface Changes {
  readonly host: WritableHost;
  readonly handlers: Handlers;
  /** Where the journals lie. */
  readonly directory: string;
  readonly engine: Engine;
  /** Starts the process that guards a transaction; resolves when it watches. */
  guard(id: number): Promise<void>;
  /** Starts one process that guards all leases of this one, and sees to it before each of them that it lives. */
  guardLeases(): Promise<void>;
}

/** Node's flags for a guard: it has a small file to read now and then, and may wait for days. */
const SMALL = ['--max-semi-space-size=1', '--max-old-space-size=64'];

/** Opens a machine for changes. Nothing is read or written yet. */
export function openChanges({ root, stateDir }: ChangeTarget): Changes {
  const target = openTarget(root);
  // What is written is written now, also where the machine was recorded and its clock stands.
  const host = openWritableHost({ ...target, clock: systemClock });
  const handlers = openHandlers();
  const directory = journalDirectory(target, stateDir);
  const start = (...words: readonly string[]): Promise<number> => {
    // The bundle beside this one, and places in full: a guard has `/` as its directory, and perhaps another HOME.
    const program = join(__dirname, '..', 'hecate.cjs');
    const where = ['--state-dir', dirname(directory), ...(root === undefined ? [] : ['--root', target.root])];
    return startDetached([process.execPath, ...SMALL, program, 'changes', ...words, ...where]);
  };
  let keeper: ProcessIdentity | undefined;
  return {
    host,
    handlers,
    directory,
    engine: openEngine({ host, handlers, directory, say }),
    async guard(id) {
      await start('guard', String(id));
    },
    async guardLeases() {
      const here = openHost();
      if (keeper && isSameProcess(here, keeper) !== false) return;
      const pid = await start('guard-process', String(process.pid), processStart(here, process.pid) ?? '');
      keeper = { pid, started: processStart(here, pid) };
    },
  };
}
