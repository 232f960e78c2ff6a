#include "fake.h"
#include <string.h>

/*
 * The answer "IOReport:GROUP" is an array of channels: {group, subgroup, name, unit, value} or {..., states: [{name, residency}]}. A channel
 * is known by its place in it, so that a test can set other counts while somebody has subscribed.
 */
#define KEY "IOReportChannels"

static object *group_of(const object *name, const char *made_by) {
  answer *one = name ? find_answer("IOReport:%s", name->bytes) : NULL;
  return one ? tree_of((char *)one->bytes, one->length, made_by) : NULL;
}
static int is(const object *channel, const char *key, const object *wanted) {
  const object *has = value_of(channel, key);
  return !wanted || (has && !strcmp(has->bytes, wanted->bytes));
}
static object *dictionary_with(object *channels, const char *made_by) {
  object *made = make_object(KIND_DICTIONARY, made_by);
  append_value(made, make_text("QueryOpts", made_by), make_object(KIND_NUMBER, made_by));
  append_value(made, make_text(KEY, made_by), channels);
  return made;
}
static object *channels_of(const object *dictionary, const char *function) {
  object *channels = value_of(dictionary, KEY);
  if (!channels || channels->kind != KIND_ARRAY) fault("%s: a dictionary without channels", function);
  return channels && channels->kind == KIND_ARRAY ? channels : NULL;
}

/* What a channel is, but not its counts: only samples have those. */
reference IOReportCopyChannelsInGroup(reference group, reference subgroup, uint64_t a, uint64_t b, uint64_t c) {
  CALLED();
  if (a || b || c) fault("%s: %lu, %lu, %lu", __func__, a, b, c);
  object *wanted = object_of_kind(group, KIND_TEXT, __func__);
  object *part = subgroup ? object_of_kind(subgroup, KIND_TEXT, __func__) : NULL;
  object *all = group_of(wanted, __func__);
  object *found = make_object(KIND_ARRAY, __func__);
  for (long place = 0; all && place < all->length; place++) {
    object *channel = all->values[place];
    if (!is(channel, "subgroup", part)) continue;
    object *known = make_object(KIND_DICTIONARY, __func__);
    object *at = make_object(KIND_NUMBER, __func__);
    at->integer = place;
    append_value(known, make_text("place", __func__), at);
    for (long i = 0; i < channel->length; i++)
      if (strcmp(channel->keys[i]->bytes, "value") && strcmp(channel->keys[i]->bytes, "states"))
        append_value(known, retain(channel->keys[i]), retain(channel->values[i]));
    append_value(found, NULL, known);
  }
  release(all);
  if (found->length) return reference_to(dictionary_with(found, __func__));
  release(found);
  /* Which of the two a Mac gives is the test's choice: nothing, or a dictionary without channels. */
  return find_answer("IOReportCopyChannelsInGroup") ? reference_to(make_object(KIND_DICTIONARY, __func__)) : NULL;
}
void IOReportMergeChannels(reference into, reference from, reference nothing) {
  CALLED();
  if (nothing) fault("%s: %p", __func__, nothing);
  object *to = object_of_kind(into, KIND_DICTIONARY, __func__), *other = object_of_kind(from, KIND_DICTIONARY, __func__);
  object *channels = to ? channels_of(to, __func__) : NULL, *more = other ? channels_of(other, __func__) : NULL;
  for (long i = 0; channels && more && i < more->length; i++) append_value(channels, NULL, retain(more->values[i]));
}
/* Holds the channels. What it writes belongs to it. */
reference IOReportCreateSubscription(reference allocator, reference given, reference *subscribed, uint64_t id, reference nothing) {
  CALLED();
  if (allocator || id || nothing) fault("%s: %p, %lu, %p", __func__, allocator, id, nothing);
  object *wanted = object_of_kind(given, KIND_DICTIONARY, __func__);
  if (!wanted || !channels_of(wanted, __func__) || find_answer(__func__)) return NULL;
  if (!wanted->is_mutable) fault("%s: a dictionary that may not be changed", __func__);
  object *made = make_object(KIND_OTHER, __func__);
  append_value(made, NULL, retain(wanted));
  *subscribed = reference_to(wanted);
  return reference_to(made);
}
reference IOReportCreateSamples(reference given, reference wanted, reference nothing) {
  CALLED();
  if (nothing) fault("%s: %p", __func__, nothing);
  object *subscription = object_of_kind(given, KIND_OTHER, __func__), *dictionary = object_of_kind(wanted, KIND_DICTIONARY, __func__);
  if (!subscription || !dictionary || find_answer(__func__)) return NULL;
  if (subscription->values[0] != dictionary) fault("%s: other channels than those of the subscription", __func__);
  object *channels = channels_of(dictionary, __func__), *sampled = make_object(KIND_ARRAY, __func__), *all = NULL;
  const object *name = NULL;
  for (long i = 0; channels && i < channels->length; i++) {
    const object *group = value_of(channels->values[i], "group");
    int64_t place = value_of(channels->values[i], "place")->integer;
    if (!name || strcmp(name->bytes, group->bytes)) {
      release(all);
      all = group_of(name = group, __func__);
    }
    if (all && place < all->length) append_value(sampled, NULL, retain(all->values[place]));
  }
  release(all);
  return reference_to(dictionary_with(sampled, __func__));
}

#define GETTER(NAME, PROPERTY)                                    \
  reference NAME(reference given) {                               \
    CALLED();                                                     \
    object *channel = object_of_kind(given, KIND_DICTIONARY, __func__); \
    return channel ? reference_to(value_of(channel, PROPERTY)) : NULL;  \
  }
GETTER(IOReportChannelGetGroup, "group")
GETTER(IOReportChannelGetSubGroup, "subgroup")
GETTER(IOReportChannelGetChannelName, "name")
GETTER(IOReportChannelGetUnitLabel, "unit")

int64_t IOReportSimpleGetIntegerValue(reference given, int32_t index) {
  CALLED();
  object *channel = object_of_kind(given, KIND_DICTIONARY, __func__);
  object *value = channel ? value_of(channel, "value") : NULL;
  if (index) fault("%s: index %d", __func__, index);
  if (channel && !value) fault("%s: a channel with states, or one that is no sample", __func__);
  return value ? value->integer : 0;
}
static object *states_of(reference given, const char *function) {
  object *channel = object_of_kind(given, KIND_DICTIONARY, function);
  object *states = channel ? value_of(channel, "states") : NULL;
  if (channel && !states) fault("%s: a simple channel, or one that is no sample", function);
  return states;
}
int32_t IOReportStateGetCount(reference given) {
  CALLED();
  object *states = states_of(given, __func__);
  return states ? (int32_t)states->length : 0;
}
static object *state_at(reference given, int32_t index, const char *key, const char *function) {
  object *states = states_of(given, function);
  if (!states) return NULL;
  if (index >= 0 && index < states->length) return value_of(states->values[index], key);
  fault("%s: %d of %ld", function, index, states->length);
  return NULL;
}
reference IOReportStateGetNameForIndex(reference given, int32_t index) {
  CALLED();
  return reference_to(state_at(given, index, "name", __func__));
}
int64_t IOReportStateGetResidency(reference given, int32_t index) {
  CALLED();
  object *residency = state_at(given, index, "residency", __func__);
  return residency ? residency->integer : 0;
}
