import type { CommandDeclaration, OptionDeclaration } from '../command-table.ts';

/** Options of everything that changes a machine. */
export const TARGET_OPTIONS: readonly OptionDeclaration[] = [
  {
    flags: '--root <dir>',
    help: 'change the machine whose files lie there: DIR/proc, DIR/sys, DIR/etc; its journal lies there too',
    kind: 'text',
    completes: 'directory',
  },
  {
    flags: '--state-dir <dir>',
    help: 'where the journal of changes lies (default: $HECATE_STATE_DIR, or /var/lib/hecate for root, or hecate in the state directory of the user)',
    kind: 'text',
    completes: 'directory',
  },
  { flags: '--format <format>', help: 'how it is printed', kind: 'text', choices: ['text', 'json'], fallback: 'text' },
];

/** What the actions of a command do, for its help: a line each. */
export const actionLines = (actions: Readonly<Record<string, string>>): string =>
  Object.entries(actions)
    .map(([name, does]) => `* ${name.padEnd(8)}  ${does}`)
    .join('\n');

const ACTIONS = {
  list: 'every change, the latest first',
  show: 'ID: one change with all that it did',
  confirm: 'ID: keeps a change that would go back',
  rollback: 'ID: undoes a change',
  verify: '[ID]: whether all is still as it was set; exit status 1 when not',
  recover: 'finishes what a kill or a reboot left unfinished',
};

/** `hecate changes`. */
export const CHANGES: CommandDeclaration = {
  name: 'changes',
  summary: 'list, check and undo what hecate changed',
  description: `Whatever hecate changes on a machine is in a journal first, with the value from before, so it can be undone: by you, when nobody confirms it, and after a kill or a crash.

Actions:
${actionLines(ACTIONS)}

Undoing restores what still has the value that hecate set. What somebody else has set since is left alone, and named.`,
  operands: [
    { name: 'action', help: 'what to do', choices: Object.keys(ACTIONS), hidden: ['guard', 'guard-process'], fallback: 'list' },
    { name: 'id', help: 'number of the change, where the action takes one', variadic: true },
  ],
  options: TARGET_OPTIONS,
  examples: [
    ['hecate changes', 'what hecate has changed here'],
    ['hecate changes show 7', 'from what to what, and how each of it is'],
    ['hecate changes confirm 7', 'it stays'],
    ['hecate changes rollback 7', 'as it was before'],
  ],
};
