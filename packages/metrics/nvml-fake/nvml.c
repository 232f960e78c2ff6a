/*
 * A stand-in for NVIDIA's management library, for tests on machines without its cards. Structures and numbers are those of nvml.h, laid
 * out by the compiler; which device tells what is made up: 0 is a card of a server, 1 one of a laptop that tells little.
 * It counts what its caller does wrong.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { SUCCESS = 0, UNINITIALIZED = 1, INVALID_ARGUMENT = 2, NOT_SUPPORTED = 3, INSUFFICIENT_SIZE = 7, DRIVER_NOT_LOADED = 9 };
typedef struct device *nvmlDevice_t;
typedef struct { unsigned int gpu, memory; } nvmlUtilization_t;
typedef struct { unsigned long long total, free, used; } nvmlMemory_t;
typedef struct { unsigned int version; unsigned long long total, reserved, free, used; } nvmlMemory_v2_t;
typedef struct {
  char busIdLegacy[16];
  unsigned int domain, bus, device, pciDeviceId, pciSubSystemId;
  char busId[32];
} nvmlPciInfo_t;
typedef struct { unsigned int pid; unsigned long long usedGpuMemory; unsigned int gpuInstanceId, computeInstanceId; } nvmlProcessInfo_t;

static int opened, refusal, faults, starts, many;
static unsigned int process;

/* For tests: everything anew; what nvmlInit_v2 answers; the process that computes on device 0, and whether there are very many. */
void fake_nvml_reset(int init_answer, unsigned int pid, int is_crowded) {
  opened = faults = starts = 0;
  refusal = init_answer;
  process = pid;
  many = is_crowded;
}
int fake_nvml_faults(void) { return faults; }
int fake_nvml_open(void) { return opened; }
int fake_nvml_starts(void) { return starts; }

static int wrong(void) {
  faults++;
  return INVALID_ARGUMENT;
}
/* 1 or 2 for a device; 0, and a fault, for anything else, and before the start. */
static int which(nvmlDevice_t device) {
  uintptr_t at = (uintptr_t)device;
  if (opened && (at == 0x7f00000001000u || at == 0x7f00000002000u)) return (int)(at >> 12 & 3);
  wrong();
  return 0;
}
#define SERVER 1
#define LAPTOP 2
#define DEVICE(number)                       \
  int number = which(device);                \
  if (!number) return opened ? INVALID_ARGUMENT : UNINITIALIZED

