#define _GNU_SOURCE
#include "fake.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DARWIN_EBADF 9
#define DARWIN_EINVAL 22
#define DARWIN_ENOMEM 12
#define DARWIN_ENOTSUP 45
#define EFD_CLOEXEC_HERE 02000000

/*
 * A queue of the kernel. It knows no structure: the answer `kevent64` says by its `error` how long an event is, and the answers
 * `kevent64:CHANGE` which changes may be asked for, each by its bytes in hexadecimal. A test makes events of them happen.
 */
#define MOST_QUEUES 64
#define MOST_CHANGES 64
typedef struct pending {
  struct pending *next;
  unsigned char bytes[];
} pending;
static struct {
  int descriptor;
  int is_open;
  int changes;
  char *asked[MOST_CHANGES];
  pending *first, *last;
} queues[MOST_QUEUES];

static void empty(int i) {
  while (queues[i].first) {
    pending *one = queues[i].first;
    queues[i].first = one->next;
    free(one);
  }
  queues[i].last = NULL;
}
static void closed(int descriptor) {
  for (int i = 0; i < MOST_QUEUES; i++)
    if (queues[i].is_open && queues[i].descriptor == descriptor) {
      empty(i);
      for (int change = 0; change < queues[i].changes; change++) free(queues[i].asked[change]);
      queues[i].changes = queues[i].is_open = 0;
    }
}

int kqueue(void) {
  CALLED();
  answer *refusal = find_answer("kqueue");
  if ((refusal && refusal->result) || !find_answer("kevent64")) {
    errno = refusal ? refusal->error : DARWIN_ENOTSUP;
    return -1;
  }
  for (int i = 0; i < MOST_QUEUES; i++)
    if (!queues[i].is_open) {
      queues[i].is_open = 1;
      return queues[i].descriptor = give_descriptor(eventfd(0, EFD_CLOEXEC_HERE), __func__, 0, closed);
    }
  errno = DARWIN_ENOMEM;
  return -1;
}

static int ask(int i, const unsigned char *change, size_t size) {
  char text[160] = "";
  hexadecimal(text, sizeof text, change, size);
  answer *one = find_answer("kevent64:%s", text);
  if (!one) fault("kevent64: nobody knows the change %s", text);
  if (!one || one->result || queues[i].changes == MOST_CHANGES) {
    errno = one ? one->error : DARWIN_EINVAL;
    return -1;
  }
  queues[i].asked[queues[i].changes++] = strdup(text);
  return 0;
}

int kevent64(int descriptor, const void *changes, int change_count, void *events, int room, unsigned flags, const void *timeout) {
  CALLED();
  static const unsigned char at_once[16];
  answer *shape = find_answer("kevent64");
  int i = 0;
  while (i < MOST_QUEUES && !(queues[i].is_open && queues[i].descriptor == descriptor)) i++;
  if (i == MOST_QUEUES || !shape) {
    fault("%s: %d is no queue", __func__, descriptor);
    errno = DARWIN_EBADF;
    return -1;
  }
  size_t size = (size_t)shape->error;
  if (flags) fault("%s: flags %u", __func__, flags);
  for (int change = 0; change < change_count; change++)
    if (ask(i, (const unsigned char *)changes + (size_t)change * size, size)) return -1;
  if (room > 0 && (!timeout || memcmp(timeout, at_once, sizeof at_once))) fault("%s: may wait", __func__);
  int count = 0;
  for (; count < room && queues[i].first; count++) {
    pending *one = queues[i].first;
    memcpy((unsigned char *)events + (size_t)count * size, one->bytes, size);
    queues[i].first = one->next;
    free(one);
  }
  if (!queues[i].first) queues[i].last = NULL;
  uint64_t news;
  if (count > 0 && !queues[i].first && syscall(SYS_read, descriptor, &news, sizeof news) < 0) fault("%s: nothing was there", __func__);
  return count;
}

/* An event of a change happens in all queues that asked for it; gives how many. */
int fake_happen(const void *change, const void *event, uint64_t size) {
  char text[160] = "";
  hexadecimal(text, sizeof text, change, size);
  int told = 0;
  uint64_t one = 1;
  for (int i = 0; i < MOST_QUEUES; i++)
    for (int asked = 0; queues[i].is_open && asked < queues[i].changes; asked++) {
      if (strcmp(queues[i].asked[asked], text)) continue;
      pending *made = malloc(sizeof *made + size);
      memcpy(made->bytes, event, size);
      made->next = NULL;
      if (queues[i].last) queues[i].last->next = made;
      else queues[i].first = made;
      queues[i].last = made;
      told += syscall(SYS_write, queues[i].descriptor, &one, sizeof one) == sizeof one;
    }
  return told;
}
