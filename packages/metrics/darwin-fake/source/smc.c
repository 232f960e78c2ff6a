#include "fake.h"
#include <stdio.h>
#include <string.h>

/*
 * The system management controller, as its service answers: keys with values, of which fans have some that change others. Where the fields
 * of a packet lie is the answer `smc-layout`: numbers of 4 bytes, in the order of `enum field`. `smc-keys` is all names, four letters each.
 * `smc:NAME` is a value; its `error` is the number of its type, its `result` what reading it gives.
 */
#define NOT_PRIVILEGED ((int)0xe00002c1)
#define BAD_ARGUMENT ((int)0xe00002c2)
#define FIRST 0x7000u
#define MOST 64
enum field { KEY, SIZE, TYPE, RESULT, COMMAND, INDEX, BYTES, TOTAL, FIELDS };
enum command { READ = 5, WRITE = 6, KEY_AT = 8, KEY_INFO = 9 };
enum result { DONE = 0, BAD_COMMAND = 0x82, NO_KEY = 0x84, NOT_WRITABLE = 0x86, WRONG_SIZE = 0x87 };

static int open_connections[MOST];
static int used;
/* Times that the mode of a fan is still written in vain after it was unlocked. */
static int patience;

int live_connections(void) {
  int live = 0;
  for (int i = 0; i < MOST; i++) live += open_connections[i];
  return live;
}
void forget_connections(void) {
  memset(open_connections, 0, sizeof open_connections);
  used = patience = 0;
}

int IOServiceOpen(uint32_t service, uint32_t task, uint32_t type, uint32_t *connection) {
  CALLED();
  if (!is_entry_of(service, "AppleSMC", __func__)) return BAD_ARGUMENT;
  if (task != 0x103u) fault("%s: task %#x", __func__, task);
  if (type) fault("%s: type %u", __func__, type);
  answer *refusal = find_answer("IOServiceOpen");
  if (refusal) return refusal->result;
  /* Numbers are given anew as late as may be, and never one that is open. */
  int tries = 0;
  while (tries < MOST && open_connections[used % MOST]) used++, tries++;
  if (tries == MOST) {
    fault("%s: too many connections", __func__);
    return BAD_ARGUMENT;
  }
  used %= MOST;
  open_connections[used] = 1;
  *connection = FIRST + (uint32_t)used++;
  return 0;
}
static int is_open(uint32_t connection, const char *function) {
  if (connection >= FIRST && connection < FIRST + MOST && open_connections[connection - FIRST]) return 1;
  fault("%s: %#x is no open connection", function, connection);
  return 0;
}
int IOServiceClose(uint32_t connection) {
  CALLED();
  if (!is_open(connection, __func__)) return BAD_ARGUMENT;
  open_connections[connection - FIRST] = 0;
  return 0;
}

static uint32_t fields[FIELDS];
static uint32_t number_at(const unsigned char *packet, enum field at) {
  uint32_t value;
  memcpy(&value, packet + fields[at], 4);
  return value;
}
static void put_number(unsigned char *packet, enum field at, uint32_t value) { memcpy(packet + fields[at], &value, 4); }

static void name_of(uint32_t code, char name[5]) {
  for (int i = 0; i < 4; i++) name[i] = (char)(code >> (24 - 8 * i));
  name[4] = 0;
}
static answer *value_named(const char *name) { return find_answer("smc:%s", name); }
static int first_byte(const char *name) {
  answer *one = value_named(name);
  return one && one->length ? one->bytes[0] : -1;
}
static void set_value(const char *name, const void *bytes, size_t length) {
  answer *one = value_named(name);
  if (one && one->length == length) memcpy(one->bytes, bytes, length);
}
/* The firmware has the fan again: it turns as `smc-auto:F0` says. */
static void give_to_firmware(char digit) {
  answer *speed = find_answer("smc-auto:F%c", digit);
  char target[5] = {'F', digit, 'T', 'g', 0}, actual[5] = {'F', digit, 'A', 'c', 0};
  if (!speed) return;
  set_value(target, speed->bytes, speed->length);
  set_value(actual, speed->bytes, speed->length);
}
static int is_manual(char digit) {
  char modern[5] = {'F', digit, 'M', 'd', 0}, newest[5] = {'F', digit, 'm', 'd', 0};
  if (value_named(modern)) return first_byte(modern) == 1;
  if (value_named(newest)) return first_byte(newest) == 1;
  answer *mask = value_named("FS! ");
  return mask && mask->length == 2 && ((mask->bytes[0] << 8 | mask->bytes[1]) >> (digit - '0') & 1);
}

