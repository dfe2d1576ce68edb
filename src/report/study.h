/*
 * study.h - what the files of report/ share while they read one mail.
 *
 * Private to report/. The order is in read.c: formats claim parts and state
 * facts, blocks.c cuts the rest, then each question (language, category,
 * sender, ...) is answered by one file from the blocks.
 */
#pragma once

#include "report/report.h"
#include "report/words.h"

#define STUDY_TEXT_MAX   (2u * 1024 * 1024) /* words are looked for in this */
#define STATEMENTS_MAX   20000
#define REFERENCES_MAX   32
#define FLAGS_MAX        64
#define WHY_MAX          12  /* quotes kept as reasons for one answer */
#define ADDRESS_TEXT_MAX 320 /* RFC 5321 4.5.3.1: 64 + @ + 255 */

/* What a format has said about a part. */
typedef enum {
    USE_READ,    /* nothing: blocks.c decides */
    USE_MACHINE, /* read by a format */
    USE_SAMPLE,  /* the reported message itself */
    USE_SKIP,    /* the other half of an alternative, a container */
} PartUse;

/* A stretch of a part's text that a format has read or knows the use of. */
typedef struct {
    uint16_t part;
    uint32_t at, length;
    BlockKind kind;
} MarkedSpan;

typedef struct {
    const Mail *mail;
    Report *report;
    uint8_t *uses;            /* PartUse of each part */
    GArray *spans;            /* of MarkedSpan, in no order */
    const char *category;     /* stated by a format; static, or NULL */
    Quote *category_quote;    /* where; or NULL */
    bool category_is_firm;    /* words may not overrule it */
    SenderClass sender_class; /* stated by a format, or SENDER_UNKNOWN */
    const char *sender_why;   /* static */
    const char *feed;         /* the row of FEEDS it is of; static, or NULL */
    const char *no_complaint; /* a format says so, with the reason; static */
    GPtrArray *folded;        /* of FoldedText, one a block; NULL = too much */
    size_t folded_bytes;
} Study;

/* The text of a part that a person or a program may read, or NULL. */
const char *study_part_text(const Study *study, size_t part);
/* Words at a place of a part, cut to QUOTE_MAX, blanks around taken off. */
Quote *study_quote(const Study *study, uint16_t part, size_t at, size_t length);
/* The bytes a block covers; valid as long as the mail. */
const char *study_block_text(const Study *study, const Block *block);
/* The block's text folded; NULL when STUDY_TEXT_MAX is used up. */
const FoldedText *study_folded(Study *study, guint block);
/* A quote of a hit within a block. */
Quote *study_hit_quote(const Study *study, const Block *block,
                       const WordHit *hit);
/* How the subject is reached like a block's text. */
Quote *study_subject_quote(const Mail *mail, size_t at, size_t length);

/* 1 to 64 bytes: letters of any script, digits, :#._/@+- and single blanks
 * inside. A letter repeats less (reply/words.c). */
bool reference_is_valid(const char *value);

Report *report_new(void);
void study_state_category(Study *study, const char *category, Quote *quote,
                          bool is_firm);
void study_add_reference(Study *study, Quote *value, const char *where);
Statement *study_add_statement(Study *study);

/* Say what a stretch of a part's text is; at most SPANS_MAX are kept. */
void study_mark(Study *study, uint16_t part, size_t at, size_t length,
                BlockKind kind);
#define SPANS_MAX    64
#define SPAN_GAP_MAX 8 /* marks this near to each other become one */

/* Is the part inside a container of that use (or of it itself)? */
bool study_is_within(const Study *study, size_t part, PartUse use);
/* Is the part inside a message/rfc822? */
bool study_is_inner(const Study *study, size_t part);

/* blocks.c */
void blocks_cut(Study *study);
/* formats.c */
void formats_read(Study *study);

/* An inline forward: where its marker line begins, where its own text begins
 * behind the header lines, and the address in its From line or NULL. */
typedef struct {
    size_t marker, body;
    char *author;
} InlineForward;
/* The first one in length bytes of text; false if there is none. Free
 * author. is_forward: the Subject says so, then "NAME wrote:" is enough.
 * (forwarded_inline.c) */
bool inline_forward_find(const char *text, size_t length, bool is_forward,
                         InlineForward *out);
/* Does what stands above a forward say that a complaint is passed on? */
bool note_passes_on(const char *note, size_t length);
/* "Fwd: ...", in many languages. */
bool subject_says_forward(const char *subject);

/* How strongly does the text accuse somebody? 0 not at all, from
 * ACCUSATION_CLEAR on there is no doubt. (plain.c) */
#define ACCUSATION_CLEAR 5
int accusation_score(const char *text, size_t length);
