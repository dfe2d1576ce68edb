/*
 * flags.h - what can be odd about a mail. Comes with mail.h.
 */
#pragma once

/* What is odd about a mail as a whole. */
#define MAIL_FLAG_NO_HEADER     "no header"
#define MAIL_FLAG_MBOX          "mbox From line"
#define MAIL_FLAG_BLANK_LINES   "blank lines before the header"
#define MAIL_FLAG_GARBAGE       "lines in the header that are no header field"
#define MAIL_FLAG_CONFLICT      "conflicting header fields"
#define MAIL_FLAG_MIME_CONFLICT "conflicting MIME parameters"
#define MAIL_FLAG_MALFORMED     "malformed MIME structure"
#define MAIL_FLAG_CUT_SHORT     "mail cut short" /* end boundary missing */
#define MAIL_FLAG_TEXT_LIMIT    "text cut at the limit"
#define MAIL_FLAG_ENCRYPTED     "encrypted"
#define MAIL_FLAG_SMIME         "S/MIME"
#define MAIL_FLAG_NOT_CHECKED   "signature not checked"

/* Flaws of an archive's part besides those of base/unpack_memory.h. */
#define MAIL_FLAW_ARCHIVE_REST "archive has files that were not read"

/* Flaws of a PDF's part. */
#define MAIL_FLAW_PDF_ENCRYPTED "pdf encrypted"
#define MAIL_FLAW_PDF_DAMAGED   "pdf damaged"
#define MAIL_FLAW_PDF_LIMIT     "pdf over a limit"
#define MAIL_FLAW_PDF_NO_TEXT   "pdf without text"
#define MAIL_FLAW_PDF_LETTERS   "pdf letters unknown" /* fonts without names */
