import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../packages/cli/src/command-table.ts';
import { run, start, temporary } from './cli.testing.ts';
import { root } from './source-tree.testing.ts';

const { version } = JSON.parse(readFileSync(join(root, 'packages/cli/package.json'), 'utf8')) as { version: string };
const names = COMMANDS.map(({ name }) => name);

describe('help and version', () => {
  it.each(['--version', '-V'])('%s prints the version and nothing else', async (option) => {
    expect(await run([option])).toEqual({ status: 0, signal: null, stdout: `${version}\n`, stderr: '' });
  });

  it.each(['--help', '-h', 'help'])('%s lists every command, with examples', async (option) => {
    const { status, stdout, stderr } = await run([option]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const { name, summary } of COMMANDS)
      expect(stdout).toMatch(new RegExp(`^  ${name} .*${summary.slice(0, 20).replaceAll('/', '\\/')}`, 'm'));
    expect(stdout).toContain('\nExamples:\n  hecate ');
  });

  it.each(names)('%s --help names every option and has examples that parse', async (name) => {
    const { status, stdout, stderr } = await run([name, '--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { options, examples } = COMMANDS.find((command) => command.name === name)!;
    for (const { flags } of options) expect(stdout).toContain(`  ${flags} `);
    expect(examples.length).toBeGreaterThan(0);
    for (const [line] of examples) expect(stdout).toContain(`  ${line}`);
    expect(await run(['help', name])).toEqual({ status: 0, signal: null, stdout, stderr: '' });
  });

  it('every option that an example uses exists', () => {
    for (const { name, examples, options } of COMMANDS) {
      for (const [line] of examples) {
        const known = new Set(options.map(({ flags }) => flags.split(' ')[0]));
        for (const option of line.match(/(?<= )--[a-z-]+/g) ?? []) expect(known, `${name}: ${line}`).toContain(option);
      }
    }
  });

  it('alone, says what there is, on standard error, with status 2', async () => {
    const { status, stdout, stderr } = await run([]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: hecate/);
    for (const name of names) expect(stderr).toContain(`  ${name} `);
  });
});

describe('a command line that is wrong', () => {
  it.each([
    [['snapshott'], /unknown command 'snapshott'/, /Did you mean snapshot\?/],
    [['help', 'snapshott'], /'snapshott' is invalid/, /snapshot, record, analyze/],
    [['snapshot', '--intervall', '1'], /unknown option '--intervall'/, /Did you mean --interval\?/],
    [['record', '--data-dirr', 'x'], /unknown option '--data-dirr'/, /Did you mean --data-dir\?/],
    [['snapshot', '--format', 'yaml'], /'yaml' is invalid/, /table, json, csv, prometheus, openmetrics/],
    [['snapshot', '--format'], /argument missing/, /--format <format>/],
    [['snapshot', '--interval', 'soon'], /'soon' is invalid/, /must be a number/],
    [['snapshot', '--interval', ''], /'' is invalid/, /must be a number/],
    [['snapshot', '--interval', '-1'], /'-1' is invalid/, /at least 0/],
    [['snapshot', '--interval', 'Infinity'], /'Infinity' is invalid/, /must be a number/],
    [['snapshot', '--interval', '1e9'], /'1e9' is invalid/, /at most 86400/],
    [['snapshot', '--only', 'cpu,memry'], /'cpu,memry' is invalid/, /There is no memry.*memory/],
    [['snapshot', '--only', ','], /',' is invalid/, /at least one/],
    [['snapshot', 'surplus'], /too many arguments/, /./],
    [['record', '--count', '1.5'], /'1.5' is invalid/, /whole number/],
    [['record', '--count', '0'], /'0' is invalid/, /at least 1/],
    [['record', '--interval', '0'], /'0' is invalid/, /at least 0.1/],
    [['serve', '--port', '70000'], /70000/, /65535/],
    [['serve', '--port', 'http'], /'http' is invalid/, /whole number/],
    [['completion'], /missing required argument 'shell'/, /./],
    [['completion', 'tcsh'], /'tcsh' is invalid/, /bash, zsh, fish/],
    [['--nonsense'], /unknown option '--nonsense'/, /./],
  ])('hecate %j: status 2, a sentence and what would be right on standard error', async (args, what, hint) => {
    const { status, stdout, stderr } = await run(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^hecate: /);
    expect(stderr).toMatch(what);
    expect(stderr).toMatch(hint);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr.split('\n').length).toBeLessThanOrEqual(4);
  });
});

describe('errors', () => {
  const empty = temporary('empty');
  const file = join(root, 'package.json');
  it.each([
    ['a root that is missing', ['snapshot', '--root', join(empty, 'missing')], 2],
    ['a start date that is none', ['analyze', '--start-date', 'yesterday'], 2],
    ['nothing recorded', ['analyze', '--data-dir', empty], 4],
    ['a data directory that is a file', ['analyze', '--data-dir', file], 2],
    ['recording into a file', ['record', '--data-dir', file], 2],
    ['a source that is none', ['record', '--source', 'nowhere', '--data-dir', empty], 2],
    ['an address of another machine', ['serve', '--host', '192.0.2.77', '--port', '0', '--no-record'], 2],
  ])('%s: its own status, two lines at most, no stack trace', async (_what, args, expected) => {
    const { status, stdout, stderr } = await run(args);
    expect({ status, stdout }).toEqual({ status: expected, stdout: '' });
    expect(stderr).toMatch(/^hecate: \S.*[.!]\n( {8}\S.*[.?]\n)?$/);
  });

  it('HECATE_DEBUG=1 adds where it happened', async () => {
    const { stderr } = await run(['snapshot', '--root', join(empty, 'missing')], { env: { HECATE_DEBUG: '1' } });
    expect(stderr).toMatch(/^hecate: .*\n.*\n.*HecateError: [\s\S]*\n\s+at /);
  });
});

describe('what is printed where', () => {
  const text = ['snapshot', '--interval', '0'];
  // Built, not written: the character itself must not stand in a source.
  const escape = new RegExp(String.fromCodePoint(27));

  it.each([[{}], [{ NO_COLOR: '1' }], [{ TERM: 'dumb' }], [{ TERM: 'xterm-256color' }]])(
    'no escape codes into a pipe with %j',
    async (env) => {
      const { status, stdout } = await run(text, { env });
      expect(status).toBe(0);
      expect(stdout).not.toMatch(escape);
    },
  );

  it('FORCE_COLOR brings colours into a pipe, FORCE_COLOR=0 does not', async () => {
    expect((await run(text, { env: { FORCE_COLOR: '1' } })).stdout).toMatch(escape);
    expect((await run(text, { env: { FORCE_COLOR: '0' } })).stdout).not.toMatch(escape);
  });

  it('only ASCII of our own where the locale has nothing else', async () => {
    const { stdout } = await run([...text, '--only', 'cpu,memory,load,pressure'], { env: { LC_ALL: 'C' } });
    expect(stdout).toContain('CPU');
    expect(Buffer.from(stdout).every((byte) => byte < 128)).toBe(true);
  });

  it.each([text, ['snapshot'], ['doctor']])('no line is wider than a terminal of 80 columns: %j', async (...args) => {
    const { stdout } = await run(args);
    expect(stdout.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
  });

  it.each(['json', 'prometheus', 'table'])('a reader that closes the pipe early ends it quietly (%s)', async (format) => {
    const running = start(['snapshot', '--format', format, '--interval', '0']);
    running.child.stdout.destroy();
    const { status, stderr } = await running.ended();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('a closed standard input does not matter', async () => {
    const running = start(['snapshot', '--only', 'load', '--interval', '0', '--format', 'csv']);
    running.child.stdin.destroy();
    expect((await running.ended()).status).toBe(0);
  });
});

describe('doctor', () => {
  it('says of every collector how it went, and what would help', async () => {
    const { status, stdout, stderr } = await run(['doctor', '--format', 'json']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { collectors, node } = JSON.parse(stdout) as {
      node: string;
      collectors: { collector: string; state: string; gaps: unknown[]; remedy: string | null }[];
    };
    expect(node).toBe(process.version);
    for (const name of process.platform === 'linux' ? ['cpu', 'memory', 'processes'] : []) {
      expect(collectors.find(({ collector }) => collector === name)?.state).toMatch(/^reads/);
    }
    for (const { state, gaps, remedy } of collectors) {
      expect(remedy === null).toBe((state === 'reads' || state === 'on request') && gaps.length === 0);
    }
    const table = (await run(['doctor'])).stdout;
    for (const { collector } of collectors) expect(table).toMatch(new RegExp(`\\b${collector}\\b`));
  });
});
