import { actionLines } from '../changes/declaration.ts';
import type { CommandDeclaration } from '../command-table.ts';

const ACTIONS = {
  list: 'what is wrong now; with --all everything that is judged',
  history: 'what was wrong lately, the newest first',
  test: 'judges this machine once, without a daemon; with --notify tells everybody who is to be told',
  silence: 'ID: tells nobody about an alert, or a rule, for a while; --end tells again',
};

/** `hecate alerts`. */
export const ALERTS: CommandDeclaration = {
  name: 'alerts',
  summary: 'show what is wrong, silence it, try who is told',
  description: `The daemon judges the machine at every tick, by rules of its own and of [alerts] in config.toml. This asks the daemon that runs here.

Actions:
${actionLines(ACTIONS)}

A daemon that wants a token gets that of this user (hecate token), or what HECATE_TOKEN says.`,
  operands: [
    { name: 'action', help: 'what to do', choices: Object.keys(ACTIONS), fallback: 'list' },
    { name: 'id', help: 'the alert or the rule, where the action takes one', variadic: true },
  ],
  options: [
    { flags: '--all', help: 'with list: what is fine too', kind: 'flag' },
    { flags: '--limit <changes>', help: 'with history: the most changes', kind: 'integer', fallback: 20, least: 1, most: 300 },
    { flags: '--for <time>', help: 'with silence: how long, as 30m, 4h or 2d', kind: 'text', fallback: '1h' },
    { flags: '--end', help: 'with silence: no longer', kind: 'flag' },
    { flags: '--notify', help: 'with test: send a message to everybody in [[alerts.notify]]', kind: 'flag' },
    {
      flags: '--url <url>',
      help: 'address of the daemon (default: that of [serve] in config.toml, else http://127.0.0.1:9095)',
      kind: 'text',
    },
    { flags: '--format <format>', help: 'how it is printed', kind: 'text', choices: ['text', 'json'], fallback: 'text' },
  ],
  examples: [
    ['hecate alerts', 'what is wrong'],
    ['hecate alerts history --limit 5', 'what was'],
    ['hecate alerts silence disk_space//srv --for 4h', 'I know'],
    ['hecate alerts test --notify', 'does a message arrive?'],
  ],
};
