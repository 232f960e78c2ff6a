import { CommanderError } from 'commander';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from './command-table.ts';
import { createProgram } from './program.ts';

/** What comes of a command line. */
interface Parsed {
  /** What the command would get. */
  readonly name?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** The words of a refusal. */
  readonly refused?: string;
  /** Help, where that was asked for. */
  readonly shown?: string;
}

/** Parses a command line, for a terminal of 80 columns. */
async function parse(...args: string[]): Promise<Parsed> {
  let received: { name: string; options: Readonly<Record<string, unknown>> } | undefined;
  let said = '';
  let shown = '';
  const program = createProgram('1.2.3', async (name, options) => {
    received = { name, options };
  });
  const quiet = (command: Command): void => {
    command.exitOverride().configureOutput({
      getOutHelpWidth: () => 80,
      writeOut: (text) => {
        shown += text;
      },
      writeErr: (text) => {
        said += text;
      },
    });
    command.commands.forEach(quiet);
  };
  quiet(program);
  try {
    await program.parseAsync(['node', 'hecate', ...args]);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { refused: said, shown };
  }
  return received ?? {};
}

describe('the table of commands', () => {
  it('gives each command its fallbacks', async () => {
    expect(await parse('serve')).toEqual({ name: 'serve', options: { record: true, interval: 1, format: 'text' } });
    expect(await parse('record')).toEqual({ name: 'record', options: { interval: 1, buffer: 60, source: 'self', format: 'text' } });
    const shell = 'zsh';
    expect(await parse('completion', shell)).toEqual({ name: 'completion', options: { shell } });
  });

  it('understands numbers, lists, flags and both ways to give a value', async () => {
    expect((await parse('serve', '--port=0', '--no-record', '--interval', '0.5')).options).toMatchObject({
      port: 0,
      record: false,
      interval: 0.5,
    });
    expect((await parse('snapshot', '--only', ' cpu, memory,')).options).toMatchObject({ only: ['cpu', 'memory'] });
    expect((await parse('record', '--interval', '1e1', '--count', '2')).options).toMatchObject({ interval: 10, count: 2 });
  });

  it('knows operands: those that may be left out, those that are not shown, and command lines', async () => {
    expect((await parse('changes')).options).toEqual({ action: 'list', id: [], format: 'text' });
    expect((await parse('changes', 'show', '7')).options).toMatchObject({ action: 'show', id: ['7'] });
    expect((await parse('changes', 'guard', '7')).options).toMatchObject({ action: 'guard', id: ['7'] });
    expect((await parse('tune', 'run', '--profile', 'gaming', '--', 'game', '--full', '-x')).options).toMatchObject({
      action: 'run',
      words: ['game', '--full', '-x'],
      profile: 'gaming',
    });
    expect((await parse('tune', 'prove', '--change', 'a,b=1', '--change', 'c=2')).options).toMatchObject({ change: ['a,b=1', 'c=2'] });
    expect((await parse('tune')).options).not.toHaveProperty('change');
  });

  it.each([
    [['changes', 'shwo', '7'], 'There is no shwo. Did you mean show?'],
    [['changes', 'guards'], 'Choose from list, show, confirm, rollback, verify, recover.'],
    [['record', '--interval', '0.05'], 'at least 0.1'],
    [['record', '--interval', 'NaN'], 'a number'],
    [['record', '--interval', ' '], 'a number'],
    [['serve', '--port', '65536'], 'at most 65535'],
    [['serve', '--port', '-1'], 'at least 0'],
    [['serve', '--port', '80.5'], 'whole number'],
    [['record', '--buffer', '0'], 'at least 1'],
    [['record', '--buffer', '4000'], 'at most 3600'],
    [['snapshot', '--only', 'nonsense'], 'There is no nonsense. Choose from host, cpu, '],
  ])('%j is refused: %s', async (args, words) => expect((await parse(...args)).refused).toContain(words));

  it('a word that is nearly a choice is answered with that one, and with where the others are', async () => {
    const { refused } = await parse('snapshot', '--only', 'cpuu');
    expect(refused).toContain('There is no cpuu. Did you mean cpu?\n(hecate snapshot --help lists what there is)');
    expect(refused).not.toContain('memory');
  });

  it.each(['', ...COMMANDS.map(({ name }) => name)])('hecate %s --help fits 80 columns, and breaks no command line', async (name) => {
    const { shown } = await parse(...(name === '' ? [] : [name]), '--help');
    expect(shown!.split('\n').filter((line) => line.length > 80)).toEqual([]);
    for (const [line, does] of COMMANDS.find((command) => command.name === name)?.examples ?? []) {
      const [, ...rests] = shown!.split(`\n  ${line}`);
      expect(
        rests.some((rest) => rest.trimStart().startsWith(does)),
        line,
      ).toBe(true);
    }
  });

  it('declares each command and each option once, with help, and names that a module can have', () => {
    const names = COMMANDS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, summary, description, operands = [], options, examples } of COMMANDS) {
      expect(name).toMatch(/^[a-z]+$/);
      expect(
        [summary, description].every((text) => text.length > 10),
        name,
      ).toBe(true);
      expect(description.endsWith('.'), name).toBe(true);
      expect(new Set(options.map(({ flags }) => flags)).size).toBe(options.length);
      for (const [index, operand] of operands.entries()) {
        expect(
          options.map(({ flags }) => flags.split(' ')[0]),
          name,
        ).not.toContain(`--${operand.name}`);
        expect(operand.help, operand.name).not.toMatch(/\.$/);
        expect(operand.variadic !== true || index === operands.length - 1, 'only the last one takes what is left').toBe(true);
      }
      for (const { flags, help, kind } of options) {
        expect(flags).toMatch(kind === 'flag' ? /^--[a-z-]+$/ : /^--[a-z-]+ <[a-z]+>$/);
        expect(help, flags).not.toMatch(/\.$/);
      }
      expect(examples.length, name).toBeGreaterThan(0);
    }
  });

  it('every example is a command line that parses', async () => {
    for (const { examples } of COMMANDS) {
      for (const [line] of examples) {
        const words = line
          .replace(/^source <\((.*)\)$/, '$1')
          .replace(/ > .*$/, '')
          .split(' ')
          .slice(1);
        expect(await parse(...words), line).toMatchObject({ name: words[0] });
      }
    }
  });
});
