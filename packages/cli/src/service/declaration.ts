import { actionLines } from '../changes/declaration.ts';
import type { CommandDeclaration } from '../command-table.ts';

const ACTIONS = {
  status: 'whether it is installed and runs, and its last words',
  install: 'installs and starts it; again with other options replaces it',
  uninstall: 'stops it and takes it away; what it recorded stays',
  print: 'the unit of systemd, or the job of launchd, that install would write',
};

/** `hecate service`. */
export const SERVICE: CommandDeclaration = {
  name: 'service',
  summary: 'run the daemon as a service of the system',
  description: `Has systemd (Linux) or launchd (macOS) start the daemon at boot. It runs as a user of its own that can write nothing but its own directory; with --tune it runs as root.

Actions:
${actionLines(ACTIONS)}

Installing is a change like any other: hecate changes shows it, and it can be undone there too. Further settings: /etc/hecate/config.toml.`,
  operands: [{ name: 'action', help: 'what to do', choices: Object.keys(ACTIONS), fallback: 'status' }],
  options: [
    { flags: '--host <address>', help: 'address to listen on (default: config.toml, else 127.0.0.1)', kind: 'text' },
    { flags: '--port <port>', help: 'port to listen on (default: config.toml, else 9095)', kind: 'integer', least: 1, most: 65_535 },
    { flags: '--tune <profile>', help: 'keep this profile in force; auto: the one that fits', kind: 'text' },
    {
      flags: '--state-dir <dir>',
      help: 'where the journal of changes lies (default: $HECATE_STATE_DIR, or /var/lib/hecate for root)',
      kind: 'text',
      completes: 'directory',
    },
    { flags: '--format <format>', help: 'how it is printed', kind: 'text', choices: ['text', 'json'], fallback: 'text' },
  ],
  examples: [
    ['hecate service install', 'watches and records from now on, also after a boot'],
    ['hecate service install --tune auto', 'and keeps the machine tuned'],
    ['hecate service', 'how it is'],
    ['hecate service uninstall', 'as it was before'],
  ],
};
