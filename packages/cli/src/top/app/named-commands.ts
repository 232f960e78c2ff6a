import { BOX_NAMES } from '../state.ts';
import type { BoxName, Command } from '../state.ts';

/** What a part of the help is about. */
export type CommandGroup = 'list' | 'process' | 'time' | 'boxes' | 'program';

/** A command that a key can have, under the name that `[top.keys]` of config.toml calls it by. */
export interface NamedCommand {
  readonly name: string;
  readonly group: CommandGroup;
  /** What it does, for the help. */
  readonly does: string;
  readonly command: Command;
  /** The keys that it has where nobody changed them, the one that is shown in hints first. */
  readonly keys: readonly string[];
}

/** Headings of the groups, in the order of the help. */
export const COMMAND_GROUPS: Readonly<Record<CommandGroup, string>> = {
  list: 'The list of processes',
  process: 'The selected process',
  time: 'Time',
  boxes: 'Boxes',
  program: 'The program',
};

const BOX_WORDS: Readonly<Record<BoxName, string>> = {
  cpu: 'CPU',
  memory: 'memory',
  disk: 'disks',
  network: 'network',
  sensor: 'sensors',
  gpu: 'GPUs',
  processes: 'processes',
};

const LIST: readonly NamedCommand[] = [
  { name: 'up', group: 'list', does: 'the process above', command: { kind: 'move', rows: -1 }, keys: ['up'] },
  { name: 'down', group: 'list', does: 'the process below', command: { kind: 'move', rows: 1 }, keys: ['down'] },
  { name: 'page-up', group: 'list', does: 'a page up', command: { kind: 'move-page', pages: -1 }, keys: ['pageup', 'ctrl+b'] },
  { name: 'page-down', group: 'list', does: 'a page down', command: { kind: 'move-page', pages: 1 }, keys: ['pagedown'] },
  { name: 'first', group: 'list', does: 'the first process', command: { kind: 'move-end', to: 'first' }, keys: ['home', 'g'] },
  { name: 'last', group: 'list', does: 'the last process', command: { kind: 'move-end', to: 'last' }, keys: ['end', 'G'] },
  { name: 'filter', group: 'list', does: 'filter: cpu>10 user=root name~node', command: { kind: 'edit-filter' }, keys: ['/', 'f4'] },
  { name: 'clear-filter', group: 'list', does: 'no filter', command: { kind: 'clear-filter' }, keys: ['delete', 'ctrl+u'] },
  { name: 'tree', group: 'list', does: 'tree or flat list', command: { kind: 'toggle', what: 'tree' }, keys: ['t', 'f5'] },
  { name: 'fold', group: 'list', does: 'fold or unfold in the tree', command: { kind: 'fold' }, keys: ['e'] },
  { name: 'sort', group: 'list', does: 'choose what to sort by', command: { kind: 'choose-sort' }, keys: ['s', 'f6'] },
  { name: 'sort-next', group: 'list', does: 'sort by the next column', command: { kind: 'sort-next' }, keys: ['>'] },
  { name: 'sort-previous', group: 'list', does: 'sort by the column before', command: { kind: 'sort-previous' }, keys: ['<'] },
  { name: 'sort-cpu', group: 'list', does: 'sort by CPU', command: { kind: 'sort', column: 'cpu' }, keys: ['P'] },
  { name: 'sort-memory', group: 'list', does: 'sort by memory', command: { kind: 'sort', column: 'rss' }, keys: ['M'] },
  { name: 'sort-pid', group: 'list', does: 'sort by number', command: { kind: 'sort', column: 'pid' }, keys: ['N'] },
  { name: 'reverse', group: 'list', does: 'turn the order round', command: { kind: 'reverse' }, keys: ['r'] },
  { name: 'kernel', group: 'list', does: 'threads of the kernel too', command: { kind: 'toggle', what: 'kernel' }, keys: ['K'] },
];

const PROCESS: readonly NamedCommand[] = [
  { name: 'accept', group: 'process', does: 'all about it; yes in a dialog', command: { kind: 'accept' }, keys: ['enter'] },
  {
    name: 'follow',
    group: 'process',
    does: 'stay with it wherever it is sorted to',
    command: { kind: 'toggle', what: 'follow' },
    keys: ['f'],
  },
  { name: 'signal', group: 'process', does: 'end it, or send another signal', command: { kind: 'ask-signal' }, keys: ['k', 'f9'] },
  { name: 'nice', group: 'process', does: 'change its priority', command: { kind: 'ask-nice' }, keys: ['n', 'f7', 'f8'] },
];

