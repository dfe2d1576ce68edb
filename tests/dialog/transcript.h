/*
 * transcript.h - an LMTP dialogue of lmtp/, see lmtp/README for the notation.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint32_t max_bytes;
    GByteArray *client; /* all that the client sends */
    GString *replies;   /* all that the server says */
    GString *mails;     /* see transcript_add_mail */
    bool ends;
} Transcript;

Transcript *transcript_read(const char *path);
void transcript_free(Transcript *transcript);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Transcript, transcript_free)

/* The form in which mails are compared: "<from> <to> ..." LF bytes LF. */
void transcript_add_mail(GString *mails, const char *from,
                         const GPtrArray *recipients, GBytes *raw);
/* Is this address one of the dialogues' own? */
bool transcript_accepts(const char *address);