/* `smc-unlock` is a firmware that lets go of fans only after `Ftst` is 1, and after so many tries (`result`); `error` is what it answers before. */
static int write_mode(const char *name, const unsigned char *bytes, size_t length) {
  answer *lock = find_answer("smc-unlock");
  if (lock && bytes[0] == 1) {
    if (first_byte("Ftst") != 1) return lock->error;
    if (patience > 0) {
      patience--;
      return lock->error;
    }
  }
  set_value(name, bytes, length);
  if (bytes[0] != 1) give_to_firmware(name[1]);
  return DONE;
}
static int write_value(const char *name, const unsigned char *bytes, size_t length) {
  answer *one = value_named(name);
  if (!one) return NO_KEY;
  if (find_answer("smc-fixed:%s", name)) return NOT_WRITABLE;
  if (one->length != length) return WRONG_SIZE;
  int is_of_fan = name[0] == 'F' && name[1] >= '0' && name[1] <= '9';
  if (is_of_fan && (!strcmp(name + 2, "Md") || !strcmp(name + 2, "md"))) return write_mode(name, bytes, length);
  if (is_of_fan && !strcmp(name + 2, "Tg")) {
    /* A speed that is given while the firmware has the fan is gone at once. */
    if (!is_manual(name[1])) return DONE;
    char actual[5] = {'F', name[1], 'A', 'c', 0};
    set_value(name, bytes, length);
    set_value(actual, bytes, length);
    return DONE;
  }
  set_value(name, bytes, length);
  if (!strcmp(name, "Ftst")) {
    answer *lock = find_answer("smc-unlock");
    patience = lock ? lock->result : 0;
    if (!bytes[0])
      for (char digit = '0'; digit <= '9'; digit++) {
        char mode[5] = {'F', digit, 'M', 'd', 0};
        unsigned char system = 3;
        set_value(mode, &system, 1);
        give_to_firmware(digit);
      }
  }
  if (!strcmp(name, "FS! "))
    for (char digit = '0'; digit <= '9'; digit++)
      if (!is_manual(digit)) give_to_firmware(digit);
  return DONE;
}

static int answer_to(const unsigned char *asked, unsigned char *given) {
  char name[5];
  name_of(number_at(asked, KEY), name);
  answer *keys = find_answer("smc-keys");
  uint32_t count = keys ? (uint32_t)(keys->length / 4) : 0;
  unsigned char whole[4] = {(unsigned char)(count >> 24), (unsigned char)(count >> 16), (unsigned char)(count >> 8), (unsigned char)count};
  answer *one = value_named(name);
  int is_count = !strcmp(name, "#KEY");
  switch (asked[fields[COMMAND]]) {
    case KEY_AT: {
      uint32_t index = number_at(asked, INDEX);
      if (index >= count) return NO_KEY;
      const unsigned char *letters = keys->bytes + index * 4;
      put_number(given, KEY, (uint32_t)letters[0] << 24 | (uint32_t)letters[1] << 16 | (uint32_t)letters[2] << 8 | letters[3]);
      return DONE;
    }
    case KEY_INFO:
      if (!one && !is_count) return NO_KEY;
      put_number(given, SIZE, is_count ? 4 : (uint32_t)one->length);
      put_number(given, TYPE, is_count ? 0x75693332u : (uint32_t)one->error);
      return DONE;
    case READ:
      if (is_count) {
        memcpy(given + fields[BYTES], whole, 4);
        return DONE;
      }
      if (!one) return NO_KEY;
      if (number_at(asked, SIZE) != one->length) return WRONG_SIZE;
      memcpy(given + fields[BYTES], one->bytes, one->length < 32 ? one->length : 32);
      return one->result;
    case WRITE: return write_value(name, asked + fields[BYTES], number_at(asked, SIZE));
    default: fault("the SMC: command %d", asked[fields[COMMAND]]); return BAD_COMMAND;
  }
}

int IOConnectCallStructMethod(uint32_t connection, uint32_t method, const void *asked, size_t length, void *given, size_t *room) {
  CALLED();
  if (!is_open(connection, __func__)) return BAD_ARGUMENT;
  answer *layout = find_answer("smc-layout");
  if (!layout || layout->length != sizeof fields) {
    fault("%s: no layout", __func__);
    return BAD_ARGUMENT;
  }
  memcpy(fields, layout->bytes, sizeof fields);
  if (method != 2) fault("%s: method %u", __func__, method);
  if (length != fields[TOTAL] || *room != fields[TOTAL]) {
    fault("%s: %zu and %zu bytes of %u", __func__, length, *room, fields[TOTAL]);
    return BAD_ARGUMENT;
  }
  answer *refusal = find_answer("IOConnectCallStructMethod");
  if (refusal) return refusal->result;
  if (((const unsigned char *)asked)[fields[COMMAND]] == WRITE && !find_answer("smc-root")) return NOT_PRIVILEGED;
  for (uint32_t i = fields[BYTES]; i < fields[BYTES] + 32 && ((const unsigned char *)asked)[fields[COMMAND]] != WRITE; i++)
    if (((const unsigned char *)asked)[i]) {
      fault("%s: a question that holds a value", __func__);
      break;
    }
  memset(given, 0, fields[TOTAL]);
  ((unsigned char *)given)[fields[RESULT]] = (unsigned char)answer_to(asked, given);
  return 0;
}
