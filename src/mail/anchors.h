/*
 * anchors.h - from a byte of decoded text back to a byte of its source.
 *
 * Each decoding step (transfer encoding, charset, HTML) notes where its lines
 * came from; chaining the steps leads from the text shown to a person to the
 * raw message. Exact to the line, which is what a person is shown.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

/* Output from byte `at` on was made from input from byte `from` on. */
typedef struct {
    uint32_t at, from;
} Anchor;

GArray *anchors_new(void);

/* Append; at and from must not go back. Left out if the last anchor already
 * says the same by counting on. */
void anchors_add(GArray *anchors, size_t at, size_t from);

/* The input byte of an output byte; never past the next anchor's. */
uint32_t anchors_find(const GArray *anchors, uint32_t at);

/* outer leads from text to the middle, inner from the middle to the raw
 * bytes; the result leads from text to the raw bytes. */
GArray *anchors_chain(const GArray *outer, const GArray *inner);