const TIME: readonly NamedCommand[] = [
  {
    name: 'back-in-time',
    group: 'time',
    does: 'a tenth of the graphs back',
    command: { kind: 'travel', spans: -0.1 },
    keys: ['left', '['],
  },
  { name: 'on-in-time', group: 'time', does: 'a tenth of the graphs on', command: { kind: 'travel', spans: 0.1 }, keys: ['right', ']'] },
  {
    name: 'far-back',
    group: 'time',
    does: 'as far back as the graphs reach',
    command: { kind: 'travel', spans: -1 },
    keys: ['shift+left', '{'],
  },
  {
    name: 'far-on',
    group: 'time',
    does: 'as far on as the graphs reach',
    command: { kind: 'travel', spans: 1 },
    keys: ['shift+right', '}'],
  },
  { name: 'moment', group: 'time', does: 'go to a time: 10:15, -2h, yesterday 10:15', command: { kind: 'choose-moment' }, keys: ['m'] },
  { name: 'present', group: 'time', does: 'back to the present', command: { kind: 'present' }, keys: ['0'] },
  { name: 'freeze', group: 'time', does: 'hold the screen still', command: { kind: 'toggle', what: 'freeze' }, keys: ['space', 'p'] },
  { name: 'zoom-in', group: 'time', does: 'graphs of a shorter time', command: { kind: 'zoom', steps: -1 }, keys: ['+', '='] },
  { name: 'zoom-out', group: 'time', does: 'graphs of a longer time', command: { kind: 'zoom', steps: 1 }, keys: ['-', '_'] },
  { name: 'faster', group: 'time', does: 'look more often', command: { kind: 'interval', steps: -1 }, keys: [','] },
  { name: 'slower', group: 'time', does: 'look less often', command: { kind: 'interval', steps: 1 }, keys: ['.'] },
];

const boxCommands = (box: BoxName, index: number): NamedCommand[] => {
  const [word, key] = [BOX_WORDS[box], String(index + 1)];
  return [
    { name: `box-${box}`, group: 'boxes', does: `show or hide ${word}`, command: { kind: 'toggle-box', box }, keys: [key] },
    {
      name: `whole-${box}`,
      group: 'boxes',
      does: `${word} on the whole screen`,
      command: { kind: 'expand-box', box },
      keys: [`alt+${key}`],
    },
  ];
};

const BOXES: readonly NamedCommand[] = [
  {
    name: 'whole-next',
    group: 'boxes',
    does: 'the next box on the whole screen',
    command: { kind: 'expand-next', steps: 1 },
    keys: ['tab'],
  },
  {
    name: 'whole-previous',
    group: 'boxes',
    does: 'the box before on the whole screen',
    command: { kind: 'expand-next', steps: -1 },
    keys: ['shift+tab'],
  },
  ...BOX_NAMES.flatMap(boxCommands),
  {
    name: 'cpu-of-machine',
    group: 'boxes',
    does: 'CPU of processes as a share of the machine, or of one core',
    command: { kind: 'toggle', what: 'cpu-of-machine' },
    keys: ['i'],
  },
];

const PROGRAM: readonly NamedCommand[] = [
  { name: 'help', group: 'program', does: 'this help', command: { kind: 'help' }, keys: ['?', 'h', 'f1'] },
  { name: 'alerts', group: 'program', does: 'what is wrong, and what happened', command: { kind: 'alerts' }, keys: ['a'] },
  { name: 'theme', group: 'program', does: 'choose the colours', command: { kind: 'choose-theme' }, keys: ['T', 'f2'] },
  { name: 'back', group: 'program', does: 'close what is open, step by step', command: { kind: 'back' }, keys: ['escape'] },
  { name: 'redraw', group: 'program', does: 'draw everything anew', command: { kind: 'redraw' }, keys: ['ctrl+l'] },
  { name: 'suspend', group: 'program', does: 'back to the shell; fg returns', command: { kind: 'suspend' }, keys: ['ctrl+z'] },
  { name: 'quit', group: 'program', does: 'end', command: { kind: 'quit' }, keys: ['q', 'f10', 'ctrl+c'] },
];

/** Every command that a key can have: the key map, the help screen and the table of docs/terminal.md are made of it. */
export const NAMED_COMMANDS: readonly NamedCommand[] = [...LIST, ...PROCESS, ...TIME, ...BOXES, ...PROGRAM];
