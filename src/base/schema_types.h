/*
 * schema_types.h - how one scalar of each SchemaType is read; for schema.c.
 */
#pragma once

#include "base/schema.h"

/* Read text as the row's type. True with canonical text (yours) and number;
 * else false with words (yours): what is wrong and what to write. */
bool schema_type_read(const SchemaRow *row, const char *text, char **canonical,
                      int64_t *number, char **words);

/* A number in the words of its type: 900 as a duration is "15min". */
char *schema_number_new_text(SchemaType type, int64_t number);
