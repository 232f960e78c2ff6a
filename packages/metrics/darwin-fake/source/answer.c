#include "fake.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 4096
static answer *answers[SLOTS];

static answer **slot_of(const char *key) {
  unsigned hash = 2166136261u;
  for (; *key; key++) hash = (hash ^ (unsigned char)*key) * 16777619u;
  return &answers[hash % SLOTS];
}
static answer *with_key(const char *key) {
  for (answer *one = *slot_of(key); one; one = one->next)
    if (!strcmp(one->key, key)) return one;
  return NULL;
}

/* Sets what is answered to a question. `result` other than 0 refuses, with `error` as the errno. */
void fake_answer(const char *key, const void *bytes, uint64_t length, int result, int error) {
  answer *one = with_key(key);
  if (!one) {
    one = calloc(1, sizeof *one);
    one->key = strdup(key);
    answer **slot = slot_of(key);
    one->next = *slot;
    *slot = one;
  }
  free(one->bytes);
  one->bytes = malloc(length + 1);
  if (length) memcpy(one->bytes, bytes, length);
  one->bytes[length] = 0;
  one->length = length;
  one->result = result;
  one->error = error;
}

answer *find_answer(const char *format, ...) {
  char key[256];
  va_list given;
  va_start(given, format);
  vsnprintf(key, sizeof key, format, given);
  va_end(given);
  return with_key(key);
}

void forget_answers(void) {
  for (int i = 0; i < SLOTS; i++)
    while (answers[i]) {
      answer *one = answers[i];
      answers[i] = one->next;
      free(one->key);
      free(one->bytes);
      free(one);
    }
}
