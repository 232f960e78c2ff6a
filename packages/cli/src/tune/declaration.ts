import { PROFILE_NAMES } from '@hecate/tune';
import { actionLines, TARGET_OPTIONS } from '../changes/declaration.ts';
import type { CommandDeclaration } from '../command-table.ts';
import type { TuneAction } from './request.ts';

const ACTIONS: Readonly<Record<TuneAction, string>> = {
  status: 'what is in force, and whether it still is so',
  detect: 'what the machine is, and which profile fits',
  profiles: 'the profiles that there are',
  plan: 'what a profile would change, why, and what it leaves out',
  diff: 'only what differs; exit status 1 when something does',
  apply: 'puts a profile in force, in place of the one before',
  verify: 'whether all is still as it was set; exit status 1 when not',
  rollback: '[ID]: everything as it was before the profile',
  run: '-- COMMAND: a profile as long as a program runs',
  import: 'tuned:NAME: a profile of tuned as one of hecate',
  prove: '-- COMMAND: whether it helps a program; exit status 1 when not',
  learn: '-- COMMAND: searches what helps a program, keeps it as a profile',
};

/** `hecate tune`. */
export const TUNE: CommandDeclaration = {
  name: 'tune',
  summary: 'set the machine up for what it is used for',
  description: `Plans changes from a profile, says why for each of them, makes all or none, and undoes them without a trace.

Actions:
${actionLines(ACTIONS)}

Without --profile it is the one that fits the machine. Every change can be undone: hecate changes.`,
  operands: [
    { name: 'action', help: 'what to do', choices: Object.keys(ACTIONS), fallback: 'status' },
    { name: 'words', help: 'what the action takes; a command line comes after two dashes', variadic: true },
  ],
  options: [
    { flags: '--profile <name>', help: 'profile (default: the one that fits the machine)', kind: 'text', offers: PROFILE_NAMES },
    ...TARGET_OPTIONS,
    { flags: '--confirm <seconds>', help: 'apply: goes back after so long unless it is confirmed', kind: 'number', least: 1, most: 86_400 },
    {
      flags: '--watch <seconds>',
      help: 'apply: goes back when the machine gets worse within so long',
      kind: 'number',
      least: 1,
      most: 3600,
    },
    { flags: '--yes', help: 'apply: does not ask', kind: 'flag' },
    { flags: '--for <pid>', help: 'apply: goes back when this process ends', kind: 'integer', least: 1, most: 4_194_304 },
    {
      flags: '--force',
      help: 'goes on although another program tunes too, the machine is busy, or a learned profile has the name',
      kind: 'flag',
    },
    {
      flags: '--change <change>',
      help: 'prove: sysctl:KEY=VALUE or sysfs:PATH=VALUE in place of a profile; may be repeated',
      kind: 'repeated',
    },
    {
      flags: '--workload <command>',
      help: 'prove, learn: the command line, its words apart by blanks; or write it after two dashes',
      kind: 'text',
    },
    {
      flags: '--metric <pattern>',
      help: 'prove, learn: a regular expression for a number that the program prints (default: its time)',
      kind: 'text',
    },
    { flags: '--higher-is-better', help: 'prove, learn: more of the metric is good', kind: 'flag' },
    { flags: '--rounds <rounds>', help: 'prove, learn: the most rounds of one comparison', kind: 'integer', least: 4, most: 100 },
    { flags: '--budget <seconds>', help: 'learn: time for the search', kind: 'number', least: 1, most: 604_800 },
    { flags: '--keep', help: 'prove: leaves in force what won', kind: 'flag' },
  ],
  examples: [
    ['hecate tune plan', 'what would be changed here, and why'],
    ['hecate tune apply --confirm 60', 'goes back after a minute unless it is confirmed'],
    ['hecate tune apply --profile latency --for 1234', 'as long as process 1234 runs'],
    ['hecate tune run --profile gaming -- ./game', 'as long as the game runs'],
    ['hecate tune prove --change sysctl:vm.swappiness=10 -- ./load', 'whether it helps'],
    ['hecate tune rollback', 'as it was before'],
  ],
};
