// What goes wrong in reading processes.
import { list } from './list.mjs';

export const mutants = [
  ...list('process/usage.ts', [
    ['unit: ticks as nanoseconds', 'readField(task, ofTask.user) / frequency', 'readField(task, ofTask.user) / 1e9'],
    ['resident is virtual', 'columns.rss[row] = readField(task, ofTask.resident)', 'columns.rss[row] = readField(task, ofTask.virtual)'],
    ['footprint is resident', 'readField(resources, ofResources.footprint)', 'readField(task, ofTask.resident)'],
    [
      'read and written swapped',
      'columns.readBytes[row] = readField(resources, ofResources.readBytes)',
      'columns.readBytes[row] = readField(resources, ofResources.writeBytes)',
    ],
    [
      'refused is gone',
      "if (errno === APPLE.EPERM || errno === APPLE.EACCES) return 'refused';",
      "if (errno === APPLE.EPERM) return 'gone';",
    ],
    ['gone is refused', "if (errno === APPLE.ESRCH) return 'gone';", "if (errno === APPLE.ESRCH) return 'refused';"],
    ['other errors are gone', 'throw systemError(errno, `proc_pidinfo ${pid}`);', "return 'gone';"],
    ['what is refused is what the process before had', 'if (readResources(pid)) {', 'readResources(pid); {'],
    ['pid and flavour swapped', 'libsystem.proc_pidinfo(pid, APPLE.PROC_PIDTASKINFO', 'libsystem.proc_pidinfo(APPLE.PROC_PIDTASKINFO, pid'],
    ['faults counted twice', 'readField(task, ofTask.faults) - pageIns', 'readField(task, ofTask.faults)'],
    ['everything runs', "readField(task, ofTask.running) > 0 ? 'running'", "readField(task, ofTask.running) >= 0 ? 'running'"],
    ['the newest structure or nothing', 'version = APPLE.RUSAGE_INFO_V4;\n', ''],
    ['an older structure after any refusal', '|| libraries.errno() !== APPLE.EINVAL) return false;', ') return false;'],
    ['energy of a structure that has none', 'if (countsEnergy && isWhole())', 'if (countsEnergy)'],
    ['energy that nobody counts is 0', 'if (countsEnergy && isWhole())', 'if (isWhole())'],
    ['unit: energy in microjoules', 'const NANO = 1e9;', 'const NANO = 1e6;'],
  ]),
  ...list('process/process-list.ts', [
    ['start in seconds only', '+ readField(entries, fields.startMicroseconds, base) / MICRO', ''],
    ['base forgotten', 'readField(entries, fields.uid, base)', 'readField(entries, fields.uid)'],
    ['name of the first', 'name: (base) => readText(entries, texts.name, base)', 'name: (base) => readText(entries, texts.name)'],
    ['in the order of the kernel', 'Array.from(keys.sort(), (key)', 'Array.from(keys, (key)'],
    ['a name that begins like another', 'return bytes[at + text.length] === 0;', 'return true;'],
    ['one process too many', 'Math.floor(entries.length / size)', 'Math.ceil((entries.length + 1) / size)'],
  ]),
  ...list('process/command.ts', [
    ['the environment too', 'for (let found = 0; found < count; found++) {', 'for (let found = 0; found <= count; found++) {'],
    ['padding is an argument', 'while (at < length && answer[at] === 0) at++;', 'at++;'],
    ['cut arguments are taken', 'if (at === length) return null;\n    at++;', 'if (at === length) break;\n    at++;'],
    [
      'the rest of an answer before',
      'length === null ? null : parseCommand(answer, length)',
      'length === null ? null : parseCommand(answer)',
    ],
    ['what may not be read is the one before', 'length === null ? null : ', 'length === null ? parseCommand(answer) : '],
  ]),
  ...list('process/program-path.ts', [
    ['names are those of any program', 'last.startsWith(name) ? last : name', 'last'],
    ['cut names stay', 'Buffer.byteLength(name) < NAME_LENGTH - 1', 'Buffer.byteLength(name) <= NAME_LENGTH'],
  ]),
  ...list('process/table.ts', [
    [
      'identity by pid alone',
      'if (process && process.identity.startTime === list.startTime(base)) return process;',
      'if (process) return process;',
    ],
    ['I/O of the wrong row', 'before.readBytes[process.row]!', 'before.readBytes[row]!'],
    ['commands at every pass', 'if (process.row >= 0 && list.isNamed(base, process.name)) return false;', ''],
    [
      'commands once for all',
      'if (process.row >= 0 && list.isNamed(base, process.name)) return false;',
      'if (process.row >= 0) return false;',
    ],
    ['zombies run', 'if (state === APPLE.SZOMB) return ZOMBIE;', ''],
    ['unknown states sleep', "if (found === 'refused') return UNKNOWN;", "if (found === 'refused') return SLEEPING;"],
    ['what ended leaves nothing', 'if (before && process.row >= 0) grouper.end(before, process.row);', ''],
    ['who ended is kept', 'if (process.pass !== pass) end(process);', ';'],
    [
      'zero for what may not be read',
      'new Float64Array(room * COLUMNS.length).fill(Number.NaN)',
      'new Float64Array(room * COLUMNS.length)',
    ],
    ['start of the epoch', 'startTime - boot', 'startTime'],
    [
      'no gap for energy that is not counted',
      "if (counted === 0) lacks(sink, ['processes.energy']",
      "if (counted === 99) lacks(sink, ['processes.energy']",
    ],
    ['energy of a processor that does not count it', 'counted !== null && counted !== 0', 'counted !== null'],
  ]),
];
