/*
 * json.h - writing JSON for --json output and stored decisions.
 *
 * A writer over a GString that inserts commas itself and escapes every
 * string (RFC 8259; invalid UTF-8 becomes U+FFFD). Nesting is asserted, so
 * what comes out is always well formed. Reading JSON of strangers is
 * report/'s business (jansson), not this one's.
 */
#pragma once

#include "base/instant.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define JSON_DEPTH_MAX 16

typedef struct {
    GString *text;
    uint8_t depth;
    bool has_items[JSON_DEPTH_MAX + 1];
    bool after_key;
} Json;

void json_init(Json *json);
/* The text, yours; everything opened must be closed. */
char *json_steal(Json *json);

void json_object(Json *json);
void json_end_object(Json *json);
void json_array(Json *json);
void json_end_array(Json *json);

/* The name of the next value; inside an object only. */
void json_key(Json *json, const char *name);

void json_text(Json *json, const char *value); /* NULL gives null */
void json_number(Json *json, int64_t value);
void json_bool(Json *json, bool value);
void json_null(Json *json);
void json_instant(Json *json, Instant value); /* ISO 8601 or null */
/* A value that this writer made earlier and that was kept as text: put in as
 * it is. */
void json_kept(Json *json, const char *value);

/* key and value at once */
void json_put_text(Json *json, const char *name, const char *value);
void json_put_number(Json *json, const char *name, int64_t value);
void json_put_bool(Json *json, const char *name, bool value);
void json_put_instant(Json *json, const char *name, Instant value);
