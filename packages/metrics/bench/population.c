/* `population COUNT CHURN PROGRAM ARGUMENT...`: runs a program in a pid namespace of its own with its own /proc and COUNT processes
 * that sleep. CHURN is the milliseconds between two that are born beside them and live ten times as long; 0 for none. When the program ends, so does everything in the namespace. Needs root, or a user namespace that it makes itself. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void die(const char *what) {
  fprintf(stderr, "population: %s: %s\n", what, strerror(errno));
  exit(125);
}

static void write_file(const char *path, const char *text) {
  int fd = open(path, O_WRONLY);
  if (fd < 0 || write(fd, text, strlen(text)) < 0) die(path);
  close(fd);
}

/* Ends and begins processes for ever. */
static void churn(int milliseconds) {
  for (;;) {
    pid_t child = fork();
    if (child == 0) {
      usleep(milliseconds * 10000);
      _exit(0);
    }
    usleep(milliseconds * 1000);
    while (waitpid(-1, NULL, WNOHANG) > 0);
  }
}

int main(int argc, char **argv) {
  if (argc < 4) { fprintf(stderr, "usage: population COUNT CHURN PROGRAM ARGUMENT...\n"); return 125; }
  int wanted = atoi(argv[1]), milliseconds = atoi(argv[2]), uid = getuid(), gid = getgid();
  if (unshare(CLONE_NEWPID | CLONE_NEWNS)) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS)) die("unshare");
    char map[64];
    write_file("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "0 %d 1", uid);
    write_file("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "0 %d 1", gid);
    write_file("/proc/self/gid_map", map);
  }
  pid_t init = fork();
  if (init < 0) die("fork");
  if (init == 0) {
    /* Nobody is left behind, whoever is killed. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL)) die("mount --make-rprivate /");
    if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL)) die("mount /proc");
    for (int i = 0; i < wanted; i++) {
      pid_t child = fork();
      if (child < 0) die("fork of a sleeper");
      if (child == 0) {
        prctl(PR_SET_NAME, "sleeper");
        for (;;) pause();
      }
    }
    if (milliseconds > 0 && fork() == 0) churn(milliseconds);
    pid_t program = fork();
    if (program < 0) die("fork");
    if (program == 0) { execvp(argv[3], argv + 3); die(argv[3]); }
    int status;
    for (pid_t ended; (ended = wait(&status)) >= 0 || errno == EINTR;) if (ended == program) break;
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  }
  int status;
  while (waitpid(init, &status, 0) < 0 && errno == EINTR);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
