// Makes packages/observe/src/grpc/gen from packages/observe/proto: `node scripts/proto.mjs`. Needs the package registry, for buf and its
// plugin; what it makes is committed, so nobody else does. `--check` says whether what is committed is what it would make.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const observe = fileURLToPath(new URL('../packages/observe', import.meta.url));
const proto = join(observe, 'proto');
const made = join(observe, 'src/grpc/gen');
const tools = ['@bufbuild/buf@1.75.0', '@bufbuild/protoc-gen-es@2.17.0'];

/** Relative paths of all files below a folder, to their text. */
const textsOf = (folder) =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  );

const place = mkdtempSync(join(tmpdir(), 'hecate-proto-'));
try {
  const plugin = { local: 'protoc-gen-es', out: place, opt: ['target=ts', 'import_extension=ts'] };
  const template = JSON.stringify({ version: 'v2', plugins: [plugin] });
  const buf = (...given) => {
    const packages = tools.flatMap((name) => ['-p', name]);
    const { status } = spawnSync('npx', ['-y', ...packages, 'buf', ...given], { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
    return status === 0;
  };
  if (buf('lint', proto) && buf('generate', proto, '--template', template)) {
    const [now, before] = [place, made].map((folder) =>
      JSON.stringify(Object.entries(textsOf(folder)).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    );
    if (!process.argv.includes('--check')) {
      rmSync(made, { recursive: true, force: true });
      cpSync(place, made, { recursive: true });
    } else if (now !== before) {
      console.error('packages/observe/src/grpc/gen is not what packages/observe/proto makes: node scripts/proto.mjs');
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(place, { recursive: true, force: true });
}
