import { CommanderError } from 'commander';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from './command-table.ts';
import { createProgram } from './program.ts';

/** Parses a command line and returns what the command would get; the words of a refusal otherwise. */
async function parse(...args: string[]): Promise<{ name?: string; options?: Readonly<Record<string, unknown>>; refused?: string }> {
  let received: { name: string; options: Readonly<Record<string, unknown>> } | undefined;
  let said = '';
  const program = createProgram('1.2.3', async (name, options) => {
    received = { name, options };
  });
  const quiet = (command: Command): void => {
    command.exitOverride().configureOutput({
      writeOut: () => undefined,
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
    return { refused: said };
  }
  return received ?? {};
}

describe('the table of commands', () => {
  it('gives each command its fallbacks', async () => {
    expect(await parse('serve')).toEqual({ name: 'serve', options: { host: '127.0.0.1', port: 9095, record: true, interval: 1 } });
    expect(await parse('record')).toEqual({ name: 'record', options: { interval: 1, buffer: 60, source: 'self' } });
    expect(await parse('completion', 'zsh')).toEqual({ name: 'completion', options: { argument: 'zsh' } });
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

  it.each([
    [['record', '--interval', '0.05'], 'at least 0.1'],
    [['record', '--interval', 'NaN'], 'a number'],
    [['record', '--interval', ' '], 'a number'],
    [['serve', '--port', '65536'], 'at most 65535'],
    [['serve', '--port', '-1'], 'at least 0'],
    [['serve', '--port', '80.5'], 'whole number'],
    [['record', '--buffer', '0'], 'at least 1'],
    [['record', '--buffer', '4000'], 'at most 3600'],
    [['snapshot', '--only', 'gpu'], 'There is no gpu'],
  ])('%j is refused: %s', async (args, words) => expect((await parse(...args)).refused).toContain(words));

  it('declares each command and each option once, with help, and names that a module can have', () => {
    const names = COMMANDS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, summary, description, options, examples } of COMMANDS) {
      expect(name).toMatch(/^[a-z]+$/);
      expect(
        [summary, description].every((text) => text.length > 10),
        name,
      ).toBe(true);
      expect(description.endsWith('.'), name).toBe(true);
      expect(new Set(options.map(({ flags }) => flags)).size).toBe(options.length);
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
