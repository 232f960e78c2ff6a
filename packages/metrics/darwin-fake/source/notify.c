#define _GNU_SOURCE
#include "fake.h"
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define OK 0
#define INVALID_TOKEN 2
#define INVALID_FILE 4
#define FAILED 1000000
#define REUSE 1
#define O_CLOEXEC_HERE 02000000
#define O_NONBLOCK_HERE 04000
#define F_SETFL_HERE 4
#define FIONREAD_HERE 0x541B

/* Who listens to what: the answer `notify:NAME` holds the state of a name, and without it nobody serves that name. */
#define MOST 256
static struct {
  char *name;
  int reader;
  int writer;
} listeners[MOST];
/* Not 0 and not small: a token is four bytes in network order, and no descriptor. */
#define FIRST_TOKEN 0x01020300

static int listen_to(const char *name, int reader, int writer, int *token) {
  for (int i = 0; i < MOST; i++)
    if (!listeners[i].name) {
      listeners[i].name = strdup(name);
      listeners[i].reader = reader;
      listeners[i].writer = writer;
      *token = FIRST_TOKEN + i;
      return OK;
    }
  return FAILED;
}
static int index_of(int token, const char *function) {
  int i = token - FIRST_TOKEN;
  if (i >= 0 && i < MOST && listeners[i].name) return i;
  fault("%s: no token %d", function, token);
  return -1;
}

uint32_t notify_register_check(const char *name, int *token) {
  CALLED();
  answer *one = find_answer("notify:%s", name);
  if (!one || one->result) return one ? (uint32_t)one->result : FAILED;
  return (uint32_t)listen_to(name, -1, -1, token);
}
uint32_t notify_register_file_descriptor(const char *name, int *descriptor, int flags, int *token) {
  CALLED();
  answer *one = find_answer("notify:%s", name);
  if (!one || one->result) return one ? (uint32_t)one->result : FAILED;
  if (flags & REUSE) {
    for (int i = 0; i < MOST; i++)
      if (listeners[i].name && listeners[i].reader == *descriptor) return (uint32_t)listen_to(name, *descriptor, listeners[i].writer, token);
    fault("%s: %d is none of notify's", __func__, *descriptor);
    return INVALID_FILE;
  }
  if (flags) fault("%s: flags %d", __func__, flags);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC_HERE)) return FAILED;
  syscall(SYS_fcntl, ends[1], F_SETFL_HERE, O_NONBLOCK_HERE);
  *descriptor = give_descriptor(ends[0], __func__, 1, NULL);
  return (uint32_t)listen_to(name, ends[0], ends[1], token);
}
uint32_t notify_get_state(int token, uint64_t *state) {
  CALLED();
  int i = index_of(token, __func__);
  if (i < 0) return INVALID_TOKEN;
  answer *one = find_answer("notify:%s", listeners[i].name);
  if (!one || one->result) return one ? (uint32_t)one->result : FAILED;
  *state = 0;
  memcpy(state, one->bytes, one->length < 8 ? one->length : 8);
  return OK;
}
/* The last token of a pipe closes both of its ends. */
static void forget(int i) {
  int reader = listeners[i].reader, writer = listeners[i].writer;
  free(listeners[i].name);
  listeners[i].name = NULL;
  for (int other = 0; other < MOST; other++)
    if (listeners[other].name && listeners[other].reader == reader) return;
  take_back(reader);
  if (writer >= 0) really_close(writer);
}
uint32_t notify_cancel(int token) {
  CALLED();
  int i = index_of(token, __func__);
  if (i < 0) return INVALID_TOKEN;
  forget(i);
  return OK;
}

/* Tells all who listen to a name, so many times; gives how often somebody was told. A full pipe loses it, as notifyd does. */
int fake_post(const char *name, int times) {
  int told = 0;
  for (int i = 0; i < MOST; i++) {
    if (!listeners[i].name || strcmp(listeners[i].name, name) || listeners[i].writer < 0) continue;
    uint32_t token = (uint32_t)(FIRST_TOKEN + i);
    unsigned char bytes[4] = {token >> 24 & 255, token >> 16 & 255, token >> 8 & 255, token & 255};
    for (int time = 0; time < times; time++) told += syscall(SYS_write, listeners[i].writer, bytes, 4) == 4;
  }
  return told;
}
/* Bytes that wait in the pipe of a name. */
int fake_unread(const char *name) {
  int waiting = 0;
  for (int i = 0; i < MOST; i++)
    if (listeners[i].name && !strcmp(listeners[i].name, name)) syscall(SYS_ioctl, listeners[i].reader, FIONREAD_HERE, &waiting);
  return waiting;
}
/* notifyd is gone: nobody holds the other end of the pipes any more. */
void fake_hang_up(void) {
  for (int i = 0; i < MOST; i++) {
    int writer = listeners[i].writer;
    if (!listeners[i].name || writer < 0) continue;
    for (int other = 0; other < MOST; other++)
      if (listeners[other].writer == writer) listeners[other].writer = -1;
    really_close(writer);
  }
}

int live_tokens(void) {
  int count = 0;
  for (int i = 0; i < MOST; i++) count += listeners[i].name != NULL;
  return count;
}
void forget_tokens(void) {
  for (int i = 0; i < MOST; i++)
    if (listeners[i].name) forget(i);
}
