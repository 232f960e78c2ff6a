#include "fake.h"

/* What a dictionary of objects is made with: variables of Core Foundation whose addresses are given. */
char kCFTypeDictionaryKeyCallBacks[48], kCFTypeDictionaryValueCallBacks[40];

#define INT_32 3

reference CFNumberCreate(reference allocator, long type, const void *value) {
  CALLED();
  if (allocator) fault("%s: an allocator %p", __func__, allocator);
  if (type != INT_32) fault("%s: type %ld", __func__, type);
  object *one = make_object(KIND_NUMBER, __func__);
  one->integer = *(const int32_t *)value;
  return reference_to(one);
}
/* Keeps its keys and values only with the callbacks of objects. */
reference CFDictionaryCreate(reference allocator, const reference *keys, const reference *values, long count, const void *of_keys,
                             const void *of_values) {
  CALLED();
  if (allocator) fault("%s: an allocator %p", __func__, allocator);
  if (of_keys != kCFTypeDictionaryKeyCallBacks || of_values != kCFTypeDictionaryValueCallBacks) fault("%s: other callbacks", __func__);
  object *made = make_object(KIND_DICTIONARY, __func__);
  for (long i = 0; i < count; i++) {
    object *key = object_of_kind(keys[i], KIND_TEXT, __func__), *value = object_of(values[i], __func__);
    if (key && value) append_value(made, retain(key), retain(value));
  }
  return reference_to(made);
}
