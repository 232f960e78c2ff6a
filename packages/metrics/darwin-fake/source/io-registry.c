#include "fake.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BAD_ARGUMENT ((int)0xe00002c2)
#define NO_DEVICE ((int)0xe00002c0)
#define FIRST 0x1000u
#define MOST_HANDLES 65536u
/* No entry has this number. */
#define NOBODY (-2L)

/* An entry of the registry, as a test has described it. `classes` are the names that it conforms to, each between two commas. */
typedef struct entry {
  long id, parent;
  char *name, *classes, *properties;
  int result;
  struct entry *next;
} entry;
static entry *entries, *last;

static struct {
  int references;
  int is_iterator;
  entry *at;
  /* What an iterator goes over: entries of a class, or where `parent` is not NOBODY the children of one. */
  char class_name[96];
  long parent;
} handles[MOST_HANDLES];
static unsigned used, next;
static long live;

void fake_entry(long id, long parent, const char *name, const char *classes, const char *properties, int result) {
  entry *one = entries;
  while (one && one->id != id) one = one->next;
  int is_known = one != NULL;
  /* One that is described again is the same entry, whose properties have changed. */
  if (is_known) {
    free(one->name);
    free(one->classes);
    free(one->properties);
  } else {
    one = calloc(1, sizeof *one);
    one->id = id;
  }
  one->parent = parent;
  one->name = strdup(name);
  one->classes = strdup(classes);
  one->properties = strdup(properties);
  one->result = result;
  if (is_known) return;
  if (last)
    last->next = one;
  else
    entries = one;
  last = one;
}

static int conforms(const entry *one, const char *class_name) {
  char wanted[128];
  snprintf(wanted, sizeof wanted, ",%s,", class_name);
  return strstr(one->classes, wanted) != NULL;
}
static uint32_t hand_out(int is_iterator, entry *at, const char *class_name) {
  /* A number is given anew as late as can be: who still uses the handle that had it is found out until then. */
  unsigned index = next % MOST_HANDLES;
  for (unsigned tried = 1; handles[index].references > 0; tried++, index = ++next % MOST_HANDLES)
    if (tried == MOST_HANDLES) {
      fault("too many handles");
      return 0;
    }
  next++;
  if (used <= index) used = index + 1;
  handles[index].references = 1;
  handles[index].is_iterator = is_iterator;
  handles[index].at = at;
  snprintf(handles[index].class_name, sizeof handles[index].class_name, "%s", class_name);
  handles[index].parent = NOBODY;
  live++;
  return FIRST + index;
}
static int is_held(uint32_t handle, int is_iterator, const char *function) {
  if (handle < FIRST || handle - FIRST >= used) {
    fault("%s: %#x is no handle", function, handle);
    return 0;
  }
  if (handles[handle - FIRST].references <= 0) {
    fault("%s: handle %#x is used after its release", function, handle);
    return 0;
  }
  if (is_iterator >= 0 && handles[handle - FIRST].is_iterator != is_iterator) {
    fault("%s: handle %#x is %s iterator", function, handle, is_iterator ? "no" : "an");
    return 0;
  }
  return 1;
}
int is_entry_of(uint32_t handle, const char *class_name, const char *function) {
  if (!is_held(handle, 0, function)) return 0;
  if (conforms(handles[handle - FIRST].at, class_name)) return 1;
  fault("%s: handle %#x is of another class than %s", function, handle, class_name);
  return 0;
}
static entry *first_of(entry *from, const char *class_name) {
  while (from && !conforms(from, class_name)) from = from->next;
  return from;
}
static entry *first_child(entry *from, long parent) {
  while (from && from->parent != parent) from = from->next;
  return from;
}

