import { HecateError } from '@hecate/host';
import type { Btf } from './btf.ts';
import type { Loadable } from './load.ts';
import { copyWords, follow, memberOf, writeRecord } from './members.ts';
import { createProgram } from './program.ts';

/** Names that the program needs from BTF. */
export const FILE_NAMES: readonly string[] = ['task_struct', 'file', 'bpf_iter__task_file', 'bpf_iter_task_file'];

/** Where the values of an open socket lie, in words of 32 bits; its number in /proc/PID/fd has two. */
export const FILE_AT = { process: 0, descriptor: 1, inode: 2, name: 4 } as const;
/** Bytes of one record. */
export const FILE_BYTES = 32;

const TASK = 6;
const FILE = 7;
const SEQ = 8;
const CONTEXT = 9;
const STACK = 10;
const RECORD = -FILE_BYTES;
/** S_IFMT, S_IFSOCK of include/uapi/linux/stat.h. */
const FORMAT = 0xf000;
const SOCKET = 0xc000;

/**
 * The program that the kernel runs for every open file of every process: it writes out the sockets.
 * `level` is the depth of our pid namespace. Throws UNSUPPORTED when the kernel lacks a member that is needed.
 */
export function fileProgram(btf: Btf, level: number): Loadable {
  const task = btf.struct('task_struct');
  const file = btf.struct('file');
  const context = btf.struct('bpf_iter__task_file');
  const attachTo = btf.func('bpf_iter_task_file');
  if (!task || !file || !context || !attachTo) {
    throw new HecateError('UNSUPPORTED', 'This kernel has no BPF iterator over files (Linux 5.8 has).');
  }
  const program = createProgram();
  const place = (word: number): number => RECORD + word * 4;
  program.move(CONTEXT, 1);
  program.load(TASK, CONTEXT, memberOf(btf, context, 'task').loads[0]!, 8);
  program.jumpIf(TASK, '==', 0, 'out');
  program.load(FILE, CONTEXT, memberOf(btf, context, 'file').loads[0]!, 8);
  program.jumpIf(FILE, '==', 0, 'out');
  follow(program, 0, FILE, memberOf(btf, file, 'f_inode.i_mode'));
  program.andNumber(0, FORMAT);
  program.jumpIf(0, '!=', SOCKET, 'out');
  follow(program, SEQ, CONTEXT, memberOf(btf, context, 'meta.seq'));
  follow(program, 0, TASK, memberOf(btf, task, level === 0 ? 'tgid' : `signal.pids.1.numbers.${level}.nr`));
  program.store(STACK, place(FILE_AT.process), 0, 4);
  follow(program, 0, CONTEXT, memberOf(btf, context, 'fd'));
  program.store(STACK, place(FILE_AT.descriptor), 0, 4);
  follow(program, 0, FILE, memberOf(btf, file, 'f_inode.i_ino'));
  program.store(STACK, place(FILE_AT.inode), 0, 8);
  copyWords(program, TASK, memberOf(btf, task, 'group_leader.comm'), place(FILE_AT.name), 16);
  writeRecord(program, SEQ, RECORD, FILE_BYTES);
  program.label('out');
  program.moveNumber(0, 0);
  program.exit();
  return { name: 'hecate_sockets', instructions: program.encode(), attachTo };
}
