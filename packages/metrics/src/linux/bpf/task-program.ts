import { HecateError } from '@hecate/host';
import type { Btf, MemberPath } from './btf.ts';
import type { Loadable } from './load.ts';
import { copyWords, firstMember, follow, memberOf, writeRecord } from './members.ts';
import { createProgram } from './program.ts';
import type { Register } from './program.ts';
import { AT_LENGTH, AT_LEVEL, AT_NOTHING, AT_PARENT, AT_PROCESS, AT_THREAD, LEADER_BYTES, THREAD_BYTES } from './task-layout.ts';
import { taskFields } from './task-fields.ts';
import type { TaskField, TaskFields } from './task-fields.ts';

/** A helper of the kernel (include/uapi/linux/bpf.h): bpf_get_current_task_btf. */
const CURRENT_TASK = 158;

/** Names that the program needs from BTF. */
export const TASK_NAMES: readonly string[] = ['task_struct', 'bpf_iter__task', 'bpf_iter_task'];

/** The program of the task iterator, and what this kernel does not keep. */
export interface TaskProgram extends Loadable {
  /** Names of optional fields that are 0 in every record. */
  readonly absent: ReadonlySet<string>;
}

/** Registers: what a pointer of the task leads to, the task, where records are written to, a sum. The record lies below r10. */
const HELD = 6;
const TASK = 7;
const SEQ = 8;
const SUM = 9;
const STACK = 10;
const RECORD = -LEADER_BYTES;
const place = (word: number): number => RECORD + word * 4;

/**
 * The program that the kernel runs for every task: a straight line that copies members into a record and writes it out.
 * A thread's record is short; the leader's holds the whole process. `level` is the depth of our pid namespace.
 * Throws UNSUPPORTED when the kernel lacks a member that is needed.
 */
export function taskProgram(btf: Btf, level: number, fields: TaskFields = taskFields(level)): TaskProgram {
  const task = btf.struct('task_struct');
  const context = btf.struct('bpf_iter__task');
  const attachTo = btf.func('bpf_iter_task');
  if (!task || !context || !attachTo) throw new HecateError('UNSUPPORTED', 'This kernel has no BPF task iterator (Linux 5.8 has).');
  const program = createProgram();
  const absent = new Set<string>();
  let held = -1;

  /**
   * `to = task->…`. The first pointer stays in a register for the next value: the verifier searches all types of the kernel
   * for each pointer that is loaded (half a millisecond), and the fields are in an order that makes use of it.
   */
  const reach = (to: Register, path: MemberPath): void => {
    const [first, ...rest] = path.loads;
    if (rest.length === 0) return follow(program, to, TASK, path);
    if (held !== first) program.load(HELD, TASK, (held = first!), 8);
    follow(program, to, HELD, { ...path, loads: rest });
  };

  const copy = (field: TaskField): void => {
    const found = firstMember(btf, task, field.paths);
    if (!found && !field.optional) memberOf(btf, task, ...field.paths);
    if (!found) {
      absent.add(field.name);
      for (let word = 0; word < field.bytes / 4; word++) program.storeNumber(STACK, place(field.at + word), 0);
    } else if (field.bytes === 16) {
      copyWords(program, TASK, found, place(field.at), 16);
    } else if (field.plus) {
      program.moveNumber(SUM, 0);
      for (const [index, paths] of [field.paths, ...field.plus].entries()) {
        reach(0, memberOf(btf, task, ...paths));
        program.jumpIf(0, 's<', 0, `${field.name} ${index}`);
        program.add(SUM, 0);
        program.label(`${field.name} ${index}`);
      }
      program.store(STACK, place(field.at), SUM, 8);
    } else {
      reach(0, found);
      program.store(STACK, place(field.at), 0, field.bytes);
    }
  };

  const addDead = (field: TaskField): void => {
    if (field.dead === undefined || absent.has(field.name)) return;
    reach(0, memberOf(btf, task, field.dead));
    program.load(1, STACK, place(field.at), 8);
    program.add(0, 1);
    program.store(STACK, place(field.at), 0, 8);
  };

  /** A parent outside of our pid namespace has no number in it, and where that would be lies foreign memory. */
  const copyParent = (field: TaskField): void => {
    program.storeNumber(STACK, place(field.at), 0);
    reach(0, memberOf(btf, task, 'real_parent.signal.pids.1.level'));
    program.jumpIf(0, '<', level, 'no parent');
    copy(field);
    program.label('no parent');
  };

  const argument = HELD;
  program.move(argument, 1);
  program.load(TASK, argument, memberOf(btf, context, 'task').loads[0]!, 8);
  // The last call, at the end of the pass, is without a task.
  program.jumpIf(TASK, '==', 0, 'out');
  follow(program, SEQ, argument, memberOf(btf, context, 'meta.seq'));
  for (const field of fields.thread) copy(field);
  program.load(1, STACK, place(AT_PROCESS), 4);
  program.load(2, STACK, place(AT_THREAD), 4);
  program.jumpIfSame(1, 2, 'leader');
  program.storeNumber(STACK, place(AT_LENGTH), THREAD_BYTES);
  program.moveNumber(3, THREAD_BYTES);
  program.jump('write');
  program.label('leader');
  program.storeNumber(STACK, place(AT_LENGTH), LEADER_BYTES);
  for (const field of fields.thread) addDead(field);
  for (const field of fields.leader) {
    if (level > 0 && field.at === AT_PARENT) copyParent(field);
    else copy(field);
  }
  program.storeNumber(STACK, place(AT_LEVEL), level);
  program.storeNumber(STACK, place(AT_NOTHING), 0);
  if (btf.knows('BPF_FUNC_get_current_task_btf')) {
    program.call(CURRENT_TASK);
    follow(program, 0, 0, memberOf(btf, task, 'thread_pid.level'));
    program.store(STACK, place(AT_LEVEL), 0, 4);
  } else absent.add('level');
  program.moveNumber(3, LEADER_BYTES);
  program.label('write');
  writeRecord(program, SEQ, RECORD);
  program.label('out');
  program.moveNumber(0, 0);
  program.exit();
  return { name: 'hecate_tasks', instructions: program.encode(), attachTo, absent };
}
