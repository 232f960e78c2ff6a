// Makes the command line that users run: dist/hecate.cjs, and dist/commands/<name>.cjs for each command.
// One file a command, loaded when it is called: `hecate --help` does not read the server and the analyst too.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const packagesFolder = dirname(here);
const nodeRequire = createRequire(import.meta.url);
const dist = join(here, 'dist');
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));

/** `@hecate/<name>` is read from its sources: the bundle does not depend on what the compiler has made. */
const sources = Object.fromEntries(
  readdirSync(packagesFolder)
    .filter((name) => existsSync(join(packagesFolder, name, 'src', 'index.ts')))
    .map((name) => [`@hecate/${name}`, join(packagesFolder, name, 'src', 'index.ts')]),
);

/** Modules of which only functions are used, and most processes call none: each function loads its module when it is called. */
const CALLED_LATE = ['node:zlib'];

/**
 * What is imported from Node becomes one constant a name. By itself esbuild wraps each import of each file in an object with
 * a getter for every name that the module has: 23 kB of memory for each file that reads files, and a call for each use.
 */
const builtins = {
  name: 'builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'builtin', sideEffects: false } : undefined,
    );
    onLoad({ filter: /^/, namespace: 'builtin' }, ({ path }) => {
      const names = Object.keys(nodeRequire(path)).filter((name) => /^[a-z_]\w*$/i.test(name) && name !== 'default');
      if (CALLED_LATE.includes(path)) {
        const whole = `export default /* @__PURE__ */ new Proxy({}, { get: (_, name) => require('${path}')[name] });`;
        const each = names.map((name) => `export const ${name} = (...given) => require('${path}').${name}(...given);`);
        return { contents: [whole, ...each].join('\n') };
      }
      return {
        contents: [
          `const __module = /* @__PURE__ */ require('${path}');`,
          'const __member = (name) => __module[name];',
          'export default __module;',
          ...names.map((name) => `export const ${name} = /* @__PURE__ */ __member('${name}');`),
        ].join('\n'),
      };
    });
  },
};

/**
 * Bundled once and required by all: a copy in each bundle would be another class, and the `instanceof HecateError` of the
 * main bundle would not know what a command throws.
 */
const errorSource = join(packagesFolder, 'host', 'src', 'error.ts');
const shareErrors = (from) => ({
  name: 'share-errors',
  setup({ onResolve }) {
    onResolve({ filter: /error\.ts$/ }, ({ path, resolveDir, kind }) =>
      kind !== 'entry-point' && resolve(resolveDir, path) === errorSource ? { path: from, external: true } : undefined,
    );
  },
});

/** Loaded with the first client of the stream only: apart, its text is not in the memory of a daemon that has none. */
const webSocketSource = join(dirname(nodeRequire.resolve('ws')), 'wrapper.mjs'); // Names its exports, so that import() finds them.
const shareWebSocket = {
  name: 'share-web-socket',
  setup({ onResolve }) {
    onResolve({ filter: /^ws$/ }, () => ({ path: '../web-socket.cjs', external: true }));
  },
};

/**
 * Modules that only some processes need, and that bring much with them: `import()` of one loads a bundle of its own. They lie
 * beside the commands, so that what they need lies where it lies for them.
 */
const LATE = [
  'cli/src/serve/tuning.ts',
  'cli/src/analyze/png.ts',
  'observe/src/event/machine-events.ts',
  'cli/src/serve/export.ts',
  'observe/src/push/transport/mqtt.ts',
  'cli/src/serve/acting.ts',
  'cli/src/serve/grpc.ts',
  'cli/src/serve/confinement.ts',
  'cli/src/alerts/test-targets.ts',
  'observe/src/notify/notifier.ts',
  'observe/src/notify/smtp.ts',
  'cli/src/top/source/remote.ts',
  'cli/src/top/source/replay.ts',
].map((path) => join(packagesFolder, path));
const lateName = (path) => `${basename(dirname(path))}-${basename(path, '.ts')}`;
const loadLate = {
  name: 'load-late',
  setup({ onResolve }) {
    onResolve({ filter: /^\..*\.ts$/ }, ({ path, resolveDir, kind }) => {
      const file = resolve(resolveDir, path);
      return kind === 'dynamic-import' && LATE.includes(file) ? { path: `./${lateName(file)}.cjs`, external: true } : undefined;
    });
  },
};

/**
 * What is for macOS alone lies in a bundle of its own, which only a Mac loads, and whoever replays the recording of one: with the first
 * use of something in it, so that nobody has to wait for it. `doors` are the files that the rest of the program imports from it.
 */
const darwinFolder = join(packagesFolder, 'metrics', 'src', 'darwin') + sep;
const doors = new Set();
const namesOf = (file) =>
  [...readFileSync(file, 'utf8').matchAll(/^export (?:const|(?:async )?function\*?) (\w+)/gm)].map(([, name]) => name);
