#include "fake.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *at;
static const char *maker;

static void pass_blanks(void) {
  while (*at == ' ' || *at == '\n' || *at == ',' || *at == ':') at++;
}

/* What lies between two quotes; JSON.stringify escapes only quotes, backslashes and control characters. */
static char *read_string(void) {
  char *text = malloc(strlen(at) + 1), *end = text;
  for (at++; *at && *at != '"'; at++) {
    if (*at == '\\') {
      at++;
      if (*at == 'u') {
        unsigned code;
        sscanf(at + 1, "%4x", &code);
        *end++ = (char)code;
        at += 4;
        continue;
      }
      *end++ = *at == 'n' ? '\n' : *at == 't' ? '\t' : *at;
    } else
      *end++ = *at;
  }
  if (*at) at++;
  *end = 0;
  return text;
}

static object *read_value(void);

static object *read_data(void) {
  object *data = make_object(KIND_DATA, maker);
  char *digits = read_string();
  data->length = (long)strlen(digits) / 2;
  data->bytes = high_memory((size_t)data->length + 1);
  for (long i = 0; i < data->length; i++) {
    unsigned byte;
    sscanf(digits + 2 * i, "%2x", &byte);
    data->bytes[i] = (char)byte;
  }
  free(digits);
  return data;
}

static object *read_dictionary(void) {
  object *made = NULL;
  object *dictionary = NULL;
  at++;
  for (pass_blanks(); *at && *at != '}'; pass_blanks()) {
    char *key = read_string();
    pass_blanks();
    if (!strcmp(key, "$data"))
      made = read_data();
    else if (!strcmp(key, "$other")) {
      release(read_value());
      made = make_object(KIND_OTHER, maker);
    } else if (!strcmp(key, "$double")) {
      made = read_value();
      made->is_float = 1;
    } else {
      if (!dictionary) dictionary = make_object(KIND_DICTIONARY, maker);
      append_value(dictionary, make_text(key, maker), read_value());
    }
    free(key);
  }
  if (*at) at++;
  if (made) return made;
  return dictionary ? dictionary : make_object(KIND_DICTIONARY, maker);
}

static object *read_array(void) {
  object *array = make_object(KIND_ARRAY, maker);
  at++;
  for (pass_blanks(); *at && *at != ']'; pass_blanks()) append_value(array, NULL, read_value());
  if (*at) at++;
  return array;
}

static object *read_number(void) {
  object *number = make_object(KIND_NUMBER, maker);
  char *end;
  number->integer = (int64_t)strtoull(*at == '-' ? at + 1 : at, &end, 10);
  if (*at == '-') number->integer = -number->integer;
  number->real = (double)number->integer;
  if (*end == '.' || *end == 'e') {
    number->is_float = 1;
    number->real = strtod(at, &end);
  }
  if (end == at) {
    fault("no JSON: %.40s", at);
    at += strlen(at);
  } else
    at = end;
  return number;
}

static object *read_value(void) {
  pass_blanks();
  if (*at == '"') {
    char *text = read_string();
    object *made = make_text(text, maker);
    free(text);
    return made;
  }
  if (*at == '{') return read_dictionary();
  if (*at == '[') return read_array();
  int yes = !strncmp(at, "true", 4);
  if (yes || !strncmp(at, "false", 5)) {
    at += yes ? 4 : 5;
    object *made = make_object(KIND_BOOLEAN, maker);
    made->integer = yes;
    return made;
  }
  return read_number();
}

object *tree_of(const char *json, size_t length, const char *made_by) {
  char *text = strndup(json, length);
  at = text;
  maker = made_by;
  object *made = read_value();
  free(text);
  return made;
}