int nvmlInit_v2(void) {
  starts++;
  if (refusal) return refusal;
  opened++;
  return SUCCESS;
}
int nvmlShutdown(void) {
  if (!opened) return wrong();
  opened--;
  return SUCCESS;
}
int nvmlDeviceGetCount_v2(unsigned int *count) {
  if (!opened) return wrong();
  *count = 3;
  return SUCCESS;
}
/* The third has fallen off the bus. */
int nvmlDeviceGetHandleByIndex_v2(unsigned int index, nvmlDevice_t *device) {
  if (!opened || index > 2) return wrong();
  if (index == 2) return 15;
  *device = (nvmlDevice_t)(uintptr_t)(0x7f00000000000u + ((uintptr_t)index + 1) * 0x1000u);
  return SUCCESS;
}
int nvmlDeviceGetName(nvmlDevice_t device, char *name, unsigned int length) {
  DEVICE(number);
  const char *is = number == SERVER ? "NVIDIA H100 80GB HBM3" : "NVIDIA GeForce RTX 3050 Laptop GPU";
  if (length <= strlen(is)) return INSUFFICIENT_SIZE;
  strcpy(name, is);
  return SUCCESS;
}
int nvmlDeviceGetUUID(nvmlDevice_t device, char *uuid, unsigned int length) {
  DEVICE(number);
  if (length < 80) return INSUFFICIENT_SIZE;
  sprintf(uuid, "GPU-00000000-0000-0000-0000-00000000000%d", number);
  return SUCCESS;
}
int nvmlDeviceGetPciInfo_v3(nvmlDevice_t device, nvmlPciInfo_t *pci) {
  DEVICE(number);
  memset(pci, 0xee, sizeof *pci);
  pci->domain = 0;
  pci->bus = number == SERVER ? 0x3b : 1;
  pci->device = 0;
  return SUCCESS;
}
int nvmlDeviceGetUtilizationRates(nvmlDevice_t device, nvmlUtilization_t *rates) {
  DEVICE(number);
  rates->gpu = number == SERVER ? 85 : 0;
  rates->memory = number == SERVER ? 40 : 0;
  return SUCCESS;
}
int nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvmlMemory_t *memory) {
  DEVICE(number);
  memory->total = 4ull << 30;
  memory->used = 300ull << 20;
  memory->free = memory->total - memory->used;
  return SUCCESS;
}
int nvmlDeviceGetMemoryInfo_v2(nvmlDevice_t device, nvmlMemory_v2_t *memory) {
  DEVICE(number);
  if (memory->version != (unsigned int)(sizeof *memory | 2 << 24)) return wrong();
  if (number == LAPTOP) return NOT_SUPPORTED;
  memory->total = 80ull << 30;
  memory->reserved = 1ull << 30;
  memory->used = 60ull << 30;
  memory->free = 19ull << 30;
  return SUCCESS;
}
int nvmlDeviceGetPowerUsage(nvmlDevice_t device, unsigned int *milliwatts) {
  DEVICE(number);
  *milliwatts = number == SERVER ? 512345 : 5000;
  return SUCCESS;
}
int nvmlDeviceGetEnforcedPowerLimit(nvmlDevice_t device, unsigned int *milliwatts) {
  DEVICE(number);
  if (number == LAPTOP) return NOT_SUPPORTED;
  *milliwatts = 700000;
  return SUCCESS;
}
int nvmlDeviceGetTotalEnergyConsumption(nvmlDevice_t device, unsigned long long *millijoules) {
  DEVICE(number);
  if (number == LAPTOP) return NOT_SUPPORTED;
  *millijoules = 12345678901234ull;
  return SUCCESS;
}
int nvmlDeviceGetTemperature(nvmlDevice_t device, int sensor, unsigned int *celsius) {
  DEVICE(number);
  if (sensor != 0) return wrong();
  *celsius = number == SERVER ? 61 : 44;
  return SUCCESS;
}
int nvmlDeviceGetFanSpeed(nvmlDevice_t device, unsigned int *percent) {
  DEVICE(number);
  if (number == LAPTOP) return NOT_SUPPORTED;
  *percent = 30;
  return SUCCESS;
}
static int clock_of(int kind, unsigned int *megahertz, unsigned int graphics, unsigned int memory) {
  if (kind != 0 && kind != 2) return wrong();
  *megahertz = kind == 0 ? graphics : memory;
  return SUCCESS;
}
int nvmlDeviceGetClockInfo(nvmlDevice_t device, int kind, unsigned int *megahertz) {
  DEVICE(number);
  return clock_of(kind, megahertz, 1755, 2619);
}
int nvmlDeviceGetMaxClockInfo(nvmlDevice_t device, int kind, unsigned int *megahertz) {
  DEVICE(number);
  return clock_of(kind, megahertz, 1980, 2619);
}
int nvmlDeviceGetNumGpuCores(nvmlDevice_t device, unsigned int *cores) {
  DEVICE(number);
  *cores = number == SERVER ? 16896 : 2048;
  return SUCCESS;
}
int nvmlDeviceGetEncoderUtilization(nvmlDevice_t device, unsigned int *percent, unsigned int *microseconds) {
  DEVICE(number);
  if (number == LAPTOP) return NOT_SUPPORTED;
  *percent = 3;
  *microseconds = 167000;
  return SUCCESS;
}
int nvmlDeviceGetDecoderUtilization(nvmlDevice_t device, unsigned int *percent, unsigned int *microseconds) {
  DEVICE(number);
  if (number == LAPTOP) return NOT_SUPPORTED;
  *percent = 20;
  *microseconds = 167000;
  return SUCCESS;
}
static int list(unsigned int *count, nvmlProcessInfo_t *rows, unsigned int there) {
  unsigned int room = *count;
  *count = there;
  if (room < there) return INSUFFICIENT_SIZE;
  /* The first is a process of the test, the others are none. */
  for (unsigned int index = 0; index < there; index++) {
    rows[index].pid = index == 0 ? process : 4000000000u + index;
    rows[index].usedGpuMemory = 5ull << 30;
    rows[index].gpuInstanceId = rows[index].computeInstanceId = 0xffffffffu;
  }
  return SUCCESS;
}
int nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *rows) {
  DEVICE(number);
  return list(count, rows, number == SERVER ? (many ? 200 : 2) : 0);
}
/* The same process draws too; of what it draws on the laptop's card its memory is not known. */
int nvmlDeviceGetGraphicsRunningProcesses_v3(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *rows) {
  DEVICE(number);
  int result = list(count, rows, 1);
  if (result == SUCCESS && number == LAPTOP) rows[0].usedGpuMemory = ~0ull;
  return result;
}
