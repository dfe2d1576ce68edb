/*
 * form.h - text that a web form has sent as it encodes it.
 *
 * Authority: URL Standard, application/x-www-form-urlencoded.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Is the text nothing but fields "key=value" with "%3A" and "+" in them? By its
 * type, or by every line of it. */
bool form_is_one(const char *content_type, const char *text);

/* A line "key: value" for each field, decoded. anchors (of Anchor: result ->
 * text) is filled. */
GString *form_decode(const char *text, GArray *anchors);
