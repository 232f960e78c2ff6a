// The completion scripts, sourced by the shells that they are for, and asked as those shells ask.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../packages/cli/src/command-table.ts';
import { COLLECTOR_NAMES } from '../packages/metrics/src/model/collector-names.ts';
import { run, temporary } from './cli.testing.ts';

const place = temporary('completion');
mkdirSync(join(place, 'a folder'));
mkdirSync(join(place, 'b'));
writeFileSync(join(place, 'file.txt'), '');

const names = COMMANDS.map(({ name }) => name);
const optionsOf = (name: string): string[] =>
  COMMANDS.find((command) => command.name === name)!.options.map(({ flags }) => flags.split(' ')[0]!);

function shell(program: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: place,
    encoding: 'utf8',
    timeout: 60_000,
    env: { PATH: process.env['PATH'], HOME: place, LC_ALL: 'C.UTF-8', TERM: 'xterm' },
  });
  if (error) throw error;
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

function without(program: string): boolean {
  const missing = spawnSync(program, ['-c', 'exit 0']).status !== 0;
  if (missing) console.warn(`Skipped: there is no ${program} here. Debian: apt-get install ${program}.`);
  return missing;
}

const ASK: Readonly<Record<'bash' | 'zsh' | 'fish', (line: string) => string[]>> = {
  bash(line) {
    const words = line.split(' ').slice(0, -1);
    const program = `
      compopt() { :; }
      source ${place}/hecate.bash
      complete -p hecate >/dev/null || exit 9
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
      _hecate
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    return shell('bash', ['--norc', '-c', program, 'bash', ...words, line.split(' ').at(-1)!])
      .split('\n')
      .filter(Boolean);
  },
  fish: (line) =>
    shell('fish', ['--no-config', '-c', `source ${place}/hecate.fish; complete -C '${line}'`])
      .split('\n')
      .filter(Boolean)
      .map((reply) => reply.split('\t')[0]!),
  // zsh completes only in its line editor: a zsh in a pseudo terminal, whose compadd prints what it is given.
  zsh(line) {
    writeFileSync(
      join(place, 'inner.zsh'),
      `
      PROMPT=
      autoload -U compinit; compinit -u -D
      source ${place}/hecate.zsh
      bindkey '^I' complete-word
      compadd() {
        if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return; fi
        typeset -a hits
        builtin compadd -A hits "$@"
        for hit in $hits; do print; print -r -- "HIT:$hit"; done
      }
      tell() { print; print DONE; }
      comppostfuncs=(tell)
      print; print ready
    `,
    );
    const outer = `
      zmodload zsh/zpty
      zpty z zsh -f -i
      zpty -w z "source ${place}/inner.zsh"
      while zpty -r z line; do [[ $line == ready* ]] && break; done
      zpty -w -n z "$1"$'\\t'
      while zpty -r z line; do
        [[ $line == HIT:* ]] && print -r -- \${\${line#HIT:}%%$'\\r'*}
        [[ $line == DONE* ]] && break
      done
      zpty -d z`;
    return shell('zsh', ['-f', '-c', outer, 'zsh', line]).split('\n').filter(Boolean);
  },
};

describe.each(['bash', 'zsh', 'fish'] as const)('%s', (name) => {
  const skipped = name !== 'bash' && without(name);
  const complete = (line: string): string[] =>
    [...new Set(ASK[name](line).map((reply) => reply.replace(/\/$/, '').replace('\\ ', ' ')))].sort();

  beforeAll(async () => {
    const { status, stdout } = await run(['completion', name]);
    expect(status).toBe(0);
    writeFileSync(join(place, `hecate.${name}`), stdout);
  });

  it.skipIf(skipped)('commands', () => {
    expect(complete('hecate ')).toEqual(expect.arrayContaining([...names, 'help']));
    expect(complete('hecate sna')).toEqual(['snapshot']);
    expect(complete('hecate help rec')).toEqual(['record']);
  });

  it.skipIf(skipped)('the options of each command, and no others', () => {
    for (const command of names) {
      expect(
        complete(`hecate ${command} --`).filter((option) => option !== '--help'),
        command,
      ).toEqual(optionsOf(command).sort());
    }
    expect(complete('hecate record --da')).toEqual(['--data-dir']);
  });

  it.skipIf(skipped)('choices, after the option that has them', () => {
    expect(complete('hecate snapshot --format ')).toEqual(['csv', 'json', 'openmetrics', 'prometheus', 'table']);
    expect(complete('hecate analyze --format h')).toEqual(['html']);
    expect(complete('hecate snapshot --root x --format o')).toEqual(['openmetrics']);
    expect(complete('hecate completion ')).toEqual(expect.arrayContaining(['bash', 'fish', 'zsh']));
  });

  it.skipIf(skipped)('a list goes on after a comma', () => {
    expect(complete('hecate snapshot --only ')).toEqual(expect.arrayContaining([...COLLECTOR_NAMES]));
    expect(complete('hecate snapshot --only cpu,mem').map((reply) => reply.replace(/^cpu,/, ''))).toEqual(['memory']);
  });

  it.skipIf(skipped)('directories where a directory is wanted, files where a file is', () => {
    // zsh offers files too, after the directories.
    const offered = complete('hecate record --data-dir ').filter((reply) => name !== 'zsh' || !reply.includes('.'));
    expect(offered).toEqual(['a folder', 'b']);
    expect(complete('hecate analyze --output fi')).toEqual(['file.txt']);
  });

  it.skipIf(skipped)('after an option that takes anything, nothing is offered', () =>
    expect(complete('hecate record --count ')).toEqual([]),
  );
});