const loadDarwinLate = {
  name: 'load-darwin-late',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\..*\.ts$/ }, ({ path, resolveDir, importer }) => {
      const file = resolve(resolveDir, path);
      if (!file.startsWith(darwinFolder) || importer.startsWith(darwinFolder)) return undefined;
      doors.add(file);
      return { path: file, namespace: 'darwin', sideEffects: false };
    });
    onResolve({ filter: /^\.\/darwin\.cjs$/ }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /^/, namespace: 'darwin' }, ({ path }) => ({
      contents: namesOf(path)
        .map((name) => `Object.defineProperty(exports, '${name}', { enumerable: true, get: () => require('./darwin.cjs').${name} });`)
        .join('\n'),
    }));
  },
};

const bundle = (entryPoints, plugins = []) =>
  build({
    entryPoints,
    plugins: [...plugins, builtins],
    outdir: dist,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    alias: sources,
    // Names stay: a stack trace in a bug report names real functions.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    lineLimit: 160,
    // koffi is native: it finds its binary beside its own file. The other two are optional speed-ups that ws tries to load.
    external: ['koffi', 'bufferutil', 'utf-8-validate'],
    // A CommonJS file has no import.meta; what is asked of it is its own address.
    define: { __HECATE_VERSION__: JSON.stringify(version), 'import.meta.url': '__bundle_url' },
    banner: { js: 'const __bundle_url = require("node:url").pathToFileURL(__filename).href;' },
    write: false,
    logLevel: 'warning',
  });

const commandSources = join(here, 'src', 'commands');
const commands = existsSync(commandSources)
  ? readdirSync(commandSources).filter((name) => name.endsWith('.ts') && !/\.(?:test|testing|d)\.ts$/.test(name))
  : [];

const results = await Promise.all([
  bundle([{ in: errorSource, out: 'error' }]),
  bundle([{ in: join(here, 'src', 'hecate.ts'), out: 'hecate' }], [shareErrors('./error.cjs')]),
  bundle(
    commands.map((name) => ({ in: join(commandSources, name), out: `commands/${name.slice(0, -3)}` })),
    [shareErrors('../error.cjs'), shareWebSocket, loadLate, loadDarwinLate],
  ),
  bundle(
    LATE.map((path) => ({ in: path, out: `commands/${lateName(path)}` })),
    [shareErrors('../error.cjs'), shareWebSocket, loadLate, loadDarwinLate],
  ),
  bundle([{ in: webSocketSource, out: 'web-socket' }]),
]).catch(() => process.exit(1)); // esbuild has told what is wrong.
const darwinEntry = {
  name: 'darwin-entry',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^darwin$/ }, ({ path }) => ({ path, namespace: 'darwin-entry' }));
    onLoad({ filter: /^/, namespace: 'darwin-entry' }, () => ({
      contents: [...doors]
        .sort((a, b) => (a < b ? -1 : 1))
        .map((file) => `export { ${namesOf(file).join(', ')} } from ${JSON.stringify(file)};`)
        .join('\n'),
      resolveDir: here,
    }));
  },
};
const darwin = await bundle([{ in: 'darwin', out: 'commands/darwin' }], [darwinEntry, shareErrors('../error.cjs')]).catch(() =>
  process.exit(1),
);
const outputs = [...results, darwin].flatMap(({ outputFiles }) => outputFiles);

mkdirSync(join(dist, 'commands'), { recursive: true });
const made = new Set(outputs.map(({ path }) => path));
for (const name of readdirSync(join(dist, 'commands'))) {
  const path = join(dist, 'commands', name);
  if (name.endsWith('.cjs') && !made.has(path)) rmSync(path);
}
// Each file appears whole: a daemon that is running may load one of them at this moment.
for (const { path, contents } of outputs) place(path, (temporary) => writeFileSync(temporary, contents));
const page = join(packagesFolder, 'observe', 'dist', 'dashboard.html');
if (existsSync(page)) place(join(dist, 'dashboard.html'), (temporary) => copyFileSync(page, temporary));

copyFigureAssets(join(dist, 'figure'));
copyProfiles(join(packagesFolder, 'tune', 'profiles'), join(dist, 'profiles'));

/** What PNG is made with lies beside the program, each with its licence: the shipped program looks for no package. */
function copyFigureAssets(to) {
  mkdirSync(to, { recursive: true });
  const fonts = dirname(nodeRequire.resolve('dejavu-fonts-ttf/package.json'));
  const assets = [
    ['resvg.wasm', nodeRequire.resolve('@resvg/resvg-wasm/index_bg.wasm')],
    ['resvg-license.txt', join(here, 'notices', 'resvg.txt')],
    ['DejaVuSans.ttf', join(fonts, 'ttf', 'DejaVuSans.ttf')],
    ['DejaVuSans-license.txt', join(fonts, 'LICENSE')],
  ];
  for (const [name, from] of assets) place(join(to, name), (temporary) => copyFileSync(from, temporary));
}

/** The profiles lie beside the program that reads them; those that are no more go. */
function copyProfiles(from, to) {
  mkdirSync(to, { recursive: true });
  const names = existsSync(from) ? readdirSync(from).filter((name) => name.endsWith('.toml')) : [];
  for (const name of readdirSync(to)) if (!names.includes(name)) rmSync(join(to, name));
  for (const name of names) place(join(to, name), (temporary) => copyFileSync(join(from, name), temporary));
}

function place(path, write) {
  const temporary = `${path}.${process.pid}`;
  write(temporary);
  renameSync(temporary, path);
}
