/*
 * documents.h - the kinds of documents that the relay history rests on.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

typedef enum {
    DOCUMENT_CONSENSUS,
    DOCUMENT_CONSENSUS_MICRO,
    DOCUMENT_EXIT_LIST,
    DOCUMENT_DESCRIPTOR,
    DOCUMENT_MICRO,
    DOCUMENT_TYPES
} DocumentType;
#define DOCUMENT_TYPES_MAX 15
G_STATIC_ASSERT(DOCUMENT_TYPES <= DOCUMENT_TYPES_MAX);
const char *document_type_word(uint32_t type);

/* A document, as the state knows it. */
typedef struct {
    uint32_t type;
    uint32_t when; /* 0: the document has no time */
    uint8_t sha256[32];
    uint32_t name; /* text */
} Document;
