#include "fake.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define DARWIN_ENOENT 2
#define DARWIN_ESRCH 3
#define DARWIN_ENOMEM 12

static int refuse(int error) {
  errno = error;
  return -1;
}

/* The same where an answer of no bytes is an error. */
static int nothing(int error) {
  errno = error;
  return 0;
}

/* sysctl(3): the length without a buffer; ENOMEM when there is less room than the answer needs. */
static int serve(answer *one, void *into, size_t *length, const char *function) {
  if (!one) return refuse(DARWIN_ENOENT);
  if (one->result) return refuse(one->error);
  if (!length) {
    fault("%s: no length", function);
    return refuse(14);
  }
  if (!into) {
    *length = one->length;
    return 0;
  }
  if (*length < one->length) return refuse(DARWIN_ENOMEM);
  memcpy(into, one->bytes, one->length);
  *length = one->length;
  return 0;
}
int sysctlbyname(const char *name, void *into, size_t *length, void *from, size_t given) {
  CALLED();
  if (from || given) fault("%s(%s): would be written to", __func__, name);
  return serve(find_answer("sysctl:%s", name), into, length, __func__);
}
int sysctl(int *numbers, unsigned count, void *into, size_t *length, void *from, size_t given) {
  CALLED();
  char key[128] = "sysctl:";
  for (unsigned i = 0; i < count && i < 8; i++) {
    size_t used = strlen(key);
    snprintf(key + used, sizeof key - used, "%s%d", i ? "." : "", numbers[i]);
  }
  if (from || given) fault("%s(%s): would be written to", __func__, key);
  return serve(find_answer("%s", key), into, length, __func__);
}
int getloadavg(double *into, int count) {
  CALLED();
  answer *one = find_answer("getloadavg");
  if (!one) return -1;
  int have = (int)(one->length / 8);
  if (count < have) have = count;
  memcpy(into, one->bytes, (size_t)have * 8);
  return have;
}

/* getfsstat(2): the number of volumes; of those that fit into the buffer where there is one. `error` of the answer is the size of one. */
int getfsstat64(void *into, int room, int flags) {
  CALLED();
  answer *one = find_answer("getfsstat64");
  if (!one) return 0;
  if (one->result) return refuse(one->error);
  if (flags != 2) fault("%s: flags %d may wait for a server that does not answer", __func__, flags);
  int size = one->error, have = (int)one->length / size;
  if (!into) return have;
  if (room / size < have) have = room / size;
  memcpy(into, one->bytes, (size_t)have * (size_t)size);
  return have;
}

int proc_pidinfo(int pid, int flavor, uint64_t argument, void *into, int room) {
  CALLED();
  if (argument) fault("%s: argument %lu", __func__, argument);
  answer *one = find_answer("proc_pidinfo:%d:%d", pid, flavor);
  if (!one || one->result || one->length == 0) return nothing(one && one->result ? one->error : DARWIN_ESRCH);
  if (room < (int)one->length) return nothing(DARWIN_ENOMEM);
  memcpy(into, one->bytes, one->length);
  return (int)one->length;
}
int proc_pid_rusage(int pid, int flavor, void *into) {
  CALLED();
  answer *one = find_answer("proc_pid_rusage:%d:%d", pid, flavor);
  if (!one || one->result) return refuse(one ? one->error : DARWIN_ESRCH);
  memcpy(into, one->bytes, one->length);
  return 0;
}
int proc_pidpath(int pid, void *into, uint32_t room) {
  CALLED();
  answer *one = find_answer("proc_pidpath:%d", pid);
  if (!one || one->result) return nothing(one ? one->error : DARWIN_ESRCH);
  if (room <= one->length) return nothing(DARWIN_ENOMEM);
  memcpy(into, one->bytes, one->length + 1);
  return (int)one->length;
}

/* getpwuid(3): a structure that lives until the next call. `error` of the answer is where the address of what follows after `result` bytes goes. */
void *getpwuid(uint32_t uid) {
  CALLED();
  static unsigned char *account;
  answer *one = find_answer("getpwuid:%u", uid);
  if (!one) return NULL;
  if (!account) account = high_memory(4096);
  memset(account, 0xDD, 4096);
  memcpy(account, one->bytes, one->length + 1);
  unsigned char *text = account + one->result;
  memcpy(account + one->error, &text, sizeof text);
  return account;
}
