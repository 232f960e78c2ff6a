#include "fake.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC 0xCF0BCF0BCF0BCF0BUL
#define TAG (1UL << 63)

static object *newest;
static long live;

object *make_object(enum kind kind, const char *made_by) {
  object *one = high_memory(sizeof *one);
  memset(one, 0, sizeof *one);
  one->magic = MAGIC;
  one->kind = kind;
  one->references = 1;
  one->made_by = made_by;
  one->older = newest;
  newest = one;
  live++;
  return one;
}

object *make_text(const char *text, const char *made_by) {
  object *one = make_object(KIND_TEXT, made_by);
  one->length = (long)strlen(text);
  one->bytes = high_memory((size_t)one->length + 1);
  memcpy(one->bytes, text, (size_t)one->length + 1);
  return one;
}

/* Lives as long as the process, and nobody counts it. */
object *make_constant(const char *text) {
  object *one = make_text(text, "a constant");
  newest = one->older;
  live--;
  return one;
}

void append_value(object *to, object *key, object *value) {
  if (to->length == to->room) {
    to->room = to->room ? to->room * 2 : 8;
    to->keys = realloc(to->keys, (size_t)to->room * sizeof *to->keys);
    to->values = realloc(to->values, (size_t)to->room * sizeof *to->values);
  }
  to->keys[to->length] = key;
  to->values[to->length++] = value;
}

object *value_of(const object *dictionary, const char *key) {
  for (long i = 0; i < dictionary->length; i++)
    if (dictionary->keys[i]->kind == KIND_TEXT && !strcmp(dictionary->keys[i]->bytes, key)) return dictionary->values[i];
  return NULL;
}

object *retain(object *one) {
  if (one) one->references++;
  return one;
}

void release(object *one) {
  if (!one) return;
  if (--one->references < 0) fault("over-release: its container releases an object of %s that somebody has released before", one->made_by);
  if (one->references != 0) return;
  live--;
  if (one->kind == KIND_TEXT || one->kind == KIND_DATA) {
    if (one->bytes) memset(one->bytes, 0xDD, (size_t)one->length);
    return;
  }
  for (long i = 0; i < one->length; i++) {
    release(one->keys[i]);
    release(one->values[i]);
  }
  free(one->keys);
  free(one->values);
  one->keys = one->values = NULL;
  one->length = 0;
}

reference reference_to(object *one) {
  if (!one) return NULL;
  return (reference)((uintptr_t)one | (one->kind == KIND_NUMBER ? TAG : 0));
}

object *object_of(reference given, const char *function) {
  if (!given) {
    fault("%s(NULL)", function);
    return NULL;
  }
  object *one = (object *)((uintptr_t)given & ~TAG);
  if ((uintptr_t)one < 0x100000000UL || ((uintptr_t)one & 7)) {
    fault("%s(%p): an address that was cut, or none of ours", function, given);
    return NULL;
  }
  if (one->magic != MAGIC) {
    fault("%s(%p): no object", function, given);
    return NULL;
  }
  if (one->references <= 0) {
    fault("%s: an object of %s is used after its release", function, one->made_by);
    return NULL;
  }
  if (reference_to(one) != given) fault("%s(%p): the address of a number without its tag", function, given);
  return one;
}

object *object_of_kind(reference given, enum kind kind, const char *function) {
  object *one = object_of(given, function);
  if (one && one->kind != kind) {
    fault("%s: an object of type %d where %d is wanted, made by %s", function, one->kind, kind, one->made_by);
    return NULL;
  }
  return one;
}

long live_objects(void) { return live; }

void append_leaks(char *text, size_t room) {
  int first = 1;
  for (object *one = newest; one; one = one->older) {
    size_t used = strlen(text);
    if (one->references <= 0 || used + 256 > room) continue;
    snprintf(text + used, room - used, "%s\"%s, type %d, %d references\"", first ? "" : ",", one->made_by, one->kind, one->references);
    first = 0;
  }
}

/* Objects stay where they are: who still holds one of them finds it released. */
void forget_objects(void) {
  for (object *one = newest; one; one = one->older) one->references = 0;
  newest = NULL;
  live = 0;
}
