import { errnoOf, HecateError } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import type { ActionKind } from '../../action.ts';
import { pathOf } from '../raw-action.ts';
import type { RawAction } from '../raw-action.ts';
import { isKernels } from './place.ts';

/** The path of a file or link that may be put in place. Throws INVALID. */
export function placePathOf(raw: RawAction, kind: ActionKind): string {
  const path = pathOf(raw, 'path', kind);
  if (path === '/') throw new HecateError('INVALID', `The path of a change of kind ${kind} must be below /.`);
  if (isKernels(path)) {
    throw new HecateError('INVALID', `${path} is a file of the kernel, and cannot be put in place.`, {
      hint: 'The kinds sysctl, sysfs and cgroup write values to such files.',
    });
  }
  return path;
}

/** Removes what was left beside a file or link that was being put in place. Where its directory is gone, so is that. */
export function tidyPlace(host: WritableHost, { path }: { readonly path: string }): void {
  try {
    host.tidy(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR') throw error;
  }
}
