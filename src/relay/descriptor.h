/*
 * descriptor.h - a server descriptor as its text says.
 *
 * For the sources: what of it is believed depends on who names its digest.
 */
#pragma once

#include "relay/sources.h"

#include "base/ipaddress.h"

typedef struct {
    bool wants_identity;    /* set it: hash the signing-key, too */
    PolicyMemory *policies; /* set it, or NULL: each policy is made anew */
    uint8_t digest[20];     /* as a consensus names it */
    uint32_t published;
    IpAddress own;
    char nickname[20];
    bool has_identity; /* the key was wanted and is there */
    uint8_t identity[20];
    bool has_extra; /* the line extra-info-digest, and the fingerprint */
    uint8_t extra[20];
    bool has_fingerprint;
    uint8_t fingerprint[20];
    char *policy; /* portpolicy.h */
} DescriptorReading;
void descriptor_reading_clear(DescriptorReading *reading);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DescriptorReading, descriptor_reading_clear)

/* The part that the digest covers. What stands behind it, the signature's block
 * too, may be of whoever passed the document on: nobody may read it. False: it
 * ends before. */
bool descriptor_signed_part(Text document, Text *out);
/* Read one with LF line ends. Errors: INVALID. */
bool descriptor_read(Text document, DescriptorReading *reading, GError **error);
