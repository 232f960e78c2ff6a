#define _GNU_SOURCE
#include "fake.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DARWIN_EPROTONOSUPPORT 43

/* Sockets: the answer `socket:DOMAIN:TYPE:PROTOCOL` lets one be opened. What a test sends to a kind comes out of all of that kind. */
#define MOST 64
static struct {
  int is_open;
  int ours;
  int theirs;
  int kind[3];
} sockets[MOST];

static void closed(int descriptor) {
  for (int i = 0; i < MOST; i++)
    if (sockets[i].is_open && sockets[i].theirs == descriptor) {
      sockets[i].is_open = 0;
      really_close(sockets[i].ours);
    }
}

int socket(int domain, int type, int protocol) {
  CALLED();
  answer *one = find_answer("socket:%d:%d:%d", domain, type, protocol);
  if (!one || one->result) {
    errno = one ? one->error : DARWIN_EPROTONOSUPPORT;
    return -1;
  }
  int ends[2], i = 0;
  while (i < MOST && sockets[i].is_open) i++;
  if (i == MOST || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends)) return -1;
  setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &(int){1 << 20}, sizeof(int));
  sockets[i].is_open = 1;
  sockets[i].ours = ends[0];
  sockets[i].theirs = give_descriptor(ends[1], __func__, 0, closed);
  memcpy(sockets[i].kind, (int[3]){domain, type, protocol}, sizeof sockets[i].kind);
  return ends[1];
}

/* Sends a message to all sockets of a kind, so many times; gives how often it was taken. A full one loses it, as the kernel's does. */
int fake_send(int domain, int type, int protocol, const void *bytes, uint64_t length, int times) {
  int told = 0;
  for (int i = 0; i < MOST; i++) {
    if (!sockets[i].is_open || memcmp(sockets[i].kind, (int[3]){domain, type, protocol}, sizeof sockets[i].kind)) continue;
    for (int time = 0; time < times; time++) told += send(sockets[i].ours, bytes, length, MSG_DONTWAIT) == (ssize_t)length;
  }
  return told;
}
