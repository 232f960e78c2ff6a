#include "fake.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * Objective-C. A class is the answer with its name, a tree: keys are its methods, and what they give. What a method gives belongs to the
 * pool that is open, and is gone when that is closed. {"$other":1} is nil. Numbers, booleans and objects come back in their own registers;
 * the other register holds what nobody wants.
 */
#define MAGIC_CLASS 0xC1A55C1A55C1A55CUL
#define MAGIC_SELECTOR 0x5E1EC705E1EC7051UL
#define RUBBISH 0xA5A5A5A5A5A5A500UL

typedef struct named {
  uint64_t magic;
  char *name;
  struct named *next;
} named;
static named *known;

static named *name_of(uint64_t magic, const char *name) {
  for (named *one = known; one; one = one->next)
    if (one->magic == magic && !strcmp(one->name, name)) return one;
  named *one = high_memory(sizeof *one);
  *one = (named){magic, strdup(name), known};
  return known = one;
}
static const char *name_at(const void *given, uint64_t magic) {
  for (named *one = known; one; one = one->next)
    if (one == given) return one->magic == magic ? one->name : NULL;
  return NULL;
}

void *objc_getClass(const char *name) {
  CALLED();
  return find_answer("%s", name) ? name_of(MAGIC_CLASS, name) : NULL;
}
void *sel_registerName(const char *name) {
  CALLED();
  return name_of(MAGIC_SELECTOR, name);
}

#define MOST 16
static struct {
  object **held;
  long length;
  /* What the caller knows it by. */
  void *token;
} pools[MOST];
static int open_pools;

void *objc_autoreleasePoolPush(void) {
  CALLED();
  if (open_pools == MOST) {
    fault("%s: %d pools are open", __func__, MOST);
    return NULL;
  }
  void *token = high_memory(16);
  pools[open_pools].length = 0;
  pools[open_pools++].token = token;
  return token;
}
static void drain(void) {
  open_pools--;
  while (pools[open_pools].length) release(pools[open_pools].held[--pools[open_pools].length]);
  free(pools[open_pools].held);
  pools[open_pools].held = NULL;
}
void objc_autoreleasePoolPop(void *token) {
  CALLED();
  if (!open_pools || pools[open_pools - 1].token != token) {
    fault("%s(%p): not the pool that was opened last", __func__, token);
    return;
  }
  drain();
}
int live_pools(void) { return open_pools; }
void forget_pools(void) {
  while (open_pools) drain();
}

/* The caller does not own it. Without a pool it leaks, which the real one tells too. */
static reference lend(object *one, const char *selector) {
  if (!open_pools) fault("%s: its object leaks, because no pool is open", selector);
  else {
    int top = open_pools - 1;
    pools[top].held = realloc(pools[top].held, (size_t)(pools[top].length + 1) * sizeof(object *));
    pools[top].held[pools[top].length++] = retain(one);
  }
  return reference_to(one);
}

/* What the caller finds in the register for floating-point numbers. */
__attribute__((visibility("hidden"))) double message_number;

static uint64_t answer_of(object *methods, const char *selector, const void *argument) {
  if (!strcmp(selector, "respondsToSelector:")) {
    const char *asked = name_at(argument, MAGIC_SELECTOR);
    if (!asked) fault("respondsToSelector: of no selector");
    return RUBBISH | (asked && value_of(methods, asked) ? 1 : 0);
  }
  object *value = value_of(methods, selector);
  if (!value) {
    fault("%s: a message that nobody understands, which ends the program", selector);
    return 0;
  }
  switch (value->kind) {
    case KIND_BOOLEAN:
      return RUBBISH | (value->integer ? 1 : 0);
    case KIND_NUMBER:
      if (!value->is_float) return (uint64_t)value->integer;
      message_number = value->real;
      return RUBBISH;
    case KIND_OTHER:
      return 0;
    default:
      return (uint64_t)(uintptr_t)lend(value, selector);
  }
}

__attribute__((visibility("hidden"))) uint64_t send_message(const void *receiver, const void *given, const void *argument) {
  called("objc_msgSend");
  message_number = NAN;
  const char *selector = name_at(given, MAGIC_SELECTOR);
  if (!selector) {
    fault("objc_msgSend: %p is no selector", given);
    return 0;
  }
  if (!receiver) {
    fault("%s: sent to nil", selector);
    return 0;
  }
  const char *class_name = name_at(receiver, MAGIC_CLASS);
  if (!class_name) {
    object *methods = object_of_kind(receiver, KIND_DICTIONARY, selector);
    return methods ? answer_of(methods, selector, argument) : 0;
  }
  answer *one = find_answer("%s", class_name);
  object *methods = tree_of((char *)one->bytes, one->length, "objc_msgSend");
  uint64_t result = answer_of(methods, selector, argument);
  release(methods);
  return result;
}

#if defined(__x86_64__)
/* A structure of an integer and a double comes back in rax and xmm0: in both registers at once. */
struct both {
  uint64_t whole;
  double number;
};
struct both objc_msgSend(const void *receiver, const void *selector, const void *argument) {
  uint64_t whole = send_message(receiver, selector, argument);
  return (struct both){whole, message_number};
}
#elif defined(__aarch64__)
__asm__(".text\n"
        ".globl objc_msgSend\n"
        ".type objc_msgSend, %function\n"
        "objc_msgSend:\n"
        "  stp x29, x30, [sp, #-16]!\n"
        "  mov x29, sp\n"
        "  bl send_message\n"
        "  adrp x9, message_number\n"
        "  ldr d0, [x9, :lo12:message_number]\n"
        "  ldp x29, x30, [sp], #16\n"
        "  ret\n"
        ".size objc_msgSend, . - objc_msgSend\n");
#endif
