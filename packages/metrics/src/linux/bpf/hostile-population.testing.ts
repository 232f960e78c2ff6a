import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** One C program of many lives; each says `ready` when it has done what makes it hostile. */
const SOURCE = String.raw`
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static void ready(void) { if (write(1, "ready\n", 6) != 6) _exit(3); }
static void rest(void) { for (;;) pause(); }
static double cpu(clockid_t clock) { struct timespec t; clock_gettime(clock, &t); return t.tv_sec + t.tv_nsec / 1e9; }
static void burn(double seconds) { double end = cpu(CLOCK_THREAD_CPUTIME_ID) + seconds; while (cpu(CLOCK_THREAD_CPUTIME_ID) < end) getppid(); }
static void *nothing(void *x) { return x; }
static void *burner(void *x) { burn(0.3); return x; }
static void *sleeper(void *x) { burn(0.3); ready(); rest(); return x; }
static void scribble(const char *file) {
  char block[65536]; memset(block, 7, sizeof block);
  int fd = open(file, O_CREAT | O_WRONLY | O_TRUNC, 0600);
  for (int i = 0; i < 4; i++) if (write(fd, block, sizeof block) < 0) _exit(4);
  fsync(fd); close(fd); unlink(file);
}
static void *writer(void *x) { scribble(x); return x; }
static void *widow(void *x) { pthread_join(*(pthread_t *)x, NULL); usleep(20000); ready(); rest(); return x; }
int main(int count, char **given) {
  const char *life = given[1]; pthread_t t, u[4];
  (void)count;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (!strcmp(life, "churn")) {
    ready();
    for (;;) { for (int i = 0; i < 4; i++) pthread_create(&u[i], NULL, nothing, NULL); for (int i = 0; i < 4; i++) pthread_join(u[i], NULL); }
  }
  if (!strcmp(life, "threads")) {
    pthread_create(&t, NULL, burner, NULL); pthread_join(t, NULL);
    pthread_create(&t, NULL, sleeper, NULL); rest();
  }
  if (!strcmp(life, "zombie")) { if (fork() == 0) _exit(0); usleep(50000); ready(); rest(); }
  if (!strcmp(life, "widow")) { static pthread_t self; self = pthread_self(); pthread_create(&t, NULL, widow, &self); pthread_exit(NULL); }
  if (!strcmp(life, "stopped")) { ready(); raise(SIGSTOP); rest(); }
  if (!strcmp(life, "nice")) { if (setpriority(PRIO_PROCESS, 0, 13)) return 5; ready(); rest(); }
  if (!strcmp(life, "users")) { if (setresgid(11111, 22222, 33333) || setresuid(12345, 23456, 34567)) return 5; ready(); rest(); }
  if (!strcmp(life, "fifo")) { struct sched_param p = { 10 }; if (sched_setscheduler(0, SCHED_FIFO, &p)) return 5; ready(); rest(); }
  if (!strcmp(life, "memory")) {
    char *own = mmap(NULL, 32 << 20, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *shared = mmap(NULL, 16 << 20, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    memset(own, 1, 32 << 20); memset(shared, 1, 16 << 20); ready(); rest();
  }
  if (!strcmp(life, "writer")) {
    for (int i = 0; ; i++) { pthread_create(&t, NULL, writer, given[2]); pthread_join(t, NULL); if (i == 1) ready(); usleep(30000); }
  }
  if (!strcmp(life, "reaper")) {
    for (int i = 0; ; i++) { if (fork() == 0) { scribble(given[2]); _exit(0); } wait(NULL); if (i == 1) ready(); usleep(30000); }
  }
  if (!strcmp(life, "bursts")) {
    for (int i = 0; i < 300; i++) { burn(0.0011); usleep(500); }
    ready(); rest();
  }
  if (!strcmp(life, "name")) {
    char name[16] = { 0 }; for (int i = 0; given[2][2 * i]; i++) { unsigned byte; sscanf(given[2] + 2 * i, "%2x", &byte); name[i] = (char)byte; }
    prctl(PR_SET_NAME, name); ready(); rest();
  }
  if (!strcmp(life, "namespace")) { if (unshare(CLONE_NEWPID)) return 5; if (fork() == 0) { prctl(PR_SET_PDEATHSIG, SIGKILL); ready(); rest(); } rest(); }
  return 6;
}
`;

const hex = (text: string): string => Buffer.from(text, 'latin1').toString('hex');

/** Names that break parsers: parentheses, white space, invalid UTF-8, nothing, all 15 bytes. */
const NAMES = [') R 1 1 1', 'a b\nc\td', '\xff\xfe\x80\x01', '', 'x'.repeat(15), '\\n\\', '((('];

/** Processes that make a reader of processes stumble. */
export interface Population {
  /** Process ids by what the process does; names by `name 0`, `name 1`. */
  readonly pids: ReadonlyMap<string, number>;
  /** Ends all of them. */
  stop(): Promise<void>;
}

/** What is missing for it, or null. */
export function populationMissing(): string | null {
  return spawnSync('gcc', ['--version']).status === 0 ? null : 'gcc is not installed (apt-get install gcc libc6-dev)';
}

function begin(program: string, given: readonly string[]): { child: ChildProcess; ready: Promise<void> } {
  const child = spawn(program, given, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout!.once('data', () => resolve());
    child.once('exit', (code, signal) => reject(new Error(`${given.join(' ')} ended (${code ?? signal}).`)));
  });
  return { child, ready };
}

/** Compiles the program and starts all its lives. */
export async function startPopulation(): Promise<Population> {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-hostile-'));
  const program = path.join(directory, 'life');
  writeFileSync(`${program}.c`, SOURCE);
  const { status, stderr } = spawnSync('gcc', ['-O1', '-pthread', '-o', program, `${program}.c`], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const lives = ['churn', 'threads', 'zombie', 'widow', 'stopped', 'nice', 'users', 'fifo', 'memory', 'bursts', 'namespace'].map((life) => [
    life,
  ]);
  lives.push(['writer', path.join(directory, 'w')], ['reaper', path.join(directory, 'r')]);
  for (const name of NAMES) lives.push(['name', hex(name)]);
  const begun = lives.map((given) => begin(program, given));
  const stop = async (): Promise<void> => {
    const ended = begun.map(({ child }) => new Promise((resolve) => (child.exitCode !== null ? resolve(0) : child.once('exit', resolve))));
    for (const { child } of begun) child.kill('SIGKILL');
    await Promise.all(ended);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await Promise.all(begun.map(({ ready }) => ready));
  } catch (error) {
    await stop();
    throw error;
  }
  const pids = new Map<string, number>();
  let names = 0;
  for (const [index, [life]] of lives.entries()) pids.set(life === 'name' ? `name ${names++}` : life!, begun[index]!.child.pid!);
  return { pids, stop };
}
