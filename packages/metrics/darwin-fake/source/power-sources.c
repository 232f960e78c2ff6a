#include "fake.h"

/* What is asked for is an opaque object; here it is the array of descriptions that the test has set. */
reference IOPSCopyPowerSourcesInfo(void) {
  CALLED();
  answer *one = find_answer("IOPSCopyPowerSourcesInfo");
  return one ? reference_to(tree_of((char *)one->bytes, one->length, __func__)) : NULL;
}
reference IOPSCopyPowerSourcesList(reference given) {
  CALLED();
  object *info = object_of_kind(given, KIND_ARRAY, __func__);
  if (!info) return NULL;
  object *list = make_object(KIND_ARRAY, __func__);
  for (long i = 0; i < info->length; i++) append_value(list, NULL, retain(info->values[i]));
  return reference_to(list);
}
/* Belongs to the information: the get rule. */
reference IOPSGetPowerSourceDescription(reference information, reference source) {
  CALLED();
  if (!object_of(information, __func__)) return NULL;
  return reference_to(object_of_kind(source, KIND_DICTIONARY, __func__));
}
/* One of three constants of IOKit, which live as long as the process; the get rule. Without a battery and a UPS it is the mains. */
reference IOPSGetProvidingPowerSourceType(reference information) {
  static object *mains;
  CALLED();
  if (!object_of_kind(information, KIND_ARRAY, __func__)) return NULL;
  object *info = object_of_kind(information, KIND_ARRAY, __func__);
  for (long i = 0; i < info->length; i++) {
    object *state = value_of(info->values[i], "Power Source State");
    if (state) return reference_to(state);
  }
  if (!mains) mains = make_constant("AC Power");
  return info->length == 0 ? reference_to(mains) : NULL;
}
reference IOPSCopyExternalPowerAdapterDetails(void) {
  CALLED();
  answer *one = find_answer("IOPSCopyExternalPowerAdapterDetails");
  return one ? reference_to(tree_of((char *)one->bytes, one->length, __func__)) : NULL;
}
