import type { LinkAction } from '../action.ts';
import type { ActionCase, ActionSuite } from './action-contract.testing.ts';
import { createWritableTree } from './tree-picture.testing.ts';
import type { TreeEntry } from './tree-picture.testing.ts';

const caseOf = (
  name: string,
  target: string | null,
  files: Readonly<Record<string, TreeEntry>>,
  at = '/etc/link',
): ActionCase<LinkAction> => ({
  name,
  action: { kind: 'link', path: at, target },
  open: () => {
    const tree = createWritableTree(files);
    return { host: tree.host, close: tree.remove };
  },
});

export const suite: ActionSuite<LinkAction> = {
  shape: { nullable: ['target'], paths: ['path'] },
  cases: [
    caseOf('a link that is there', '../new', { '/etc/link': { link: 'old/none' } }),
    caseOf('a new link in new directories', '/usr/share/x', {}, '/etc/a/b/link'),
    caseOf('a link is removed', null, { '/etc/link': { link: '/etc/to' }, '/etc/to': 'not touched' }),
    caseOf('a link in the place of a file', '/dev/null', { '/etc/link': { content: 'content\n', mode: 0o4640 & 0o777 } }),
    caseOf('a file is removed', null, { '/etc/link': 'content\n' }),
  ],
};
