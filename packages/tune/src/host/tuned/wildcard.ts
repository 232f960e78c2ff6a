import path from 'node:path';
import type { Look } from '../detect/look.ts';

const isWild = (text: string): boolean => /[*?[]/.test(text);

/** A name with the wildcards of a shell (glob(7)) as a regular expression of the whole name. */
export function wildcardPattern(wild: string): RegExp {
  const source = wild.replaceAll(/\[(!?)(\]?[^\]]*)\]|[\s\S]/g, (part, not: string | undefined, set: string | undefined) => {
    if (set !== undefined && set !== '') return `[${not === '!' ? '^' : ''}${set.replaceAll(/[\\\]^[]/g, '\\$&')}]`;
    if (part === '*') return '.*';
    if (part === '?') return '.';
    return part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  try {
    return new RegExp(`^${source}$`, 's');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // `[z-a]` matches nothing in a shell.
    return /(?!)/;
  }
}

/**
 * Whether a device is one of an expression such as `sd*, !sda`: white space or commas stand between names, `!` takes away, and
 * without a name that adds all are added.
 */
export function isDevice(expression: string, device: string): boolean {
  const rules = expression.split(/\s|,\s*/).filter((rule) => rule !== '' && rule !== '!');
  const added = rules.filter((rule) => !rule.startsWith('!'));
  const matches = (rule: string): boolean => wildcardPattern(rule).test(device);
  return (added.length === 0 || added.some(matches)) && !rules.some((rule) => rule.startsWith('!') && matches(rule.slice(1)));
}

/** The paths that a path with wildcards stands for on this machine, at most `most`; the path itself when it has none. */
export function expandPath(wild: string, look: Look, most: number): string[] {
  if (!isWild(wild)) return [wild];
  const parts = path.posix.normalize(wild).split('/').slice(1);
  let found = [''];
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    found = found
      .flatMap((directory) => {
        const names = isWild(part) || isLast ? look.names(directory || '/', wildcardPattern(part)) : [part];
        return names.filter((name) => !name.startsWith('.') || part.startsWith('.')).map((name) => `${directory}/${name}`);
      })
      .slice(0, most);
  }
  return found;
}
