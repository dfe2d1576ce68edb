/*
 * rtf.h - the text of an RTF document.
 *
 * Authority: Rich Text Format Specification 1.9.1.
 */
#pragma once

#include <glib.h>
#include <stddef.h>

/* Append the text to out, until that has max_bytes. The flaw says what is
 * missing, NULL if nothing; static. */
const char *rtf_read(const char *bytes, size_t length, size_t max_bytes,
                     GString *out);
