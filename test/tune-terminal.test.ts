// What `hecate tune apply` asks whoever sits in front of a terminal, and what becomes of the answers.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { eventually, start } from './cli.testing.ts';
import type { Running } from './cli.testing.ts';
import { guardsOf, makeTunedTree, PROFILES, withProfiles } from './tuned-tree.testing.ts';
import type { TunedTree } from './tuned-tree.testing.ts';

/** Runs a program in a terminal of its own, which gets what we write. */
const TERMINAL = ['python3', '-c', 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))'];
const isMissing = spawnSync('python3', ['-c', 'import pty']).status !== 0;
if (isMissing) console.warn('Skipped: there is no python3 here, which makes the terminal. Debian: apt-get install python3.');

const env = withProfiles(PROFILES);
const apply = (tree: TunedTree, ...more: string[]): Running =>
  start(['tune', 'apply', '--root', tree.root, '--profile', 'first', ...more], {
    env: { ...env, TERM: 'xterm', NO_COLOR: '1' },
    wrap: TERMINAL,
  });

describe.skipIf(isMissing)('on a terminal', () => {
  it('shows the plan and asks before anything is changed', async () => {
    const tree = makeTunedTree();
    const before = tree.picture();
    for (const answer of ['n\n', '\n', 'perhaps\n', '\u0004']) {
      const asked = apply(tree);
      await asked.until(/vm\.swappiness {2}60 -> 10[^]*Make these 2 changes\? \[y\/N\] /);
      asked.child.stdin.write(answer);
      const { status, stdout } = await asked.ended();
      expect(status, answer).toBe(1);
      expect(stdout).toContain('Nothing was changed');
      expect(tree.picture()).toEqual(before);
    }
    const asked = apply(tree);
    await asked.until(/\[y\/N\] /);
    asked.child.stdin.write('y\n');
    expect((await asked.ended()).status).toBe(0);
    expect(tree.read('vm.swappiness')).toBe('10');
  });

  it('asks whether changes shall stay, and keeps them after a yes', async () => {
    const tree = makeTunedTree();
    const asked = apply(tree, '--yes', '--confirm', '60');
    await asked.until(/Keep these changes\? They go back in 1 min\. \[y\/N\] /);
    expect(tree.read('vm.swappiness')).toBe('10');
    asked.child.stdin.write('yes\n');
    expect(await asked.ended()).toMatchObject({ status: 0, stdout: expect.stringContaining('Change 1 stays.') });
    await eventually(() => guardsOf(tree).length === 0, 'the guard has ended');
    expect(tree.read('vm.swappiness')).toBe('10');
  });

  it.each([
    ['a no', 60, 'n\n', 'It was not wanted.'],
    ['Ctrl-C', 60, '\u0003', 'It was not wanted.'],
    ['no answer', 1, null, 'It was not confirmed in time.'],
  ])('takes them back after %s', async (_name, seconds, answer, why) => {
    const tree = makeTunedTree();
    const before = tree.picture();
    const asked = apply(tree, '--yes', '--confirm', String(seconds));
    await asked.until(/Keep these changes\? .* \[y\/N\] /);
    if (answer !== null) asked.child.stdin.write(answer);
    expect(await asked.ended()).toMatchObject({ status: 7, stdout: expect.stringContaining(why) });
    expect(tree.picture()).toEqual(before);
    await eventually(() => guardsOf(tree).length === 0, 'the guard has ended');
  });

  it('takes them back when the terminal is gone', async () => {
    const tree = makeTunedTree();
    const before = tree.picture();
    const asked = apply(tree, '--yes', '--confirm', '3');
    await asked.until(/Keep these changes\? .* \[y\/N\] /);
    await asked.end('SIGKILL');
    await eventually(() => guardsOf(tree).length === 0, 'the guard has ended');
    expect(tree.picture()).toEqual(before);
  });
});
