/*
 * xarf_valid.h - does a XARF v4 report keep the rules of its schema? Private to
 * report/.
 */
#pragma once

#include "report/study.h"

struct json_t; /* of jansson */

#define XARF_FLAW_PREFIX "xarf-invalid: " /* of the flags that tell */
#define XARF_FLAWS_MAX   12               /* told of one report */

/* Check a report that says it is of version 4, and flag each rule that it
 * breaks, in our own words. False if its category or type is missing or no word
 * of the schema, so that what it is about is not said as it should be. */
bool xarf_valid_judge(const struct json_t *root, Report *report);
