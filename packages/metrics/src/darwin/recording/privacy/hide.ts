import type { RecordedProgram } from '@hecate/host';
import type { CfTree, DarwinAnswers, DarwinRecording, Refusal } from '../format.ts';
import { hideRouteList } from './addresses.ts';
import { createStandIns } from './stand-ins.ts';
import type { Hidden, StandIns } from './stand-ins.ts';
import { openTextRules } from './text.ts';
import type { TextRules } from './text.ts';

/** What a recording of a Mac consists of. */
export interface Recorded {
  readonly recording: DarwinRecording;
  readonly programs: readonly RecordedProgram[];
}

const ROUTES = /^sysctl:4\.17\./;
const ARGUMENTS = /^sysctl:1\.49\.\d+$/;
const HOST_NAME = /^sysctl:kern\.(?:hostname|nodename)$/;
const MOUNTS = 'getfsstat64';
const ACCOUNT = /^getpwuid:(?<uid>\d+)$/;
/** Accounts below this number are the system's own, the same everywhere. */
const FIRST_USER = 500;

const bytesOf = (given: Buffer | Refusal): Buffer => (Buffer.isBuffer(given) ? given : (given.bytes ?? Buffer.alloc(0)));
const endOfText = (bytes: Buffer, start: number): number => {
  const end = bytes.indexOf(0, start);
  return end < 0 ? bytes.length : end;
};

/** The arguments of a process: how many, its path, and the first of them stay; of the others only how long they are. The environment goes. */
function hideArguments(standIns: StandIns, rules: TextRules, bytes: Buffer): Buffer {
  if (bytes.length < 5) return bytes;
  const count = bytes.readInt32LE(0);
  const copy = Buffer.from(rules.bytes(bytes));
  let at = endOfText(copy, 4);
  while (at < copy.length && copy[at] === 0) at++;
  for (let index = 0; index < count && at < copy.length; index++) {
    const end = endOfText(copy, at);
    const argument = copy.toString('utf8', at, end);
    if (index > 0 && argument !== '') copy.write(standIns.word('command lines', argument), at, 'latin1');
    at = end + 1;
  }
  return copy.subarray(0, Math.min(at, copy.length));
}

function hideAnswer(key: string, given: Buffer | Refusal, standIns: StandIns, rules: TextRules): Buffer | Refusal {
  const bytes = bytesOf(given);
  const hidden = (): Buffer => {
    if (ROUTES.test(key)) return hideRouteList(standIns, bytes);
    if (ARGUMENTS.test(key)) return hideArguments(standIns, rules, bytes);
    const uid = ACCOUNT.exec(key)?.groups?.['uid'];
    if (uid !== undefined && Number(uid) >= FIRST_USER && !Buffer.isBuffer(given)) {
      const start = given.result ?? 0;
      const copy = Buffer.from(bytes);
      const name = copy.toString('utf8', start, endOfText(copy, start));
      copy.write(standIns.word('names of users', name), start, 'latin1');
      return copy;
    }
    return rules.bytes(bytes);
  };
  if (Buffer.isBuffer(given)) return hidden();
  return given.bytes ? { ...given, bytes: hidden() } : given;
}

/** Names that the system gives as such: what they say is looked for everywhere else. */
function learn(rules: TextRules, { answers = {} }: DarwinAnswers): void {
  for (const [key, given] of Object.entries(answers)) {
    const bytes = bytesOf(given);
    if (key === MOUNTS) rules.learnText(bytes.toString('utf8'));
    if (HOST_NAME.test(key)) rules.learn('names of the machine', bytes.toString('utf8', 0, endOfText(bytes, 0)));
    const uid = ACCOUNT.exec(key)?.groups?.['uid'];
    if (uid !== undefined && Number(uid) >= FIRST_USER && !Buffer.isBuffer(given))
      rules.learn('names of users', bytes.toString('utf8', given.result ?? 0, endOfText(bytes, given.result ?? 0)));
  }
}

function hideMoment(moment: Required<DarwinAnswers>, standIns: StandIns, rules: TextRules): Required<DarwinAnswers> {
  return {
    time: moment.time,
    answers: Object.fromEntries(Object.entries(moment.answers).map(([key, given]) => [key, hideAnswer(key, given, standIns, rules)])),
    trees: Object.fromEntries(Object.entries(moment.trees).map(([key, tree]) => [key, rules.tree(tree)])),
    registry: moment.registry.map((entry) => ({ ...entry, name: rules.text(entry.name), properties: rules.tree(entry.properties) })),
  };
}

/** All values that trees have with keys that name something. */
function learnTrees(rules: TextRules, tree: CfTree): void {
  if (typeof tree !== 'object' || Buffer.isBuffer(tree)) return;
  if (Array.isArray(tree)) for (const one of tree as readonly CfTree[]) learnTrees(rules, one);
  else {
    for (const [key, one] of Object.entries(tree)) {
      rules.learnOf(key, one);
      learnTrees(rules, one);
    }
  }
}

/**
 * A recording without what names its user: names, serial numbers, addresses, networks, command lines and directories are replaced by
 * stand-ins of the same shape, the same for the same thing everywhere, so that readings and their layout stay. `names` are what is known
 * besides: of the user who records, and of the machine.
 */
export function hideNames(
  { recording, programs }: Recorded,
  names: { readonly users: readonly string[]; readonly machines: readonly string[] },
  standIns: StandIns = createStandIns(),
): Recorded & { readonly hidden: Partial<Record<Hidden, number>> } {
  const rules = openTextRules(standIns);
  for (const name of names.users) rules.learn('names of users', name);
  for (const name of names.machines) rules.learn('names of the machine', name);
  for (const moment of recording.moments) {
    learn(rules, moment);
    for (const tree of Object.values(moment.trees)) learnTrees(rules, tree);
    for (const { properties } of moment.registry) learnTrees(rules, properties);
  }
  for (const program of programs) if ('stdout' in program) rules.learnText(program.stdout);
  return {
    recording: { lacks: recording.lacks, moments: recording.moments.map((moment) => hideMoment(moment, standIns, rules)) },
    programs: programs.map((program) => {
      if ('error' in program) return { ...program, error: { ...program.error, message: rules.text(program.error.message) } };
      return { ...program, stdout: rules.output(program.argv, program.stdout), stderr: rules.output(program.argv, program.stderr) };
    }),
    hidden: standIns.counts(),
  };
}