reference IOServiceMatching(const char *class_name) {
  CALLED();
  object *dictionary = make_object(KIND_DICTIONARY, __func__);
  append_value(dictionary, make_text("IOProviderClass", __func__), make_text(class_name, __func__));
  return reference_to(dictionary);
}
/* Takes one reference to the matching dictionary over, also when it fails. */
int IOServiceGetMatchingServices(uint32_t port, reference given, uint32_t *iterator) {
  CALLED();
  if (port) fault("%s: port %#x", __func__, port);
  object *matching = object_of_kind(given, KIND_DICTIONARY, __func__);
  if (!matching) return BAD_ARGUMENT;
  object *class_name = value_of(matching, "IOProviderClass");
  char name[96];
  snprintf(name, sizeof name, "%s", class_name ? class_name->bytes : "");
  release(matching);
  answer *refusal = find_answer("IOServiceGetMatchingServices:%s", name);
  if (refusal) return refusal->result;
  *iterator = hand_out(1, first_of(entries, name), name);
  return 0;
}
uint32_t IOIteratorNext(uint32_t iterator) {
  CALLED();
  if (!is_held(iterator, 1, __func__)) return 0;
  entry *one = handles[iterator - FIRST].at;
  if (!one) return 0;
  long parent = handles[iterator - FIRST].parent;
  handles[iterator - FIRST].at =
      parent == NOBODY ? first_of(one->next, handles[iterator - FIRST].class_name) : first_child(one->next, parent);
  return hand_out(0, one, "");
}
int IOObjectRelease(uint32_t handle) {
  CALLED();
  if (!is_held(handle, -1, __func__)) return BAD_ARGUMENT;
  if (--handles[handle - FIRST].references == 0) live--;
  return 0;
}
uint32_t IOObjectConformsTo(uint32_t handle, const char *class_name) {
  CALLED();
  return is_held(handle, 0, __func__) && conforms(handles[handle - FIRST].at, class_name);
}
int IORegistryEntryGetParentEntry(uint32_t handle, const char *plane, uint32_t *parent) {
  CALLED();
  if (strcmp(plane, "IOService")) fault("%s: plane %s", __func__, plane);
  if (!is_held(handle, 0, __func__)) return BAD_ARGUMENT;
  long id = handles[handle - FIRST].at->parent;
  for (entry *one = entries; one; one = one->next)
    if (one->id == id) {
      *parent = hand_out(0, one, "");
      return 0;
    }
  return NO_DEVICE;
}
/* An entry without children gives an iterator that has nothing. */
int IORegistryEntryGetChildIterator(uint32_t handle, const char *plane, uint32_t *iterator) {
  CALLED();
  if (strcmp(plane, "IOService")) fault("%s: plane %s", __func__, plane);
  if (!is_held(handle, 0, __func__)) return BAD_ARGUMENT;
  long id = handles[handle - FIRST].at->id;
  *iterator = hand_out(1, first_child(entries, id), "");
  handles[*iterator - FIRST].parent = id;
  return 0;
}
/* The caller's buffer has 128 bytes (io_name_t). */
int IORegistryEntryGetName(uint32_t handle, char *name) {
  CALLED();
  if (!is_held(handle, 0, __func__)) return BAD_ARGUMENT;
  memset(name, 0, 128);
  snprintf(name, 128, "%s", handles[handle - FIRST].at->name);
  return 0;
}
/* What the registry numbers an entry with: as long as the machine runs, no other has it. */
int IORegistryEntryGetRegistryEntryID(uint32_t handle, uint64_t *id) {
  CALLED();
  if (!is_held(handle, 0, __func__)) return BAD_ARGUMENT;
  *id = 0x100000000UL + (uint64_t)handles[handle - FIRST].at->id;
  return 0;
}
int IORegistryEntryCreateCFProperties(uint32_t handle, reference *made, reference allocator, uint32_t options) {
  CALLED();
  if (allocator || options) fault("%s: allocator %p, options %u", __func__, allocator, options);
  if (!is_held(handle, 0, __func__)) return BAD_ARGUMENT;
  entry *one = handles[handle - FIRST].at;
  if (one->result) return one->result;
  *made = reference_to(tree_of(one->properties, strlen(one->properties), __func__));
  return 0;
}
reference IORegistryEntryCreateCFProperty(uint32_t handle, reference key, reference allocator, uint32_t options) {
  CALLED();
  if (allocator || options) fault("%s: allocator %p, options %u", __func__, allocator, options);
  object *name = object_of_kind(key, KIND_TEXT, __func__);
  if (!name || !is_held(handle, 0, __func__)) return NULL;
  entry *one = handles[handle - FIRST].at;
  if (one->result) return NULL;
  object *all = tree_of(one->properties, strlen(one->properties), __func__);
  object *found = retain(value_of(all, name->bytes));
  release(all);
  return reference_to(found);
}

long live_handles(void) { return live; }
void forget_registry(void) {
  while (entries) {
    entry *one = entries;
    entries = one->next;
    free(one->name);
    free(one->classes);
    free(one->properties);
    free(one);
  }
  last = NULL;
  memset(handles, 0, sizeof handles);
  used = next = 0;
  live = 0;
}
