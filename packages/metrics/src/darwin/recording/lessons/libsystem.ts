import { addressAt, memoryAt, numberAt, textAt } from '../lesson.ts';
import type { Call, Lesson, Lessons, Notebook, Replayed } from '../lesson.ts';
import { APPLE } from '../../apple-numbers.ts';
import { readField } from '../../layout/layout.ts';
import { MOUNT } from '../../layout/mount.ts';
import { ACCOUNT } from '../../layout/process.ts';
import { readCString } from '../../libsystem/c-string.ts';

/** What a function wrote into the memory that was given in a place. */
const written = (given: readonly unknown[], place: number, length: number): Buffer =>
  Buffer.from(memoryAt(given, place)!.subarray(0, Math.max(0, length)));

/** sysctl(3), whose buffer and length are given in these places. A question for the length alone is answered by the answer's own. */
function sysctlLesson(keyOf: (given: readonly unknown[]) => string, place: number): Lesson {
  return {
    note({ answers }, { given, gave, errno }) {
      if (gave !== 0) {
        // Too little room is an answer until it is asked again with more.
        if (errno !== APPLE.ENOMEM || !answers.has(keyOf(given))) answers.set(keyOf(given), { result: -1, error: errno });
      } else if (memoryAt(given, place)) {
        answers.set(keyOf(given), written(given, place, Number(memoryAt(given, place + 1)!.readBigUInt64LE(0))));
      }
    },
    answer(machine, given) {
      const found = machine.answer(keyOf(given));
      if (!found || found.result !== 0) return machine.refuse(found?.error ?? APPLE.ENOENT, -1);
      const into = memoryAt(given, place);
      const length = memoryAt(given, place + 1)!;
      if (into && Number(length.readBigUInt64LE(0)) < found.bytes.length) return machine.refuse(APPLE.ENOMEM, -1);
      if (into) found.bytes.copy(into);
      length.writeBigUInt64LE(BigInt(found.bytes.length), 0);
      return 0;
    },
  };
}

function sysctlKey(given: readonly unknown[]): string {
  const numbers = memoryAt(given, 0)!;
  return `sysctl:${Array.from({ length: numberAt(given, 1) }, (_, index) => numbers.readInt32LE(index * 4)).join('.')}`;
}

/** A function that gives how many bytes it wrote, 0 with an errno where it refuses. */
function lengthLesson(keyOf: (given: readonly unknown[]) => string, place: number): Lesson {
  return {
    note({ answers }, { given, gave, errno }) {
      const length = gave as number;
      answers.set(keyOf(given), length > 0 ? written(given, place, length) : { result: -1, error: errno });
    },
    answer(machine, given) {
      const found = machine.answer(keyOf(given));
      if (!found || found.result !== 0) return machine.refuse(found?.error ?? APPLE.ESRCH, 0);
      const into = memoryAt(given, place)!;
      if (numberAt(given, place + 1) < found.bytes.length) return machine.refuse(APPLE.ENOMEM, 0);
      found.bytes.copy(into);
      return found.bytes.length;
    },
  };
}

const getfsstat64: Lesson = {
  note({ answers }, { given, gave, errno }) {
    const count = gave as number;
    if (count < 0) answers.set('getfsstat64', { result: -1, error: errno });
    else if (memoryAt(given, 0)) answers.set('getfsstat64', { bytes: written(given, 0, count * MOUNT.size), error: MOUNT.size });
  },
  answer(machine, given) {
    const found = machine.answer('getfsstat64');
    if (!found) return 0;
    if (found.result !== 0) return machine.refuse(found.error, -1);
    const into = memoryAt(given, 0);
    const size = Math.max(1, found.error);
    const have = Math.floor(found.bytes.length / size);
    if (!into) return have;
    const count = Math.min(have, Math.floor(numberAt(given, 1) / size));
    found.bytes.copy(into, 0, 0, count * size);
    return count;
  },
};

const getloadavg: Lesson = {
  note({ answers }, { given, gave }) {
    if ((gave as number) >= 0) answers.set('getloadavg', written(given, 0, (gave as number) * 8));
  },
  answer(machine, given) {
    const found = machine.answer('getloadavg');
    if (!found) return -1;
    const count = Math.min(numberAt(given, 1), Math.floor(found.bytes.length / 8));
    found.bytes.copy(memoryAt(given, 0)!, 0, 0, count * 8);
    return count;
  },
};

