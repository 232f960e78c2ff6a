// Builds the stand-in for the libraries of macOS that tests on Linux call. The test set-up runs it, and so does every test that
// uses it: it builds only when a source is newer than the library. Says nothing when all is well; status 1 without a compiler.
//   CC=aarch64-linux-gnu-gcc node build.mjs LIBRARY      for another architecture
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = dirname(fileURLToPath(import.meta.url));
const sources = readdirSync(join(home, 'source')).map((name) => join(home, 'source', name));
const library = process.argv[2] ?? join(home, 'build', 'libdarwin-fake.so');

const newest = Math.max(...sources.map((file) => statSync(file).mtimeMs));
if (!existsSync(library) || statSync(library).mtimeMs < newest) {
  mkdirSync(dirname(library), { recursive: true });
  // Several tests may build at once: each its own file, and the last one takes the place whole.
  const made = `${library}.${process.pid}`;
  const compiler = process.env.CC ?? 'gcc';
  const flags = ['-shared', '-fPIC', '-O1', '-std=gnu11', '-Wall', '-Wextra', '-Werror', '-Wno-unused-parameter', '-Wl,-Bsymbolic'];
  const built = spawnSync(compiler, [...flags, '-o', made, ...sources.filter((file) => file.endsWith('.c')), '-ldl'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (built.status === 0) renameSync(made, library);
  else {
    rmSync(made, { force: true });
    if (built.error) process.stderr.write(`${compiler} does not start: ${built.error.message}\n`);
    process.exitCode = 1;
  }
}
