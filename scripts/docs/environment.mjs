// The environment variables of the command line. What they do is written here; the check sees to it that none is missing.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/root.mjs';
import { code } from './markdown.mjs';

const MEANINGS = {
  HECATE_DATA_DIR: 'Where the day files lie. `--data-dir` overrides it.',
  HECATE_STATE_DIR: 'Where the journal of changes to this machine lies: in `journal/` below it. `--state-dir` overrides it.',
  HECATE_TUNE_PROFILE: 'The profile that the daemon keeps in force; `auto`: the one that fits; `off`: none. It overrides `config.toml`.',
  HECATE_LLM_KEY: 'Sent as bearer token to the server that `hecate analyze --llm` names.',
  HECATE_TOKEN: 'Token that `hecate alerts` sends to the daemon, in place of that of this user.',
  HECATE_DEBUG: 'When it is not empty, errors are printed with their stack.',
  XDG_DATA_HOME: 'Where `hecate/`, the data directory, lies. Default `~/.local/share`. Not used on macOS.',
  XDG_CONFIG_HOME: 'Where `hecate/config.toml` and `hecate/profiles/` lie. Default `~/.config`. Not used on macOS.',
  XDG_STATE_HOME:
    'Where `hecate/token` and the journal of changes of a user who is not root lie. Default `~/.local/state`. Not used on macOS.',
  PATH: 'Where programs are looked for: `mactop` and `sudo` by `hecate record --source mactop`, `smartctl` where SMART is asked for.',
  UV_THREADPOOL_SIZE:
    'Threads of Node that wait for files and mounts, 4 unless set. One of them waits for events; with `1` it lets the others go first.',
  JOURNAL_STREAM: 'Set by systemd. `hecate serve` then prints no address with a token in it, because others can read the journal.',
  NO_COLOR: 'When it is not empty, nothing is printed in colour ([no-color.org](https://no-color.org)).',
  FORCE_COLOR: 'When it is neither empty nor `0`, colours are printed even where the output is no terminal.',
  TERM: 'With `dumb` there are no colours and only ASCII; with `linux` only ASCII.',
  COLORTERM: 'With `truecolor` or `24bit`, `hecate top` draws in all colours.',
  TERM_PROGRAM: 'With `iTerm.app` `hecate top` draws in all colours, with `Apple_Terminal` in 256.',
  STY: 'Set by GNU screen, in which `COLORTERM` of the terminal around it does not count.',
  WT_SESSION: 'Set by Windows Terminal, which shows all colours.',
  SUDO_USER: 'Set by sudo. `hecate doctor --record` replaces this name too.',
  CI: 'When it is set, and not to `0` or `false`, no progress of long work is drawn: the log would keep each state of it.',
  LC_ALL: 'The first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set must name UTF-8, or only ASCII is drawn.',
  LC_CTYPE: 'See `LC_ALL`.',
  LANG: 'See `LC_ALL`.',
};

/** Every variable that a source of the command line or its packages reads. */
function variablesRead() {
  const names = new Set();
  for (const entry of readdirSync(join(root, 'packages'), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !/\/src\/.*\.ts$/.test(path) || /\/node_modules\/|\/dashboard\/|\.(?:test|testing)\.ts$/.test(path)) continue;
    const text = readFileSync(path, 'utf8');
    for (const [, name] of text.matchAll(/process\.env(?:\.|\[')([A-Z_]+)/g)) names.add(name);
    for (const [, list] of text.matchAll(/\{([^{}]+)\} = process\.env/g))
      for (const name of list.split(',')) names.add(name.split(/[:=]/, 1)[0].trim());
  }
  return names;
}

/** Rows of the table of variables. Throws when code and table differ. */
export function environmentRows() {
  const read = variablesRead();
  const bare = [...read].filter((name) => !(name in MEANINGS));
  const stale = Object.keys(MEANINGS).filter((name) => !read.has(name));
  if (bare.length > 0) throw new Error(`scripts/docs/environment.mjs does not explain ${bare.join(', ')}.`);
  if (stale.length > 0) throw new Error(`scripts/docs/environment.mjs explains ${stale.join(', ')}, which no code reads.`);
  return Object.entries(MEANINGS).map(([name, meaning]) => [code(name), meaning]);
}
