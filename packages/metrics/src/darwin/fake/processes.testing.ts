import { constant, encode, layoutOf } from './abi.testing.ts';
import type { FakeMachine, Refusal } from './machine.testing.ts';

/** A process. Times are Mach ticks. */
export interface FakeProcess {
  readonly pid: number;
  readonly ppid: number;
  readonly uid: number;
  readonly name: string;
  /** Seconds since the epoch. */
  readonly started: number;
  readonly state?: number;
  readonly nice?: number;
  /** What it uses by Apple's names; null: it is another user's, and this one may not read it. Absent: it is gone by then. */
  readonly task?: Readonly<Record<string, number>> | null;
  readonly resources?: Readonly<Record<string, number>>;
  /** What it uses in this moment is told by a kernel that knows no structure newer than this one. Default 6, that of macOS 13. */
  readonly newest?: 4 | 6;
  readonly path?: string;
  /** The arguments; absent: they may not be read. */
  readonly command?: readonly string[];
}

/** The answer of KERN_PROCARGS2. */
export function argumentsAnswer(path: string, command: readonly string[]): Buffer {
  const count = Buffer.alloc(4);
  count.writeInt32LE(command.length);
  return Buffer.concat([count, Buffer.from(`${path}\0\0\0\0`), Buffer.from([...command, 'SECRET=of the environment', ''].join('\0'))]);
}

/** What a machine answers about its processes. */
export function processesOf(processes: readonly FakeProcess[]): FakeMachine {
  const [kernel, all, one] = ['CTL_KERN', 'KERN_PROC', 'KERN_PROCARGS2'].map((name) => constant(name)) as [number, number, number];
  const answers: Record<string, Buffer | Refusal> = {
    [`sysctl:${kernel}.${all}.${constant('KERN_PROC_ALL')}`]: Buffer.concat(
      processes.map(({ pid, ppid, uid, name, started, state = constant('SRUN'), nice = 0 }) =>
        encode('kinfo_proc', {
          'kp_proc.p_un.__p_starttime.tv_sec': Math.floor(started),
          'kp_proc.p_un.__p_starttime.tv_usec': Math.round((started % 1) * 1e6),
          'kp_proc.p_stat': state,
          'kp_proc.p_pid': pid,
          'kp_proc.p_nice': nice,
          'kp_proc.p_comm': name.slice(0, 16),
          'kp_eproc.e_ucred.cr_uid': uid,
          'kp_eproc.e_ucred.cr_groups': [20, 12],
          'kp_eproc.e_ppid': ppid,
        }),
      ),
    ),
  };
  const refused = { result: -1, error: constant('EPERM') };
  const unknown = { result: -1, error: constant('EINVAL') };
  for (const { pid, task, resources, newest = 6, path, command } of processes) {
    if (task !== undefined) {
      answers[`proc_pidinfo:${pid}:${constant('PROC_PIDTASKINFO')}`] = task === null ? refused : encode('proc_taskinfo', task);
      for (const version of [4, 6] as const) {
        const known = layoutOf(`rusage_info_v${version}`).leaves;
        const told = Object.fromEntries(Object.entries(resources ?? {}).filter(([name]) => known.has(name)));
        const answer = resources ? encode(`rusage_info_v${version}`, told) : refused;
        answers[`proc_pid_rusage:${pid}:${constant(`RUSAGE_INFO_V${version}`)}`] = version > newest ? unknown : answer;
      }
    }
    if (path !== undefined) answers[`proc_pidpath:${pid}`] = Buffer.from(path);
    answers[`sysctl:${kernel}.${one}.${pid}`] = command ? argumentsAnswer(path ?? '', command) : unknown;
  }
  return { answers };
}

/** A kernel that counts the energy of processes, or one that says that it does not. */
export function energyCounted(counted: boolean): FakeMachine {
  const answer = Buffer.alloc(4);
  answer.writeInt32LE(counted ? 1 : 0);
  return { answers: { 'sysctl:kern.pervasive_energy': answer } };
}

/** What a machine answers about its accounts: names by number. */
export function accountsOf(names: Readonly<Record<number, string>>): FakeMachine {
  const account = encode('passwd', {});
  const name = layoutOf('passwd').leaves.get('pw_name')!;
  return {
    answers: Object.fromEntries(
      Object.entries(names).map(([uid, text]) => [
        `getpwuid:${uid}`,
        { bytes: Buffer.concat([account, Buffer.from(text)]), result: account.length, error: name.offset },
      ]),
    ),
  };
}
