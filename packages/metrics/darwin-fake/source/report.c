#define _GNU_SOURCE
#include "fake.h"
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static char text[1 << 18];

/* JSON, but for the faults: what is still held, what of it leaks, what was called. */
const char *fake_report(void) {
  snprintf(text, sizeof text, "{\"objects\":%ld,\"handles\":%ld,\"hostReferences\":%d,\"regions\":%d,\"descriptors\":%d,\"tokens\":%d,\"pools\":%d,\"faults\":%d,\"leaks\":[", live_objects(),
           live_handles() + live_connections(), host_references(), live_regions(), live_descriptors(), live_tokens(), live_pools(), fault_count());
  append_leaks(text, sizeof text / 2);
  strcat(text, "],\"calls\":{");
  append_calls(text, sizeof text);
  strcat(text, "}}");
  return text;
}
/* One fault a line. */
const char *fake_faults(void) { return fault_text(); }

/* Whether a symbol is exported by this library, and not by one that it is linked with. */
int fake_exports(const char *symbol) {
  Dl_info own, its;
  void *at = dlsym(RTLD_DEFAULT, symbol);
  void *self = dladdr((void *)fake_report, &own) ? dlopen(own.dli_fname, RTLD_NOW | RTLD_NOLOAD) : NULL;
  if (self) {
    void *found = dlsym(self, symbol);
    dlclose(self);
    at = found;
  }
  return at && dladdr(at, &its) && its.dli_fbase == own.dli_fbase;
}

/* A machine without anything. */
void fake_reset(void) {
  forget_faults();
  forget_tokens();
  forget_pools();
  forget_descriptors();
  forget_answers();
  forget_objects();
  forget_registry();
  forget_connections();
  forget_mach();
}
