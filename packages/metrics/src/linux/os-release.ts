import type { OsRelease } from '../domain/host.ts';

/** What a backslash takes its meaning from, between double quotes. */
const SPECIAL = '$"\\`';

/** A value as a shell would read it: quotes of both kinds, backslashes, and a comment only after a space. Null when a quote stays open. */
export function unquoteShell(value: string): string | null {
  let text = '';
  let quote = '';
  for (let i = 0; i < value.length; i++) {
    const char = value[i]!;
    const next = value[i + 1];
    if (quote === "'") {
      if (char === "'") quote = '';
      else text += char;
    } else if (char === '\\' && next !== undefined && (quote === '' || SPECIAL.includes(next))) {
      text += next;
      i++;
    } else if (char === '"') quote = quote === '' ? '"' : '';
    else if (char === "'" && quote === '') quote = "'";
    else if (quote === '' && /\s/.test(char)) break;
    else text += char;
  }
  return quote === '' ? text : null;
}

/** Assignments of an os-release file. Lines that are not one are left out, as os-release(5) asks for; the last one of a name holds. */
export function parseAssignments(text: string): Map<string, string> {
  const assignments = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, name, raw] = /^\s*([A-Za-z_][A-Za-z0-9_]*)=([^]*)$/.exec(line) ?? [];
    if (name === undefined || raw === undefined) continue;
    const value = unquoteShell(raw);
    if (value !== null) assignments.set(name, value);
  }
  return assignments;
}

/** What os-release(5) says; an empty value counts as not said. */
export function parseOsRelease(text: string): OsRelease {
  const assignments = parseAssignments(text);
  const say = (name: string): string | null => assignments.get(name) || null;
  return {
    name: say('NAME'),
    prettyName: say('PRETTY_NAME'),
    id: say('ID'),
    idLike: say('ID_LIKE'),
    version: say('VERSION'),
    versionId: say('VERSION_ID'),
    versionCodename: say('VERSION_CODENAME'),
    variant: say('VARIANT'),
    variantId: say('VARIANT_ID'),
    buildId: say('BUILD_ID'),
    imageId: say('IMAGE_ID'),
    imageVersion: say('IMAGE_VERSION'),
    supportEnd: say('SUPPORT_END'),
  };
}
