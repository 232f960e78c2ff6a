// Landlock and becoming another user, on a kernel of a distribution: version 2 knows neither cutting files nor TCP.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { landlockVersion } from '@hecate/host';

/** Our package as a program of CommonJS reads it: the reader of ES modules starts the threads that read files before our first line. */
const HOST = JSON.stringify(fileURLToPath(import.meta.resolve('@hecate/host')));

/** Runs in a process of its own: what it gives up is gone for good. Prints what came of each attempt. */
const CONFINE = `
  const { truncateSync, unlinkSync, writeFileSync, readFileSync, renameSync, mkdirSync, symlinkSync } = require('node:fs');
  const { writeFile } = require('node:fs/promises');
  const { confineProcess, isConfined } = require(${HOST});
  const place = process.argv[1];
  const made = confineProcess({ writable: [place + '/ours', place + '/file', place + '/none'], connect: false, bind: [0], signal: false });
  const attempt = (act) => { try { act(); return 'done'; } catch (error) { return error.code; } };
  const found = {
    made,
    inside: attempt(() => writeFileSync(place + '/ours/a', 'x')),
    directory: attempt(() => mkdirSync(place + '/ours/b')),
    moved: attempt(() => renameSync(place + '/ours/a', place + '/ours/b/a')),
    file: attempt(() => writeFileSync(place + '/file', 'new')),
    outside: attempt(() => writeFileSync(place + '/theirs/a', 'x')),
    removed: attempt(() => unlinkSync(place + '/theirs/kept')),
    linked: attempt(() => { symlinkSync(place + '/theirs/kept', place + '/ours/link'); writeFileSync(place + '/ours/link', 'x'); }),
    movedOut: attempt(() => renameSync(place + '/ours/b/a', place + '/theirs/a')),
    read: attempt(() => readFileSync(place + '/theirs/kept')),
    io: attempt(() => readFileSync('/proc/1/io')),
    stat: attempt(() => readFileSync('/proc/1/stat')),
  };
  (async () => {
    found.pool = await isConfined();
    found.later = await writeFile(place + '/theirs/b', 'x').then(() => 'done', (error) => error.code);
    process.stdout.write(JSON.stringify(found));
  })();
`;

const BECOME = `
  const { becomeUser, findAccount, openHost } = require(${HOST});
  const { readFile } = require('node:fs/promises');
  const { readdirSync, readFileSync } = require('node:fs');
  (async () => {
    await readFile('/etc/passwd'); // The threads of Node run: they must follow too.
    becomeUser(findAccount(openHost(), 'nobody'));
    const threads = readdirSync('/proc/self/task').map((id) => readFileSync('/proc/self/task/' + id + '/status', 'utf8'));
    const others = await readFile('/proc/1/environ').then(() => 'read', (error) => error.code);
    process.stdout.write(JSON.stringify({ threads, others, uid: process.getuid() }));
  })();
`;

function inProcess(script, ...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', '-e', script, ...args], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

function landlock() {
  const version = landlockVersion();
  const place = mkdtempSync(join(tmpdir(), 'hecate-confined-'));
  try {
    for (const name of ['ours', 'theirs']) mkdirSync(join(place, name));
    writeFileSync(join(place, 'theirs', 'kept'), 'kept');
    writeFileSync(join(place, 'file'), 'old and longer');
    const { made, ...found } = inProcess(CONFINE, place);
    assert.equal(made.version, version);
    assert.deepEqual(made.restricts, [
      'writing files',
      ...(version >= 3 ? ['cutting files'] : []),
      ...(version >= 4 ? ['TCP'] : []),
      ...(version >= 6 ? ['signals'] : []),
    ]);
    assert.deepEqual(found, {
      pool: true,
      inside: 'done',
      directory: 'done',
      moved: version >= 2 ? 'done' : 'EXDEV',
      file: 'done',
      outside: 'EACCES',
      removed: 'EACCES',
      linked: 'EACCES',
      movedOut: found.movedOut,
      later: 'EACCES',
      read: 'done',
      io: 'EACCES',
      stat: 'done',
    });
    // Which of the two the kernel says depends on what it looks at first.
    assert.ok(['EACCES', 'EXDEV'].includes(found.movedOut), found.movedOut);
    assert.equal(readFileSync(join(place, 'theirs', 'kept'), 'utf8'), 'kept');
    assert.ok(!existsSync(join(place, 'theirs', 'a')));
    process.stdout.write(`Landlock ${version}: ${made.restricts.join(', ')}\n`);
  } finally {
    rmSync(place, { recursive: true });
  }
}

function user() {
  const { threads, others, uid } = inProcess(BECOME);
  assert.deepEqual({ others, uid }, { others: 'EACCES', uid: 65_534 });
  assert.ok(threads.length > 4, `${threads.length} threads`);
  for (const status of threads) {
    assert.match(status, /^Uid:(?:\t65534){4}$/m);
    assert.match(status, /^CapEff:\t0+$/m);
  }
}

export async function check() {
  landlock();
  user();
}