/** The structure, and behind it the name that it points to: `result` is where that begins, `error` where the pointer lies. */
const getpwuid: Lesson = {
  note({ answers, darwin: { libraries } }, { given, gave }) {
    const at = gave as bigint;
    if (at === 0n) return;
    const account = libraries.copy(at, ACCOUNT.size);
    const name = readCString(libraries, BigInt(readField(account, ACCOUNT.fields.name)));
    const bytes = Buffer.concat([Buffer.alloc(ACCOUNT.size), Buffer.from(`${name}\0`)]);
    answers.set(`getpwuid:${numberAt(given, 0)}`, { bytes, result: ACCOUNT.size, error: ACCOUNT.fields.name[1] });
  },
  answer(machine, given) {
    const found = machine.answer(`getpwuid:${numberAt(given, 0)}`);
    if (!found) return 0n;
    const last = machine.memo(getpwuid, () => ({ at: 0n }));
    // It lives until the next call.
    if (last.at !== 0n) machine.unmap(last.at);
    const bytes = Buffer.from(found.bytes);
    last.at = machine.map(bytes);
    if (found.error >= 0 && found.error + 8 <= bytes.length) bytes.writeBigUInt64LE(last.at + BigInt(found.result), found.error);
    return last.at;
  },
};

const rusageKey = (given: readonly unknown[]): string => `proc_pid_rusage:${numberAt(given, 0)}:${numberAt(given, 1)}`;

const rusage: Lesson = {
  note({ answers }, { given, gave, errno }) {
    answers.set(rusageKey(given), gave === 0 ? Buffer.from(memoryAt(given, 2)!) : { result: -1, error: errno });
  },
  answer(machine, given) {
    const found = machine.answer(rusageKey(given));
    if (!found || found.result !== 0) return machine.refuse(found?.error ?? APPLE.ESRCH, -1);
    found.bytes.copy(memoryAt(given, 2)!);
    return 0;
  },
};

const clock: Lesson = {
  note({ answers }, { given, gave }) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(gave as number));
    answers.set(`clock_gettime_nsec_np:${numberAt(given, 0)}`, bytes);
  },
  answer(machine, given) {
    const found = machine.answer(`clock_gettime_nsec_np:${numberAt(given, 0)}`);
    return found && found.bytes.length >= 8 ? Number(found.bytes.readBigUInt64LE(0)) : 0;
  },
};

const tokens = (of: Notebook | Replayed): string[] => of.memo(tokens, (): string[] => []);

/** `NOTIFY_STATUS_FAILED` and `NOTIFY_STATUS_INVALID_TOKEN` of notify.h. */
const NOTIFY = { failed: 1_000_000, invalidToken: 2 };

const notifyTokens = (book: Notebook): Map<number, string> => book.memo(notifyTokens, () => new Map<number, string>());

const NOTIFY_LESSONS: Lessons = {
  notify_register_check: {
    note(book, { given, gave }) {
      const name = textAt(given, 0);
      if (gave !== 0) book.answers.set(`notify:${name}`, { result: gave as number });
      else notifyTokens(book).set(memoryAt(given, 1)!.readInt32LE(0), name);
    },
    answer(machine, given) {
      const found = machine.answer(`notify:${textAt(given, 0)}`);
      if (!found || found.result !== 0) return found?.result ?? NOTIFY.failed;
      memoryAt(given, 1)!.writeInt32LE(tokens(machine).push(textAt(given, 0)), 0);
      return 0;
    },
  },
  notify_get_state: {
    note(book, { given, gave }) {
      const name = notifyTokens(book).get(numberAt(given, 0));
      if (name !== undefined) book.answers.set(`notify:${name}`, gave === 0 ? written(given, 1, 8) : { result: gave as number });
    },
    answer(machine, given) {
      const name = tokens(machine)[numberAt(given, 0) - 1];
      const found = name === undefined ? null : machine.answer(`notify:${name}`);
      if (!found) return NOTIFY.invalidToken;
      found.bytes.copy(memoryAt(given, 1)!, 0, 0, 8);
      return found.result;
    },
  },
  notify_cancel: { answer: () => 0 },
  // Nothing happens to a machine that was recorded.
  notify_register_file_descriptor: { answer: () => NOTIFY.failed },
};

/** `EBADF` and `ENOSYS` of errno.h. */
const ERRNO = { badDescriptor: 9, notThere: 78 };
/** Sockets of a replay: no descriptor of ours is as high. */
const FIRST_SOCKET = 1_000_000;

const socketKey = (given: readonly unknown[]): string => `socket:${given.map(String).join(':')}`;

