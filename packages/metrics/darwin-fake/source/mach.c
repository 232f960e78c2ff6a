#include "fake.h"
#include <string.h>

#define HOST 0xb03u
#define TASK 0x103u
#define MOST 64

uint32_t mach_task_self_ = TASK;
static int references;
static struct {
  void *at;
  uint64_t length;
} regions[MOST];

uint32_t mach_host_self(void) {
  CALLED();
  references++;
  return HOST;
}
int mach_port_deallocate(uint32_t task, uint32_t port) {
  CALLED();
  if (task != TASK) fault("%s: task %#x", __func__, task);
  if (port != HOST)
    fault("%s: port %#x", __func__, port);
  else if (--references < 0)
    fault("%s: the port of the machine once too often", __func__);
  return 0;
}
int vm_deallocate(uint32_t task, uint64_t address, uint64_t length) {
  CALLED();
  if (task != TASK) fault("%s: task %#x", __func__, task);
  for (int i = 0; i < MOST; i++) {
    if (!regions[i].at || (uint64_t)regions[i].at != address) continue;
    if (regions[i].length != length) fault("%s: %lu bytes of a region of %lu", __func__, length, regions[i].length);
    memset(regions[i].at, 0xDD, regions[i].length);
    regions[i].at = NULL;
    return 0;
  }
  fault("%s(%#lx): no region", __func__, address);
  return 1;
}

static void require_host(uint32_t host, const char *function) {
  if (host != HOST || references <= 0) fault("%s: port %#x, which is not held", function, host);
}

/* The answer is 16 bytes a CPU; Mach counts it in words of 4. */
int host_processor_info(uint32_t host, int flavor, uint32_t *cpus, void **at, uint32_t *words) {
  CALLED();
  require_host(host, __func__);
  answer *one = find_answer("host_processor_info:%d", flavor);
  if (!one) return 4;
  if (one->result) return one->result;
  void *region = high_memory(one->length);
  memcpy(region, one->bytes, one->length);
  for (int i = 0; i < MOST; i++)
    if (!regions[i].at) {
      regions[i].at = region;
      regions[i].length = one->length / 4 * 4;
      break;
    }
  *cpus = (uint32_t)(one->length / 16);
  *at = region;
  *words = (uint32_t)(one->length / 4);
  return 0;
}

/* `error` of the answer is the least count that this system accepts. */
int host_statistics64(uint32_t host, int flavor, void *into, uint32_t *count) {
  CALLED();
  require_host(host, __func__);
  answer *one = find_answer("host_statistics64:%d", flavor);
  if (!one) return 4;
  if (one->result) return one->result;
  if (*count < (uint32_t)one->error) return 5;
  uint32_t words = (uint32_t)(one->length / 4);
  if (words < *count) *count = words;
  memcpy(into, one->bytes, *count * 4UL);
  return 0;
}

int host_references(void) { return references; }
int live_regions(void) {
  int live = 0;
  for (int i = 0; i < MOST; i++) live += regions[i].at != NULL;
  return live;
}
void forget_mach(void) {
  references = 0;
  memset(regions, 0, sizeof regions);
}
