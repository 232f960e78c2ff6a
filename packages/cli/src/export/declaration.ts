import { actionLines } from '../changes/declaration.ts';
import type { CommandDeclaration } from '../command-table.ts';

const ACTIONS = {
  list: 'every [[export]] of config.toml, and how much waits for it',
  test: 'NAME...: sends one sample to these targets, or to all; exit status 1 when one does not take it',
};

/** `hecate export`. */
export const EXPORT: CommandDeclaration = {
  name: 'export',
  summary: 'list and try the servers that samples are sent to',
  description: `What is sent where, the daemon reads from [[export]] in config.toml: docs/exporting.md has every setting.

Actions:
${actionLines(ACTIONS)}

Secrets are never shown.`,
  operands: [
    { name: 'action', help: 'what to do', choices: Object.keys(ACTIONS), fallback: 'list' },
    { name: 'names', help: 'names of exports, where the action takes them', variadic: true },
  ],
  options: [{ flags: '--format <format>', help: 'how it is printed', kind: 'text', choices: ['text', 'json'], fallback: 'text' }],
  examples: [
    ['hecate export', 'where samples go'],
    ['hecate export test', 'whether every server takes a sample now'],
  ],
};
