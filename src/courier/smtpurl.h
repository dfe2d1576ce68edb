/*
 * smtpurl.h - where letters go: "smtp://host:587", "smtps://[2001:db8::1]",
 * "unix:/run/smtp.sock".
 *
 * No user or password in it (they would end up in process lists and logs),
 * no path, no query.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    char *host;       /* name or address without brackets; NULL: Unix */
    char *path;       /* of the Unix socket; NULL: TCP */
    uint16_t port;    /* 25 for smtp, 465 for smtps unless given */
    bool is_smtps;    /* TLS from the first byte */
    bool is_address;  /* host is an IP address, not a name */
    bool is_loopback; /* host is this machine: 127/8, ::1, localhost */
} SmtpUrl;

/* Errors: CONFIG, in words for the person who wrote the setting. */
bool smtp_url_parse(const char *text, SmtpUrl *out, GError **error);
void smtp_url_clear(SmtpUrl *url);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SmtpUrl, smtp_url_clear)
