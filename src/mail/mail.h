/*
 * mail.h - a message as received: raw bytes, headers, parts, decoded text.
 *
 * First stage of the pipeline: bytes in, Mail out; no files, clock or network.
 * mail/ is the only user of GMime (tree), libxml2 (HTML to text) and iconv
 * (charsets). Base64 and quoted-printable are decoded by us: GMime 3.2.13 cuts
 * base64 at the first padding. Everything a later stage shows to a person can
 * be traced to a byte of the raw message by a Place.
 *
 * Authority: RFC 5322, 2045-2049, 2231, 2047; limits after Postfix, Dovecot
 * and our own measurements of GMime.
 */
#pragma once

#include "base/instant.h"
#include "mail/flags.h"
#include "mail/quote.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Limits. Over one of them the mail is kept raw and shown to a person. */
#define MAIL_BYTES_MAX        (25 * 1024 * 1024) /* what LMTP accepts */
#define MAIL_HEADER_BYTES_MAX (256 * 1024)       /* the top header block */
#define MAIL_HEADERS_MAX      1000
#define MAIL_PARTS_MAX        1000
#define MAIL_DEPTH_MAX        32 /* multipart and message/rfc822 together */
#define MAIL_TEXT_MAX         (8 * 1024 * 1024) /* decoded text, all parts */

typedef struct {
    char *name;                  /* as written */
    char *value;                 /* unfolded, RFC 2047-decoded, valid UTF-8 */
    uint32_t raw_at, raw_length; /* the whole field in the raw message */
} MailHeader;

typedef enum {
    PART_MULTIPART, /* only a container; also an archive that was opened */
    PART_MESSAGE,   /* message/rfc822, message/global: a container */
    PART_TEXT,      /* text/plain and everything else that is text */
    PART_HTML,      /* text/html; text holds what a reader would see */
    PART_BINARY,    /* bytes only; also multipart/encrypted as a whole */
} PartKind;

typedef struct {
    PartKind kind;
    int parent;         /* index into parts; -1 for the top */
    uint8_t depth;      /* 0 for the top */
    char *content_type; /* lower case "text/plain"; what the part claims */
    char *charset;      /* as claimed, lower case; NULL if none */
    char *filename;     /* decoded; NULL if none */
    bool attached;      /* Content-Disposition: attachment */
    bool is_letter;     /* the text of a PDF or a word processor's document */
    GPtrArray *headers; /* of MailHeader: the part's own; for a child of
                            PART_MESSAGE the inner message's headers */
    char *text;         /* TEXT, HTML: UTF-8, LF line ends; else NULL */
    GBytes *bytes;      /* BINARY: decoded; else NULL */
    uint32_t raw_at, raw_length; /* body of the part in the raw message */
    GArray *anchors;             /* private: text offset -> raw offset */
    char *boundary;              /* private: of a multipart */
    const char *flaw; /* static words: why text is incomplete, or NULL:
                            "charset unknown", "base64 damaged", ... */
} MailPart;

typedef struct {
    GBytes *raw;
    GPtrArray *headers; /* of MailHeader, top level, in order */
    GPtrArray *parts;   /* of MailPart, document order; parts[0] is the top */
    char *subject;      /* decoded; "" if none */
    Instant date;       /* Date header, INSTANT_NONE if missing or unreadable */
    int date_offset_s;  /* its zone, seconds east; 0 if none */
    bool date_has_zone;
    GPtrArray *flags;   /* of const char *: static words, what is odd, see
                           MAIL_FLAG_... */
    uint32_t body_at;   /* first byte behind the top header block */
    GArray *line_marks; /* private: newlines before each 4 KiB of raw */
} Mail;

/* Parse the raw bytes (CRLF or LF). Never fails on odd mail: what cannot be
 * understood is a flag or a part's flaw. Errors: LIMIT when the pre-scan finds
 * a shape that a parser must not be shown (limits above, header bombs). */
Mail *mail_parse(GBytes *raw, GError **error);
void mail_free(Mail *mail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mail, mail_free)

/* The first header of that name (any case), or NULL; borrowed. */
const char *mail_header(const Mail *mail, const char *name);
const char *mail_part_header(const MailPart *part, const char *name);

/* The place of length bytes at offset at in a part's text. */
Place mail_place(const Mail *mail, uint16_t part, size_t at, size_t length);
/* The place of a top header field: no part, but its line. */
Place mail_header_place(const Mail *mail, const MailHeader *header);

/* One mailbox of a From-like header value: address in addr-spec form
 * (lower-case domain), display name or NULL; both yours; display_name may be
 * NULL. False if there is not exactly one mailbox. */
bool mail_mailbox(const char *value, char **address, char **display_name);

/* A key under which the same mail is known again when it comes by another
 * path: From, Message-ID and the decoded text with blanks folded; without a
 * Message-ID the Date instead. */
void mail_key(const Mail *mail, uint8_t out[32]);

/* Open every charset and parse one sample of each kind, so that nothing needs
 * a file afterwards (call before the sandbox closes; also makes mail_parse
 * usable at all: call once per process). */
void mail_prepare(void);
