import { describe, expect, test } from 'vitest';
import { kernel, memory } from '../detect/machine-tree.testing.ts';
import type { Tree } from '../detect/machine-tree.testing.ts';
import { x86 } from '../detect/processor-tree.testing.ts';
import { brief, importOn, profiles, reasons } from './tuned-tree.testing.ts';

const machine = {
  ...kernel('6.12.1', 'x86_64'),
  ...memory(4096),
  ...x86({ vendor: 'AuthenticAMD', family: 25, model: 1, name: 'EPYC', cores: 2 }),
};
const on = (files: Tree) => importOn({ ...machine, ...files });
const knobs = async (files: Tree): Promise<string[]> => (await on(files)).profile.knobs.map(brief);
const swappiness = (value: number): string => `sysctl {"key":"vm.swappiness"} ${value}`;

describe('included profiles', () => {
  test('come first; units of one name add up, and can replace, drop and be switched off', async () => {
    const files = profiles({
      one: '[main]\nsummary=One.\ninclude=two, three\n[sysctl]\nvm.swappiness=1\ndrop=vm.dirty_ratio, vm.dirty_background_ratio\n[vm]\nreplace=1\ntransparent_hugepages=never\n[cpu]\nenabled=0\n[script]\nscript=a.sh',
      two: '[main]\nsummary=Two\n[sysctl]\nvm.dirty_ratio=2\nvm.swappiness=2\n[vm]\ntransparent_hugepage.defrag=never\n[cpu]\ngovernor=performance\n[script]\nscript=../b.sh',
      three: '[main]\ninclude=two\n[sysctl]\nvm.swappiness=3\nvm.dirty_background_ratio=3\nvm.stat_interval=3',
    });
    const { profile, ignored } = await on(files);
    expect(profile.knobs.map(brief)).toEqual([swappiness(1), 'sysctl {"key":"vm.stat_interval"} 3', 'hugepage-mode {} "never"']);
    expect(profile.knobs[0]!.source).toBe('/usr/lib/tuned/one/tuned.conf:5 [sysctl]');
    expect(profile.knobs[1]!.source).toBe('/usr/lib/tuned/three/tuned.conf:6 [sysctl]');
    expect(profile).toMatchObject({
      name: 'tuned-one',
      title: 'tuned: one',
      summary: 'One. Imported from /usr/lib/tuned/one/tuned.conf for this machine.',
      include: null,
    });
    expect(ignored.map(({ setting }) => setting)).toEqual([
      'governor = performance',
      'script = /usr/lib/tuned/b.sh /usr/lib/tuned/one/a.sh',
    ]);
  });

  test('keep what chooses machines, unless the later one chooses anew', async () => {
    const files = (regex: string): Tree =>
      profiles({
        one: `[main]\ninclude=two\n[sysctl]\n${regex}vm.swappiness=1\n[vm]\ntransparent_hugepages=never`,
        two: '[sysctl]\ncpuinfo_regex=Intel\n[vm]\nuname_regex=aarch64',
      });
    expect(await knobs(files(''))).toEqual([]);
    expect(await knobs(files('cpuinfo_regex=EPYC\n'))).toEqual([swappiness(1)]);
  });

  test('the later directory is the stronger one, and its profile can build on the one of its own name', async () => {
    const files = {
      ...profiles({ one: '[main]\nsummary=weak\n[sysctl]\nvm.swappiness=1\nvm.dirty_ratio=1' }),
      'etc/tuned/one/tuned.conf': '[main]\nsummary=strong\n[sysctl]\nvm.swappiness=2',
    };
    expect(await knobs(files)).toEqual([swappiness(2)]);
    const built = { ...files, 'etc/tuned/one/tuned.conf': '[main]\ninclude=one\n[sysctl]\nvm.swappiness=3' };
    expect(await knobs(built)).toEqual([swappiness(3), 'sysctl {"key":"vm.dirty_ratio"} 1']);
  });

  test('can be chosen by a function, and may be missing behind a dash', async () => {
    const files = profiles({ one: '[main]\ninclude=${f:virt_check:guest:iron};-none\n', iron: '[sysctl]\nvm.swappiness=7' });
    expect(await knobs(files)).toEqual([swappiness(7)]);
    expect(reasons(await on(files))).toEqual([
      'include = ${f:virt_check:guest:iron};-none: There is no profile none, which does not matter: it is included with a dash.',
    ]);
  });

  test('that lead back to themselves are read once', async () => {
    const files = profiles({
      one: '[main]\ninclude=two\n[sysctl]\nvm.swappiness=1',
      two: '[main]\ninclude=one\n[sysctl]\nvm.dirty_ratio=2',
    });
    expect(await knobs(files)).toEqual(['sysctl {"key":"vm.dirty_ratio"} 2', swappiness(1)]);
    expect(reasons(await on(files))).toEqual(['include = one: The profile one includes itself.']);
    expect(reasons(await on(profiles({ one: '[main]\ninclude=one' })))).toEqual(['include = one: The profile one includes itself.']);
  });

  test('that hang on a program are left out', async () => {
    expect(reasons(await on(profiles({ one: '[main]\ninclude=${f:exec:id}' })))).toEqual([
      'include = ${f:exec:id}: It is the output of a program (id), and the programs of a profile are never run.',
    ]);
  });
});

describe('files of variables', () => {
  const one = (file: string): Tree => profiles({ one: `[variables]\ninclude=${file}\nb=\${a}\n[sysctl]\nvm.swappiness=\${b}` });

  test('are read from the directories of tuned', async () => {
    const files = { ...one('/etc/tuned/one.conf'), 'etc/tuned/one.conf': '# mine\na=4\nnothing\n' };
    expect(await knobs(files)).toEqual([swappiness(4)]);
  });

  test.each([
    ['/etc/tuned/none.conf', '/etc/tuned/none.conf cannot be read (ENOENT).'],
    ['/etc/tuned', 'It is read from /usr/lib/tuned, /usr/lib/tuned/profiles, /etc/tuned, /etc/tuned/profiles only.'],
    ['/etc/tuned/../shadow', 'It is read from /usr/lib/tuned, /usr/lib/tuned/profiles, /etc/tuned, /etc/tuned/profiles only.'],
  ])('%s is left out', async (file, why) => {
    expect(reasons(await on({ ...one(file), 'etc/shadow': 'a=5\n' }))).toEqual([
      `include = ${file}: ${why}`,
      'vm.swappiness = ${b}: The variable ${a} has no value.',
    ]);
  });
});
