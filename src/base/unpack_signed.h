/*
 * unpack_signed.h - what an S/MIME signature holds.
 *
 * Signatures are not checked here, and nothing is decrypted: whoever signed,
 * the text can be read.
 *
 * Authority: RFC 5652 (CMS), RFC 8551 (S/MIME).
 */
#pragma once

#include <glib.h>
#include <stddef.h>

typedef enum {
    SIGNED_TEXT,      /* signed data with its content */
    SIGNED_NOTHING,   /* certificates or a detached signature only */
    SIGNED_ENCRYPTED, /* enveloped or encrypted data */
    SIGNED_UNKNOWN,   /* compressed or another kind */
    SIGNED_DAMAGED,
} SignedKind;

/* *content is yours and only there for SIGNED_TEXT. bytes are DER, BER or
 * PEM. */
SignedKind unpack_signed(const void *bytes, size_t length, GBytes **content);
