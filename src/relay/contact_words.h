/*
 * contact_words.h - the tables by which contact.c reads free text.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum { MARK_NONE, MARK_AT, MARK_DOT, MARK_JOIN } MarkKind;

/* Where a word may stand for a sign. */
enum {
    MARK_BARE = 1, /* between blanks: "somebody at example dot com" */
    MARK_HARD = 2, /* in brackets: "[at]", "<dot>", "(a)" */
    MARK_SOFT = 4, /* in two equal signs: "_at_", "-dot-" */
};

typedef struct {
    const char *word; /* lower case */
    MarkKind kind;
    char sign; /* what it stands for */
    unsigned where;
} Mark;

/* The longest mark at the beginning of text that may stand there. */
const Mark *contact_mark_find(const char *text, size_t length, unsigned where);

typedef enum {
    LABEL_NONE,
    LABEL_MAIL,     /* "email: " */
    LABEL_ABUSE,    /* "abuse: " */
    LABEL_NOT_MAIL, /* "xmpp: ": looks like an address and takes no mail */
} ContactLabel;
ContactLabel contact_label(const char *word, size_t length);

/* Words before a spelled-out address that are no part of it. */
bool contact_word_leads(const char *word, size_t length);
/* Words that want another word after them: "more info at". */
bool contact_word_continues(const char *word, size_t length);
/* Words before "at" that make it a place: "hosted at". */
bool contact_word_is_of_place(const char *word, size_t length);
/* Does the word say that the address is to be edited by hand? */
bool contact_word_is_edit(const char *word, size_t length);
/* Is it an address that stands for none, as "nobody@example.com"? */
bool contact_is_placeholder(const char *local, const char *domain);

/* Top-level domains in the DNS; lower case. */
bool contact_tld_is_known(const char *tld);
guint contact_tld_count(void);
const char *contact_tld_at(guint index);
