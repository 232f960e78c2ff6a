import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's folder, absolute. */
export const root: string = fileURLToPath(new URL('..', import.meta.url));

/** One file that a person wrote. */
export interface SourceFile {
  /** Relative to the checkout, with `/`. */
  readonly path: string;
  /** The package's folder name under packages/, or null outside of them. */
  readonly package: string | null;
  /** Tests, and code that only tests and benchmarks use. */
  readonly isTest: boolean;
  readonly text: string;
}

const MADE = new Set(['node_modules', 'dist', 'build', 'coverage', 'gen', '.git', '.cache']);

/** Every code file below these folders of the checkout. */
export function readSources(folders: readonly string[] = ['packages', 'scripts', 'test']): SourceFile[] {
  return folders.flatMap((folder) => walk(folder)).filter(({ path }) => /\.(?:ts|tsx|mjs|cjs|js)$/.test(path));
}

function walk(path: string): SourceFile[] {
  return readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) => {
    const below = `${path}/${entry.name}`;
    if (entry.isDirectory()) return MADE.has(entry.name) ? [] : walk(below);
    return entry.isFile() ? [toSource(below)] : [];
  });
}

function toSource(path: string): SourceFile {
  return {
    path,
    package: /^packages\/(?<name>[^/]+)\//.exec(path)?.groups?.['name'] ?? null,
    isTest: /\.(?:test|testing)\.tsx?$|\/(?:test|bench|examples)\/|^test\//.test(path),
    text: readFileSync(join(root, path), 'utf8'),
  };
}

/** Every module that this text imports, exports from or loads: the names as written. */
export function importsOf(text: string): string[] {
  const statements = /^\s*(?:import|export)\b[^;'"`]*?\bfrom\s*['"](?<from>[^'"]+)['"]|^\s*import\s*['"](?<bare>[^'"]+)['"]/gm;
  const calls = /\b(?:import|require)\(\s*['"](?<called>[^'"]+)['"]/g;
  return [...text.matchAll(statements), ...text.matchAll(calls)].flatMap(({ groups }) =>
    [groups?.['from'], groups?.['bare'], groups?.['called']].filter((name) => name !== undefined),
  );
}

/**
 * The exported names of this text that have no doc comment directly above their declaration.
 * Formatted code has each top-level declaration at the start of a line, so lines are enough to see them.
 */
export function undocumentedExports(text: string): string[] {
  const lines = text.split('\n');
  const declaration =
    /^(?<exported>export )?(?:default )?(?:declare )?(?:abstract )?(?:async )?(?:function\*?|const|let|class|interface|type|enum|namespace) +(?<name>[\w$]+)/;
  const documented = new Set<string>();
  const exported = new Set<string>();
  const declared = new Set<string>();
  lines.forEach((line, index) => {
    const found = declaration.exec(line)?.groups;
    const name = found?.['name'];
    if (name !== undefined) {
      declared.add(name);
      if (found?.['exported'] !== undefined) exported.add(name);
      if (hasDocAbove(lines, index)) documented.add(name);
    }
  });
  // `export { a, b as c };` of this file's own declarations; what it imports is documented where it is declared.
  for (const { groups } of text.matchAll(/^export (?:type )?\{(?<names>[^}]*)\}(?! *from)/gm)) {
    for (const part of (groups?.['names'] ?? '').split(',')) {
      const name =
        part
          .trim()
          .replace(/^type /, '')
          .split(' as ')[0] ?? '';
      if (declared.has(name)) exported.add(name);
    }
  }
  return [...exported].filter((name) => !documented.has(name));
}

function hasDocAbove(lines: readonly string[], index: number): boolean {
  let at = index - 1;
  if (!lines[at]?.trimEnd().endsWith('*/')) return false;
  while (at > 0 && !lines[at]?.trimStart().startsWith('/*')) at--;
  return lines[at]?.trimStart().startsWith('/**') ?? false;
}
