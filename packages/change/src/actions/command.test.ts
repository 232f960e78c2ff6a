import { openHost, openWritableHost } from '@hecate/host';
import { expect, test } from 'vitest';
import type { CommandAction } from '../action.ts';
import { command } from './command.ts';
import { obstacleOf, refusalOf } from './obstacle.testing.ts';
import { createWritableTree } from './tree-picture.testing.ts';

const host = openWritableHost(openHost());
const actionOf = (change: Partial<CommandAction>): CommandAction => ({
  kind: 'command',
  name: 'a test',
  do: ['true'],
  undo: ['true'],
  probe: ['echo', ' off '],
  wanted: 'on',
  ...change,
});

test.each([
  ['a relative path', { do: ['./program'] }],
  ['a path from here', { do: ['bin/program'] }],
  ['a path that escapes', { do: ['/usr/../bin/program'] }],
  ['an option for a program', { do: ['--help'] }],
  ['dots', { undo: ['..'] }],
  ['no program', { probe: [] }],
  ['a line for a list', { probe: 'echo off' }],
  ['two lines', { probe: ['echo', 'a\nb'] }],
  ['65 arguments', { probe: Array<string>(65).fill('echo') }],
  ['a state with space around it', { wanted: ' on' }],
])('%s is refused', (_name, change) => {
  expect(refusalOf(command, { ...actionOf({}), ...change })).toMatch(/^INVALID /);
});

test('arguments are handed over as they are: there is no shell', async () => {
  expect(await command.current(host, actionOf({ probe: ['printf', '%s', '$HOME `id` > /x; *'] }))).toBe('$HOME `id` > /x; *');
});

test('the state is what the probe says, without space around it', async () => {
  expect(await command.current(host, actionOf({}))).toBe('off');
});

test.each([
  ['a probe that is missing', { probe: ['hecate-none'] }, 'UNAVAILABLE hecate-none is not installed.'],
  ['a program that is missing', { do: ['/nowhere/hecate-none'] }, 'UNAVAILABLE /nowhere/hecate-none is not installed.'],
  ['a program for undoing that is missing', { undo: ['hecate-none'] }, 'UNAVAILABLE hecate-none is not installed.'],
  ['a directory for a program', { undo: ['/usr'] }, 'UNAVAILABLE /usr is not installed.'],
  ['a probe that fails', { probe: ['false'] }, 'FAILED false ended with status 1.'],
  ['a probe that is talkative', { probe: ['head', '-c', '5000', '/dev/zero'] }, 'FAILED head wrote more than 4096 bytes.'],
] as const)('%s', async (_name, change, sentence) => {
  expect(await obstacleOf(command, host, actionOf(change as unknown as Partial<CommandAction>))).toBe(sentence);
});

test('a program that fails says why', async () => {
  await expect(command.apply(host, actionOf({ do: ['ls', '/nowhere'] }), 'off')).rejects.toMatchObject({
    code: 'FAILED',
    message: "ls /nowhere ended with status 2: ls: cannot access '/nowhere': No such file or directory",
  });
});

test('nothing is undone where nothing was done', async () => {
  await command.restore(host, actionOf({ undo: ['false'] }), 'off');
  await expect(command.restore(host, actionOf({ undo: ['false'] }), 'other')).rejects.toMatchObject({ code: 'FAILED' });
});

test('a machine of files runs none', async () => {
  const tree = createWritableTree();
  expect(await obstacleOf(command, tree.host, actionOf({}))).toMatch(/^UNAVAILABLE echo cannot be run on a machine that is only files/);
  tree.remove();
});
