import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from './source-tree.testing.ts';

interface Locked {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

describe('package-lock.json', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> };

  it('names no registry: each machine uses its own', () => {
    const hosts = Object.entries(lock.packages).filter(([, { resolved }]) => resolved !== undefined && /:\/\//.test(resolved));
    expect(hosts).toEqual([]);
  });

  // A lock file made while the registry lacked some platform's package makes `npm ci` fail everywhere.
  it('has the packages of every platform, so that npm ci accepts it', () => {
    const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !(`node_modules/${name}` in lock.packages) && !(`${path}/node_modules/${name}` in lock.packages))
        .map((name) => `${path} wants ${name}`),
    );
    expect(missing).toEqual([]);
  });
});

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `node ...args` in `folder` until it ends. */
function runNode(folder: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...said }));
  });
}

describe('scripts/setup.mjs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hecate set-up '));
  const copy = join(folder, 'a checkout');
  const setUp = (): Promise<Ended> => runNode(copy, ['scripts/setup.mjs']);

  // A checkout without anything that was built, and with the libraries of this one.
  beforeAll(() => {
    const made = /(?:^|\/)(?:node_modules|dist|build|coverage|\.git)(?:\/|$)|\.tsbuildinfo$/;
    mkdirSync(copy);
    for (const name of ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.base.json', 'scripts', 'packages']) {
      cpSync(join(root, name), join(copy, name), { recursive: true, filter: (path) => !made.test(path.slice(root.length)) });
    }
    const libraries = join(copy, 'node_modules');
    mkdirSync(join(libraries, '@hecate'), { recursive: true });
    for (const name of readdirSync(join(root, 'node_modules'))) {
      if (name !== '@hecate') symlinkSync(join(root, 'node_modules', name), join(libraries, name));
    }
    for (const name of readdirSync(join(copy, 'packages'))) symlinkSync(join(copy, 'packages', name), join(libraries, '@hecate', name));
    const now = new Date();
    utimesSync(join(copy, 'package-lock.json'), now, new Date(statSync(join(libraries, '.package-lock.json')).mtimeMs - 1000));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('builds a checkout once when two start at once, and says so on standard error only', async () => {
    const both = await Promise.all([setUp(), setUp()]);
    expect(both.map(({ status, stderr }) => ({ status, stderr: status === 0 ? '' : stderr }))).toEqual([
      { status: 0, stderr: '' },
      { status: 0, stderr: '' },
    ]);
    expect(both.map(({ stdout }) => stdout)).toEqual(['', '']);
    expect(both.filter(({ stderr }) => stderr.includes('compiling'))).toHaveLength(1);
    expect(existsSync(join(copy, 'packages', 'host', 'dist', 'index.js'))).toBe(true);
    expect(existsSync(join(copy, 'build', 'setup.lock'))).toBe(false);
    const version = spawnSync(process.execPath, [join(copy, 'packages', 'cli', 'bin', 'hecate.cjs'), '--version'], { encoding: 'utf8' });
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('says nothing and changes nothing when all is done', async () => {
    const output = join(copy, 'packages', 'host', 'dist', 'index.js');
    const before = statSync(output).mtimeMs;
    expect(await setUp()).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(statSync(output).mtimeMs).toBe(before);
  });

  it('builds again after a source changed, whatever its time says', async () => {
    const source = join(copy, 'packages', 'host', 'src', 'clock.ts');
    const { atime, mtime } = statSync(source);
    writeFileSync(source, `${readFileSync(source, 'utf8')}\n/** A new one. */\nexport const addedLater: number = 42;\n`);
    utimesSync(source, atime, mtime);
    expect((await setUp()).status).toBe(0);
    expect(readFileSync(join(copy, 'packages', 'host', 'dist', 'clock.js'), 'utf8')).toContain('addedLater');
  });

  it('makes outputs that were deleted, and removes those whose source was', async () => {
    const output = join(copy, 'packages', 'host', 'dist', 'clock.js');
    const orphan = join(copy, 'packages', 'host', 'dist', 'gone-long-ago.js');
    rmSync(output);
    writeFileSync(orphan, '');
    expect((await setUp()).status).toBe(0);
    expect(existsSync(output)).toBe(true);
    expect(existsSync(orphan)).toBe(false);
  });

  it('fails with status 1 and the compiler’s words when the sources are broken', async () => {
    const source = join(copy, 'packages', 'host', 'src', 'clock.ts');
    const good = readFileSync(source, 'utf8');
    writeFileSync(source, `${good}\nexport const broken: number = 'text';\n`);
    const failed = await setUp();
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain('clock.ts');
    expect(failed.stdout).toBe('');
    writeFileSync(source, good);
    expect((await setUp()).status).toBe(0);
  });

  it('takes over the lock of a set-up that was killed', async () => {
    const lock = join(copy, 'build', 'setup.lock');
    const dead = spawnSync(process.execPath, ['-e', '0']).pid;
    writeFileSync(lock, String(dead));
    rmSync(join(copy, 'packages', 'host', 'dist', 'clock.js'));
    expect((await setUp()).status).toBe(0);
    expect(existsSync(lock)).toBe(false);
  });
});

describe('packages/cli/bin/hecate.cjs', () => {
  it('says what to do when hecate is not built', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hecate unbuilt '));
    try {
      cpSync(join(root, 'packages', 'cli', 'bin'), join(folder, 'bin'), { recursive: true });
      const { status, stderr } = spawnSync(process.execPath, [join(folder, 'bin', 'hecate.cjs'), 'serve'], { encoding: 'utf8' });
      expect(status).toBe(1);
      expect(stderr).toBe('hecate is not built yet. Run "npm run setup" in its checkout.\n');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
