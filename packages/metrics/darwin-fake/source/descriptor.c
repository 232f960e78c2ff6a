#include "fake.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DARWIN_EBADF 9
#define DARWIN_EINVAL 22
/* Commands of fcntl(2), and what they set, by the numbers of macOS. */
#define DARWIN_F_SETFD 2
#define DARWIN_F_SETFL 4
#define DARWIN_FD_CLOEXEC 1
#define DARWIN_O_NONBLOCK 4
/* The same here. */
#define O_NONBLOCK_HERE 04000

#define MOST 4096
static struct {
  const char *made_by;
  int is_lent;
  void (*closed)(int);
} known[MOST];

/* This library's own name for close(2) is the caller's. */
void really_close(int descriptor) { syscall(SYS_close, descriptor); }

int give_descriptor(int descriptor, const char *made_by, int is_lent, void (*closed)(int)) {
  if (descriptor < 0 || descriptor >= MOST) return -1;
  known[descriptor].made_by = made_by;
  known[descriptor].is_lent = is_lent;
  known[descriptor].closed = closed;
  return descriptor;
}
int is_known(int descriptor) { return descriptor >= 0 && descriptor < MOST && known[descriptor].made_by; }
void take_back(int descriptor) {
  if (!is_known(descriptor)) return;
  void (*closed)(int) = known[descriptor].closed;
  known[descriptor].made_by = NULL;
  if (closed) closed(descriptor);
  really_close(descriptor);
}
int live_descriptors(void) {
  int count = 0;
  for (int i = 0; i < MOST; i++) count += known[i].made_by != NULL;
  return count;
}
void forget_descriptors(void) {
  for (int i = 0; i < MOST; i++) take_back(i);
}

static int refuse_descriptor(int descriptor, const char *function) {
  fault("%s: %d is no descriptor, or closed already", function, descriptor);
  errno = DARWIN_EBADF;
  return -1;
}

int close(int descriptor) {
  CALLED();
  if (!is_known(descriptor)) return refuse_descriptor(descriptor, __func__);
  if (known[descriptor].is_lent) {
    fault("close: %d belongs to %s, which closes it", descriptor, known[descriptor].made_by);
    errno = DARWIN_EBADF;
    return -1;
  }
  take_back(descriptor);
  return 0;
}

/* fcntl(2): what sets flags of a descriptor. The answer `fcntl:COMMAND` refuses. */
int fcntl(int descriptor, int command, ...) {
  CALLED();
  if (!is_known(descriptor)) return refuse_descriptor(descriptor, __func__);
  va_list given;
  va_start(given, command);
  int value = va_arg(given, int);
  va_end(given);
  answer *one = find_answer("fcntl:%d", command);
  if (one && one->result) {
    errno = one->error;
    return -1;
  }
  if (command == DARWIN_F_SETFD && value == DARWIN_FD_CLOEXEC) return 0;
  if (command == DARWIN_F_SETFL && value == DARWIN_O_NONBLOCK) return (int)syscall(SYS_fcntl, descriptor, DARWIN_F_SETFL, O_NONBLOCK_HERE);
  fault("%s: command %d with %d", __func__, command, value);
  errno = DARWIN_EINVAL;
  return -1;
}

/*
 * ioctl(2): the answer `ioctl:REQUEST:ARGUMENT`, both in hexadecimal; the argument as long as the request says. What the request gives
 * back is the bytes of the answer.
 */
int ioctl(int descriptor, unsigned long request, ...) {
  CALLED();
  if (!is_known(descriptor)) return refuse_descriptor(descriptor, __func__);
  va_list given;
  va_start(given, request);
  unsigned char *argument = va_arg(given, unsigned char *);
  va_end(given);
  char text[160] = "";
  size_t length = request >> 16 & 0x1fff;
  hexadecimal(text, sizeof text, argument, length);
  answer *one = find_answer("ioctl:%lx:%s", request, text);
  if (!one || one->result) {
    errno = one ? one->error : DARWIN_EINVAL;
    return -1;
  }
  for (size_t i = 0; i < one->length && i < length; i++) argument[i] = one->bytes[i];
  return 0;
}

void hexadecimal(char *text, size_t room, const void *bytes, size_t length) {
  for (size_t i = 0; i < length && 2 * i + 3 <= room; i++) snprintf(text + 2 * i, 3, "%02x", ((const unsigned char *)bytes)[i]);
}
