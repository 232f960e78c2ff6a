import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openHost, openWritableHost } from '@hecate/host';
import type { CommandAction } from '../action.ts';
import type { ActionSuite } from './action-contract.testing.ts';
import { pictureOf } from './tree-picture.testing.ts';

/** The name is known before it is made. */
const DIRECTORY = path.join(tmpdir(), `hecate-command-${process.pid}`);
const [state, on, off] = ['state', 'on', 'off'].map((name) => path.join(DIRECTORY, name)) as [string, string, string];

export const suite: ActionSuite<CommandAction> = {
  shape: {},
  cases: [
    {
      name: 'a file is copied, by programs on PATH and by a path',
      action: {
        kind: 'command',
        name: 'the state of a test',
        do: ['cp', on, state],
        undo: ['/bin/cp', off, state],
        probe: ['cat', state],
        wanted: 'on',
      },
      open: () => {
        mkdirSync(DIRECTORY, { recursive: true });
        writeFileSync(on, ' on \n');
        writeFileSync(off, 'off\n');
        writeFileSync(state, 'off\n');
        return {
          host: openWritableHost(openHost()),
          picture: () => pictureOf(DIRECTORY),
          close: () => rmSync(DIRECTORY, { recursive: true }),
        };
      },
    },
  ],
};
