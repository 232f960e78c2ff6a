#include "fake.h"
#include <string.h>

#define UTF8 0x08000100u
#define WITH(NAME, KIND) \
  CALLED();              \
  object *NAME = object_of_kind(given, KIND, __func__)

void CFRelease(reference given) {
  CALLED();
  object *one = object_of(given, __func__);
  if (one) release(one);
}
uint64_t CFGetTypeID(reference given) {
  CALLED();
  object *one = object_of(given, __func__);
  return one ? (uint64_t)one->kind : 0;
}
#define TYPE_ID(NAME, KIND) \
  uint64_t NAME(void) {     \
    CALLED();               \
    return KIND;            \
  }
TYPE_ID(CFStringGetTypeID, KIND_TEXT)
TYPE_ID(CFNumberGetTypeID, KIND_NUMBER)
TYPE_ID(CFBooleanGetTypeID, KIND_BOOLEAN)
TYPE_ID(CFDataGetTypeID, KIND_DATA)
TYPE_ID(CFArrayGetTypeID, KIND_ARRAY)
TYPE_ID(CFDictionaryGetTypeID, KIND_DICTIONARY)

reference CFStringCreateWithCString(reference allocator, const char *text, uint32_t encoding) {
  CALLED();
  if (allocator) fault("%s: an allocator %p", __func__, allocator);
  if (encoding != UTF8) fault("%s: encoding %#x", __func__, encoding);
  return reference_to(make_text(text, __func__));
}
/* UTF-16 units: what a text of Core Foundation is counted in. */
long CFStringGetLength(reference given) {
  WITH(text, KIND_TEXT);
  long units = 0;
  if (text)
    for (const unsigned char *byte = (unsigned char *)text->bytes; *byte; byte++)
      if ((*byte & 0xC0) != 0x80) units += *byte >= 0xF0 ? 2 : 1;
  return units;
}
long CFStringGetMaximumSizeForEncoding(long units, uint32_t encoding) {
  CALLED();
  if (encoding != UTF8) fault("%s: encoding %#x", __func__, encoding);
  return units * 3;
}
uint8_t CFStringGetCString(reference given, char *buffer, long room, uint32_t encoding) {
  WITH(text, KIND_TEXT);
  if (encoding != UTF8) {
    fault("%s: encoding %#x", __func__, encoding);
    return 0;
  }
  if (!text || room <= text->length) return 0;
  /* All of the room is the caller's promise: what is not there would be overwritten on a Mac too. */
  memset(buffer, 0, (size_t)room);
  memcpy(buffer, text->bytes, (size_t)text->length + 1);
  return 1;
}

uint8_t CFNumberIsFloatType(reference given) {
  WITH(number, KIND_NUMBER);
  return number ? (uint8_t)number->is_float : 0;
}
uint8_t CFNumberGetValue(reference given, long type, void *value) {
  WITH(number, KIND_NUMBER);
  if (!number) return 0;
  int64_t integer = number->is_float ? (int64_t)number->real : number->integer;
  switch (type) {
    case 3: case 9: *(int32_t *)value = (int32_t)integer; return 1;
    case 4: case 10: case 11: *(int64_t *)value = integer; return 1;
    case 5: case 12: *(float *)value = (float)number->real; return 1;
    case 6: case 13: *(double *)value = number->real; return 1;
    default: fault("%s: type %ld", __func__, type); return 0;
  }
}
uint8_t CFBooleanGetValue(reference given) {
  WITH(boolean, KIND_BOOLEAN);
  return boolean ? (uint8_t)boolean->integer : 0;
}
long CFDataGetLength(reference given) {
  WITH(data, KIND_DATA);
  return data ? data->length : 0;
}
const void *CFDataGetBytePtr(reference given) {
  WITH(data, KIND_DATA);
  return data ? data->bytes : NULL;
}
long CFArrayGetCount(reference given) {
  WITH(array, KIND_ARRAY);
  return array ? array->length : 0;
}
reference CFArrayGetValueAtIndex(reference given, long index) {
  WITH(array, KIND_ARRAY);
  if (!array) return NULL;
  if (index < 0 || index >= array->length) {
    fault("%s: %ld of %ld", __func__, index, array->length);
    return NULL;
  }
  return reference_to(array->values[index]);
}
long CFDictionaryGetCount(reference given) {
  WITH(dictionary, KIND_DICTIONARY);
  return dictionary ? dictionary->length : 0;
}
void CFDictionaryGetKeysAndValues(reference given, reference *keys, reference *values) {
  WITH(dictionary, KIND_DICTIONARY);
  for (long i = 0; dictionary && i < dictionary->length; i++) {
    if (keys) keys[i] = reference_to(dictionary->keys[i]);
    if (values) values[i] = reference_to(dictionary->values[i]);
  }
}
/* The get rule. */
reference CFDictionaryGetValue(reference given, reference key) {
  WITH(dictionary, KIND_DICTIONARY);
  object *name = object_of_kind(key, KIND_TEXT, __func__);
  return dictionary && name ? reference_to(value_of(dictionary, name->bytes)) : NULL;
}
/* `capacity` is 0 or at least the number of entries. Keys and values are the same objects. */
reference CFDictionaryCreateMutableCopy(reference allocator, long capacity, reference given) {
  WITH(dictionary, KIND_DICTIONARY);
  if (allocator) fault("%s: an allocator %p", __func__, allocator);
  if (!dictionary) return NULL;
  if (capacity && capacity < dictionary->length) fault("%s: room for %ld of %ld", __func__, capacity, dictionary->length);
  object *copy = make_object(KIND_DICTIONARY, __func__);
  copy->is_mutable = 1;
  for (long i = 0; i < dictionary->length; i++) append_value(copy, retain(dictionary->keys[i]), retain(dictionary->values[i]));
  return reference_to(copy);
}