const DESCRIPTOR_LESSONS: Lessons = {
  socket: {
    note({ answers }, { given, gave, errno }) {
      answers.set(socketKey(given), (gave as number) >= 0 ? Buffer.alloc(0) : { result: -1, error: errno });
    },
    answer(machine, given) {
      const found = machine.answer(socketKey(given));
      return found && found.result === 0 ? FIRST_SOCKET : machine.refuse(found?.error ?? ERRNO.notThere, -1);
    },
  },
  ioctl: {
    // The request says how long its argument is (sys/ioccom.h).
    key: (given) => {
      const request = numberAt(given, 1);
      const length = Math.floor(request / 0x1_0000) & 0x1fff;
      return `ioctl:${request.toString(16)}:${memoryAt(given, 2)!.toString('hex', 0, length)}`;
    },
    note({ answers }, { key, given, gave, errno }) {
      answers.set(key, gave === 0 ? Buffer.from(memoryAt(given, 2)!) : { result: -1, error: errno });
    },
    answer(machine, given) {
      const found = machine.answer(DESCRIPTOR_LESSONS['ioctl']!.key!(given));
      if (!found || found.result !== 0) return machine.refuse(found?.error ?? APPLE.EINVAL, -1);
      found.bytes.copy(memoryAt(given, 2)!);
      return 0;
    },
  },
  close: { answer: () => 0 },
  fcntl: { answer: () => 0 },
  kqueue: { answer: (machine) => machine.refuse(ERRNO.notThere, -1) },
  kevent64: { answer: (machine) => machine.refuse(ERRNO.badDescriptor, -1) },
};

const MACH_HOST = 0xb03;

/** Notes what a call gave where it succeeded, else the code that it gave. */
const orCode = (answers: Notebook['answers'], key: string, { gave }: Call, bytes: () => Buffer): void => {
  answers.set(key, gave === 0 ? bytes() : { result: gave as number });
};
/** `KERN_INVALID_ARGUMENT` and `KERN_FAILURE` of mach/kern_return.h. */
const KERNEL = { invalidArgument: 4, failure: 5 };

const MACH_LESSONS: Lessons = {
  mach_host_self: { answer: () => MACH_HOST },
  mach_port_deallocate: { answer: () => 0 },
  vm_deallocate: {
    answer(machine, given) {
      machine.unmap(addressAt(given, 1));
      return 0;
    },
  },
  host_processor_info: {
    note({ answers, darwin }, call) {
      const { given } = call;
      orCode(answers, `host_processor_info:${numberAt(given, 1)}`, call, () =>
        darwin.libraries.copy(memoryAt(given, 3)!.readBigUInt64LE(0), memoryAt(given, 4)!.readUInt32LE(0) * 4),
      );
    },
    answer(machine, given) {
      const found = machine.answer(`host_processor_info:${numberAt(given, 1)}`);
      if (!found || found.result !== 0) return found?.result ?? KERNEL.invalidArgument;
      // Four counters of four bytes a CPU.
      memoryAt(given, 2)!.writeUInt32LE(Math.floor(found.bytes.length / 16), 0);
      memoryAt(given, 3)!.writeBigUInt64LE(machine.map(found.bytes), 0);
      memoryAt(given, 4)!.writeUInt32LE(Math.floor(found.bytes.length / 4), 0);
      return 0;
    },
  },
  host_statistics64: {
    note({ answers }, call) {
      const { given } = call;
      orCode(answers, `host_statistics64:${numberAt(given, 1)}`, call, () => written(given, 2, memoryAt(given, 3)!.readUInt32LE(0) * 4));
    },
    answer(machine, given) {
      const found = machine.answer(`host_statistics64:${numberAt(given, 1)}`);
      if (!found || found.result !== 0) return found?.result ?? KERNEL.invalidArgument;
      const count = memoryAt(given, 3)!;
      const words = Math.min(count.readUInt32LE(0), Math.floor(found.bytes.length / 4));
      if (count.readUInt32LE(0) < found.error) return KERNEL.failure;
      found.bytes.copy(memoryAt(given, 2)!, 0, 0, words * 4);
      count.writeUInt32LE(words, 0);
      return 0;
    },
  },
};

/** The C library, the system calls and Mach. */
export const LIBSYSTEM_LESSONS: Lessons = {
  ...NOTIFY_LESSONS,
  ...DESCRIPTOR_LESSONS,
  ...MACH_LESSONS,
  clock_gettime_nsec_np: clock,
  getfsstat64,
  getloadavg,
  getpwuid,
  proc_pid_rusage: rusage,
  proc_pidinfo: lengthLesson((given) => `proc_pidinfo:${numberAt(given, 0)}:${numberAt(given, 1)}`, 3),
  proc_pidpath: lengthLesson((given) => `proc_pidpath:${numberAt(given, 0)}`, 1),
  sysctl: sysctlLesson(sysctlKey, 2),
  sysctlbyname: sysctlLesson((given) => `sysctl:${textAt(given, 0)}`, 1),
};
