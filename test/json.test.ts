// Every command for programs: with --format json, standard output is JSON of the shape that docs/json.md tells, and errors are too.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../packages/cli/src/command-table.ts';
import { createHwmonTree, DESKTOP } from '../packages/tune/src/fan/hwmon-tree.testing.ts';
import { run, start, temporary } from './cli.testing.ts';
import type { Ended } from './cli.testing.ts';
import { root } from './source-tree.testing.ts';
import { makeTunedTree, PROFILES, withProfiles } from './tuned-tree.testing.ts';

/** They print what is no answer: a script for a shell. */
const EXEMPT = ['completion'];
/** What changes this machine, or prints what another program prints: not tried here. */
const UNTRIED = ['service install', 'service uninstall', 'tune run', 'tune prove', 'tune learn'];

const page = readFileSync(join(root, 'docs', 'json.md'), 'utf8');
/** The rows of the page: what is behind the command line. */
const told = new Map(
  [...page.matchAll(/^\| `hecate ([^`]+)` \| (.+) \|$/gm)].map(([, line, shape]) => [line as string, shape as string] as const),
);

/** The commands, with their actions where they have some: `alerts list`. */
const lines = COMMANDS.flatMap(({ name, operands = [] }) => {
  const actions = operands.find((operand) => operand.name === 'action')?.choices;
  return EXEMPT.includes(name) ? [] : actions ? actions.map((action) => `${name} ${action}`) : [name];
});

const tree = makeTunedTree({
  'usr/lib/tuned/profiles/mine/tuned.conf': '[main]\nsummary=Mine\n[sysctl]\nvm.swappiness=10\n[script]\nscript=x.sh\n',
});
const data = temporary('data');
const env = { ...withProfiles(PROFILES), HECATE_DATA_DIR: data, XDG_STATE_HOME: temporary('state'), TERM: 'dumb' };
const json = (...args: readonly string[]): Promise<Ended> => run([...args, '--format', 'json'], { env, seconds: 120 });
const onTree = (...args: readonly string[]): Promise<Ended> => json(...args, '--root', tree.root);
/** The keys of an answer; of a list or of lines, those of what is in it. Nothing of a list that is empty. */
function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) return keysOf(value[0]);
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

/** That the page tells an answer: whether it is a list, and each of its keys, unless it says which other page has them. */
function expectTold(line: string, value: unknown): void {
  const shape = told.get(line);
  expect(shape, `docs/json.md has a row for ${line}`).toBeDefined();
  if (Array.isArray(value)) expect(shape, line).toMatch(/^a list/);
  if (shape!.includes('](')) return;
  const named = [...shape!.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  for (const key of keysOf(value)) expect(named, `docs/json.md on ${line}`).toContain(key);
}

/** Runs a line to its end: JSON on standard output, no error. `statuses` are those that are no failure. */
async function answer(line: string, ended: Promise<Ended>, statuses: readonly number[] = [0]): Promise<unknown> {
  const { status, stdout, stderr } = await ended;
  expect(statuses, `${line} ends with ${status}: ${stderr}`).toContain(status);
  const value = JSON.parse(stdout) as unknown;
  expectTold(line, value);
  return value;
}

const tried = new Set<string>();
const covers = (...names: readonly string[]): void => names.forEach((name) => tried.add(name));

describe('the table of commands', () => {
  it.each(COMMANDS.filter(({ name }) => !EXEMPT.includes(name)))('$name takes --format json', ({ options }) =>
    expect(options.find(({ flags }) => flags === '--format <format>')?.choices).toContain('json'),
  );
  it('is told whole in docs/json.md, and nothing else is', () => expect([...told.keys()].toSorted()).toEqual([...lines].toSorted()));
});

describe('answers', () => {
  it('of looking', async () => {
    covers('top', 'snapshot', 'doctor', 'token', 'watch');
    await answer('top', json('top', '--limit', '3'));
    await answer('snapshot', onTree('snapshot', '--only', 'cpu,memory'));
    await answer('doctor', onTree('doctor'));
    await answer('token', json('token'));
    const watched = await json('watch', '--pid', '4194304');
    expect(watched.status).toBe(0);
    for (const line of watched.stdout.trimEnd().split('\n')) expectTold('watch', JSON.parse(line));
  });

  it('of recording, and of what was recorded', async () => {
    covers('record', 'analyze', 'replay');
    const recorded = await answer('record', json('record', '--count', '7', '--interval', '0.2'));
    expect(recorded).toMatchObject({ dataDir: data, rows: 7, skipped: expect.any(Number) });
    const day = readdirSync(data).find((name) => name.endsWith('.csv')) ?? '';
    const time = readFileSync(join(data, day), 'utf8').trimEnd().split('\n').at(-1)!.split(',', 1)[0]!;
    // A whole second of which there is a row not long before, and that has passed.
    const last = Math.floor(Date.parse(time) / 1000);
    await answer('analyze', json('analyze', '--start-date', day.slice(0, 10)));
    await answer('replay', json('replay', String(last)));
    const steps = await json('replay', String(last - 1), '--to', String(last), '--step', '1');
    expect(steps.stderr).toBe('');
    for (const line of steps.stdout.trimEnd().split('\n')) expectTold('replay', JSON.parse(line));
  });

  it('of the daemon, and of those who ask it', async () => {
    covers('serve', 'alerts list', 'alerts history', 'alerts silence', 'alerts test');
    const daemon = start(['serve', '--port', '0', '--no-record', '--format', 'json'], { env });
    const [line] = await daemon.until(/^\{.*\}\n/);
    const { url } = JSON.parse(line) as { url: string };
    expectTold('serve', JSON.parse(line));
    const ask = (...args: readonly string[]): Promise<Ended> => json('alerts', ...args, '--url', url);
    await answer('alerts list', ask('list', '--all'));
    await answer('alerts history', ask('history'));
    await answer('alerts silence', ask('silence', 'disk_space'));
    await answer('alerts test', ask('test'));
    expect(daemon.stdout()).toBe(line);
    expect(await daemon.end()).toMatchObject({ status: 0 });
  });

  it('of tuning a machine of files', async () => {
    covers('tune status', 'tune detect', 'tune profiles', 'tune plan', 'tune diff', 'tune apply', 'tune verify', 'tune rollback');
    covers('changes list', 'changes show', 'changes confirm', 'changes verify', 'changes recover', 'changes rollback', 'tune import');
    await answer('tune detect', onTree('tune', 'detect'));
    await answer('tune profiles', json('tune', 'profiles'));
    await answer('tune plan', onTree('tune', 'plan', '--profile', 'first'));
    await answer('tune diff', onTree('tune', 'diff', '--profile', 'first'), [1]);
    await answer('tune apply', onTree('tune', 'apply', '--profile', 'first'));
    await answer('tune status', onTree('tune', 'status'));
    await answer('tune verify', onTree('tune', 'verify'));
    await answer('changes list', onTree('changes', 'list'));
    await answer('changes show', onTree('changes', 'show', '1'));
    await answer('changes verify', onTree('changes', 'verify'));
    await answer('tune rollback', onTree('tune', 'rollback'));
    await onTree('tune', 'apply', '--profile', 'first', '--confirm', '600');
    await answer('changes confirm', onTree('changes', 'confirm', '2'));
    await answer('changes rollback', onTree('changes', 'rollback', '2'));
    await answer('changes recover', onTree('changes', 'recover'));
    await answer('tune import', onTree('tune', 'import', 'tuned:mine'));
  });

  it('of fans', async () => {
    covers('fan status', 'fan set', 'fan curve', 'fan auto');
    const desk = createHwmonTree(DESKTOP);
    const onDesk = (...args: readonly string[]): Promise<Ended> => json('fan', ...args, '--root', desk.root);
    try {
      await answer('fan status', onDesk('status'));
      const curve = ['--sensor', 'Tctl', '--points', '40:20,80:100'];
      for (const words of [
        ['set', 'fan1', '50%'],
        ['curve', 'fan1', ...curve],
      ]) {
        const { stdout } = await onDesk(...words, '--for', '0.1s');
        for (const line of stdout.trimEnd().split('\n')) expectTold(`fan ${words[0]}`, JSON.parse(line));
      }
      await answer('fan auto', onDesk('auto'));
    } finally {
      desk.remove();
    }
  });

  it('of exports and the service', async () => {
    covers('export list', 'export test', 'service status', 'service print');
    const config = temporary('config');
    mkdirSync(join(config, 'hecate'));
    writeFileSync(join(config, 'hecate', 'config.toml'), '[[export]]\nname = "gone"\ntype = "graphite"\naddress = "127.0.0.1:1"\n');
    const configured = { env: { ...env, XDG_CONFIG_HOME: config } };
    await answer('export list', run(['export', '--format', 'json'], configured));
    await answer('export test', run(['export', 'test', '--format', 'json'], configured), [1]);
    await answer('service status', json('service', 'status'), [0, 1]);
    await answer('service print', json('service', 'print'));
  });

  it('were all tried', () => expect(lines.filter((line) => !tried.has(line)).toSorted()).toEqual(UNTRIED.toSorted()));
});

describe('errors', () => {
  const cases: readonly (readonly [args: readonly string[], status: number, code: string])[] = [
    [['snapshot', '--nonsense'], 2, 'INVALID'],
    [['snapshot', '--only', 'cpus'], 2, 'INVALID'],
    [['nonsense'], 2, 'INVALID'],
    [['tune', 'aply'], 2, 'INVALID'],
    [['record', '--interval', '0'], 2, 'INVALID'],
    [['analyze', '--start-date', 'x'], 2, 'INVALID'],
    [['analyze', '--data-dir', '/nowhere'], 4, 'UNAVAILABLE'],
    [['replay', 'never'], 2, 'INVALID'],
    [['alerts', '--url', 'http://127.0.0.1:1'], 4, 'UNAVAILABLE'],
    [['export', 'test', 'x'], 2, 'INVALID'],
    [['changes', 'show', '99'], 2, 'INVALID'],
    [['tune', 'rollback'], 4, 'UNAVAILABLE'],
  ];
  it.each(cases)('%j', async (args, status, code) => {
    for (const form of [['--format', 'json'], ['--format=json']]) {
      const ended = await run([...args, ...form], { env: { ...env, XDG_STATE_HOME: temporary('state') } });
      expect({ status: ended.status, stdout: ended.stdout }, ended.stderr).toEqual({ status, stdout: '' });
      expect(ended.stderr).toMatch(/^\{.*\}\n$/);
      const { error } = JSON.parse(ended.stderr) as { error: Record<string, unknown> };
      expect(Object.keys(error)).toEqual(['code', 'message', 'hint']);
      expect(error).toMatchObject({ code, message: expect.stringMatching(/^\S.*$/) });
    }
    const plain = await run(args, { env: { ...env, XDG_STATE_HOME: temporary('state') } });
    expect(plain.stderr).toMatch(/^hecate: /);
  });

  it('are sentences where --format json is a word of another program', async () => {
    const { stderr } = await run(['tune', 'prove', '--root', '/nowhere', '--', 'x', '--format', 'json'], { env });
    expect(stderr).toMatch(/^hecate: /);
  });
});
