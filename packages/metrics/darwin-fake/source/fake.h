/*
 * A stand-in for the libraries of macOS, for tests on Linux. It exports their functions, gives the answers that a test has set, and
 * writes down every mistake of its caller. It knows no structure: answers are bytes, which tests encode from the facts about Apple's
 * headers. What a function does beyond that (who owns what, which error) follows Apple's documentation.
 */
#ifndef FAKE_H
#define FAKE_H
#include <stddef.h>
#include <stdint.h>

/* audit.c: what the caller did wrong, and what it called. */
void fault(const char *format, ...) __attribute__((format(printf, 1, 2)));
void called(const char *function);
#define CALLED() called(__func__)
int fault_count(void);
const char *fault_text(void);
void append_calls(char *text, size_t room);
void forget_faults(void);

/* memory.c: memory above 4 GiB, so that an address that was cut to 32 bits faults at its first use. */
void *high_memory(size_t length);

/* answer.c: what a test has set, by key. */
typedef struct answer {
  char *key;
  unsigned char *bytes;
  size_t length;
  int result;
  int error;
  struct answer *next;
} answer;
answer *find_answer(const char *format, ...) __attribute__((format(printf, 1, 2)));
void forget_answers(void);

/* object.c: Core Foundation's objects. A number's address has its highest bit set, as small ones have on a Mac. */
enum kind { KIND_TEXT = 7, KIND_DICTIONARY = 18, KIND_ARRAY = 19, KIND_DATA = 20, KIND_BOOLEAN = 21, KIND_NUMBER = 22, KIND_OTHER = 42 };
typedef struct object {
  uint64_t magic;
  enum kind kind;
  int references;
  int is_float;
  int is_mutable;
  const char *made_by;
  char *bytes;
  long length;
  long room;
  struct object **keys;
  struct object **values;
  int64_t integer;
  double real;
  struct object *older;
} object;
typedef const void *reference;
object *make_object(enum kind kind, const char *made_by);
object *make_text(const char *text, const char *made_by);
object *make_constant(const char *text);
void append_value(object *container, object *key, object *value);
object *value_of(const object *dictionary, const char *key);
object *retain(object *one);
void release(object *one);
/* The object behind a reference; NULL, and a fault, when it is none, or gone, or of another kind. */
object *object_of(reference given, const char *function);
object *object_of_kind(reference given, enum kind kind, const char *function);
reference reference_to(object *one);
long live_objects(void);
void append_leaks(char *text, size_t room);
void forget_objects(void);

/* json.c: a tree of objects from JSON; {"$data":"00ff"} is data, {"$other":1} an object of a kind that nobody knows, {"$double":5} a
 * floating-point number that is whole. */
object *tree_of(const char *json, size_t length, const char *made_by);

/* descriptor.c: descriptors that were given away, and who closes them: the caller, or who has lent them. */
int give_descriptor(int descriptor, const char *made_by, int is_lent, void (*closed)(int));
int is_known(int descriptor);
void take_back(int descriptor);
void really_close(int descriptor);
void hexadecimal(char *text, size_t room, const void *bytes, size_t length);
int live_descriptors(void);
void forget_descriptors(void);

/* objective-c.c, for the report: pools of objects that nobody closed. */
int live_pools(void);
void forget_pools(void);

/* notify.c, for the report. */
int live_tokens(void);
void forget_tokens(void);

/* mach.c and io-registry.c, for the report. */
int host_references(void);
int live_regions(void);
void forget_mach(void);
long live_handles(void);
void forget_registry(void);
/* io-registry.c: whether a handle is held, and one of an entry of a class. */
int is_entry_of(uint32_t handle, const char *class_name, const char *function);

/* smc.c, for the report: connections that are open. */
int live_connections(void);
void forget_connections(void);
#endif
