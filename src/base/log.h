/*
 * log.h - one line an event, to stderr or the journal.
 *
 * A line is "<inbox id>: key=value, key=value" in Postfix's manner so that one
 * mail can be followed by grep; without a mail the id is "-". Under systemd
 * (JOURNAL_STREAM set) lines carry the "<N>" priority prefix of sd-daemon(3).
 * Foreign text never reaches a line, a terminal or a letter unescaped: pass
 * it through foreign_text().
 */
#pragma once

#include <glib.h>

typedef enum {
    LOG_LEVEL_ERROR,
    LOG_LEVEL_WARNING,
    LOG_LEVEL_INFO,
    LOG_LEVEL_DEBUG
} LogLevel;

/* Lines above this level are left out; the start value is INFO. */
void log_set_level(LogLevel level);

/* Write one line; id may be NULL. Control characters in the result are
 * escaped as \xNN, and the line is cut at 2000 bytes. */
void log_line(LogLevel level, const char *id, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

#define log_error(id, ...)   log_line(LOG_LEVEL_ERROR, (id), __VA_ARGS__)
#define log_warning(id, ...) log_line(LOG_LEVEL_WARNING, (id), __VA_ARGS__)
#define log_info(id, ...)    log_line(LOG_LEVEL_INFO, (id), __VA_ARGS__)
#define log_debug(id, ...)   log_line(LOG_LEVEL_DEBUG, (id), __VA_ARGS__)

/* Text of strangers made safe to show: invalid UTF-8 becomes U+FFFD, control
 * and bidi-override characters become \u{202e}-like marks, newlines a blank,
 * and more than max_bytes ends in an ellipsis. Yours to free. */
char *foreign_text(const char *text, size_t max_bytes);
