#include "fake.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static char text[1 << 16];
static int count;

void fault(const char *format, ...) {
  va_list given;
  va_start(given, format);
  size_t used = strlen(text);
  if (used + 512 < sizeof text) {
    vsnprintf(text + used, 511, format, given);
    strcat(text, "\n");
  }
  va_end(given);
  count++;
}

int fault_count(void) { return count; }
const char *fault_text(void) { return text; }

#define MOST 256
static struct {
  const char *function;
  long times;
} calls[MOST];
static int functions;

void called(const char *function) {
  for (int i = 0; i < functions; i++)
    if (calls[i].function == function) {
      calls[i].times++;
      return;
    }
  if (functions < MOST) {
    calls[functions].function = function;
    calls[functions++].times = 1;
  }
}

void append_calls(char *to, size_t room) {
  for (int i = 0; i < functions; i++) {
    size_t used = strlen(to);
    snprintf(to + used, room - used, "%s\"%s\":%ld", i ? "," : "", calls[i].function, calls[i].times);
  }
}

void forget_faults(void) {
  text[0] = 0;
  count = functions = 0;
}
