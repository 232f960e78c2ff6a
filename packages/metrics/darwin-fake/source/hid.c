#include "fake.h"

/*
 * Sensors behind the HID event system. The tree `IOHIDEventSystemClientCopyServices` is an array of them: a dictionary of properties each,
 * with `temperature` as what its event says; one without has no event.
 */
#define PAGE 0xff00
#define USAGE 5
#define TEMPERATURE 15L

reference IOHIDEventSystemClientCreate(reference allocator) {
  CALLED();
  if (allocator) fault("%s: an allocator %p", __func__, allocator);
  if (find_answer("IOHIDEventSystemClientCreate")) return NULL;
  return reference_to(make_object(KIND_OTHER, __func__));
}
static int has_number(object *dictionary, const char *key, long value) {
  object *one = value_of(dictionary, key);
  return one && one->kind == KIND_NUMBER && !one->is_float && one->integer == value;
}
int IOHIDEventSystemClientSetMatching(reference client, reference matching) {
  CALLED();
  object *one = object_of_kind(client, KIND_OTHER, __func__), *wanted = object_of_kind(matching, KIND_DICTIONARY, __func__);
  if (!one || !wanted) return 0;
  if (!has_number(wanted, "PrimaryUsagePage", PAGE) || !has_number(wanted, "PrimaryUsage", USAGE)) fault("%s: matches no temperature", __func__);
  one->integer = 1;
  return 1;
}
reference IOHIDEventSystemClientCopyServices(reference client) {
  CALLED();
  object *one = object_of_kind(client, KIND_OTHER, __func__);
  if (!one) return NULL;
  if (!one->integer) fault("%s: nothing is matched: keyboards too", __func__);
  answer *services = find_answer("IOHIDEventSystemClientCopyServices");
  return services ? reference_to(tree_of((char *)services->bytes, services->length, __func__)) : NULL;
}
reference IOHIDServiceClientCopyProperty(reference service, reference key) {
  CALLED();
  object *one = object_of_kind(service, KIND_DICTIONARY, __func__), *name = object_of_kind(key, KIND_TEXT, __func__);
  return one && name ? reference_to(retain(value_of(one, name->bytes))) : NULL;
}
reference IOHIDServiceClientCopyEvent(reference service, int64_t type, int32_t options, int64_t timestamp) {
  CALLED();
  if (type != TEMPERATURE || options || timestamp) fault("%s: type %ld, options %d, timestamp %ld", __func__, type, options, timestamp);
  object *one = object_of_kind(service, KIND_DICTIONARY, __func__);
  object *value = one ? value_of(one, "temperature") : NULL;
  if (!value) return NULL;
  object *event = make_object(KIND_OTHER, __func__);
  event->real = value->is_float ? value->real : (double)value->integer;
  return reference_to(event);
}
double IOHIDEventGetFloatValue(reference given, int64_t field) {
  CALLED();
  object *event = object_of_kind(given, KIND_OTHER, __func__);
  if (field != TEMPERATURE << 16) fault("%s: field %ld", __func__, field);
  return event ? event->real : 0;
}
