import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { nearestNames } from '@hecate/host';
import { COMMANDS } from './command-table.ts';
import type { CommandDeclaration, OperandDeclaration, OptionDeclaration } from './command-table.ts';

/** Runs a command with its parsed options, and its operands under their names among them. */
export type RunCommand = (name: string, options: Readonly<Record<string, unknown>>) => Promise<void>;

function parseNumber({ kind, least, most }: OptionDeclaration): (text: string) => number {
  return (text) => {
    const value = Number(text);
    const whole = kind === 'integer';
    if (text.trim() === '' || !Number.isFinite(value) || (whole && !Number.isInteger(value))) {
      throw new InvalidArgumentError(`It must be a ${whole ? 'whole number' : 'number'}.`);
    }
    if (least !== undefined && value < least) throw new InvalidArgumentError(`It must be at least ${least}.`);
    if (most !== undefined && value > most) throw new InvalidArgumentError(`It must be at most ${most}.`);
    return value;
  };
}

/** As many choices fit on two lines. */
const FEW = 12;

/** What is said of a word that is none of the choices. Who meant one of them does not want to read dozens of others; the help has them. */
function choiceText(wrong: string, choices: readonly string[]): string {
  const [near] = nearestNames(wrong, choices);
  const guess = near === undefined ? [] : [`Did you mean ${near}?`];
  const all = near === undefined || choices.length <= FEW ? [`Choose from ${choices.join(', ')}.`] : [];
  return [`There is no ${wrong}.`, ...guess, ...all].join(' ');
}

function parseList({ choices }: OptionDeclaration): (text: string) => string[] {
  return (text) => {
    const names = text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    const wrong = choices && names.find((name) => !choices.includes(name));
    if (wrong !== undefined) throw new InvalidArgumentError(choiceText(wrong, choices!));
    if (names.length === 0) throw new InvalidArgumentError('It must name at least one.');
    return names;
  };
}

function createOption(declaration: OptionDeclaration): Option {
  const option = new Option(declaration.flags, declaration.help);
  if (declaration.fallback !== undefined) option.default(declaration.fallback);
  if (declaration.kind === 'repeated') return option.argParser<readonly string[] | undefined>((text, before) => [...(before ?? []), text]);
  if (declaration.kind === 'list') return option.argParser(parseList(declaration));
  if (declaration.kind === 'number' || declaration.kind === 'integer') return option.argParser(parseNumber(declaration));
  return declaration.choices ? option.choices(declaration.choices) : option;
}

function createArgument({ name, help, choices, hidden = [], fallback, variadic }: OperandDeclaration): Argument {
  if (variadic) return new Argument(`[${name}...]`, help);
  const argument = new Argument(fallback === undefined ? `<${name}>` : `[${name}]`, help);
  if (fallback !== undefined) argument.default(fallback);
  if (!choices) return argument;
  // `choices` is what the help lists; what is taken is decided here, so that a slip is answered with the nearest name.
  return argument.choices(choices).argParser((word: string) => {
    if (choices.includes(word) || hidden.includes(word)) return word;
    throw new InvalidArgumentError(choiceText(word, choices));
  });
}

/** Columns of the narrowest terminal that the help is written for. */
const HELP_WIDTH = 80;

/** Command lines with what they do: beside each other where they have room, else one below the other. A command line is never broken. */
function examplesText(examples: CommandDeclaration['examples']): string {
  const width = Math.max(...examples.map(([line]) => line.length));
  const beside = examples.map(([line, does]) => `  ${line.padEnd(width)}  ${does}`);
  const lines = beside.every((text) => text.length <= HELP_WIDTH)
    ? beside
    : examples.flatMap(([line, does]) => [`  ${line}`, `      ${does}`]);
  return `\nExamples:\n${lines.join('\n')}`;
}

/** The command line, from the table. Errors are thrown as commander's, not exited on; `quiet` leaves it to the caller to tell them. */
export function createProgram(version: string, run: RunCommand, quiet: boolean = false): Command {
  const program = new Command('hecate');
  program
    .description('Shows what a machine does, keeps it, and explains it.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    // Every error of hecate begins the same, whoever finds it.
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, 'hecate: ')),
      ...(quiet ? { writeErr: () => undefined } : {}),
    })
    .showSuggestionAfterError()
    .showHelpAfterError('(hecate --help lists what there is)')
    .exitOverride()
    .addHelpText(
      'after',
      examplesText([
        ['hecate snapshot', 'what this machine does now'],
        ['hecate serve', 'dashboard at http://127.0.0.1:9095/, recording'],
        ['hecate analyze', 'report on what was recorded today'],
      ]),
    );
  for (const declaration of COMMANDS) {
    const command = program.command(declaration.name).summary(declaration.summary).description(declaration.description);
    command.showHelpAfterError(`(hecate ${declaration.name} --help lists what there is)`);
    const operands = declaration.operands ?? [];
    for (const operand of operands) command.addArgument(createArgument(operand));
    for (const option of declaration.options) command.addOption(createOption(option));
    command.addHelpText('after', examplesText(declaration.examples));
    command.action(async (...received: unknown[]) => {
      const named = Object.fromEntries(operands.map(({ name }, place) => [name, received[place]]));
      await run(declaration.name, { ...command.opts(), ...named });
    });
  }
  // Commander's own help command answers an unknown name with the whole help and no word of what was wrong.
  program
    .command('help')
    .summary('print help for a command')
    .addArgument(new Argument('[command]', 'which command').choices([...COMMANDS.map(({ name }) => name), 'help']))
    .action((name?: string) => (program.commands.find((command) => command.name() === name) ?? program).help());
  return program;
}
