#define _GNU_SOURCE
#include "fake.h"
#include <sys/mman.h>

#define BLOCK (1UL << 24)

void *high_memory(size_t length) {
  static char *next, *end;
  length = (length + 31) & ~31UL;
  if (!next || next + length > end) {
    size_t size = length > BLOCK ? length : BLOCK;
    next = mmap((void *)0x200000000UL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    end = next + size;
  }
  void *made = next;
  next += length;
  return made;
}
