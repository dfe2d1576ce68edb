/*
 * settings.h - what exitdesk.yaml and the files of conf.d and members.d say.
 *
 * One row per setting in settings.c (name, type, default, bounds, one
 * sentence); base/schema.h reads the YAML against it. conf.d files are read
 * in order of name, a later one replaces a key. Every scalar stays text until
 * the key's declared type reads it ("country: NO" is Norway).
 */
#pragma once

#include "base/schema.h"
#include "policy/gate.h"

typedef enum { MODE_OBSERVE, MODE_LIVE } DeskMode;
typedef enum { DKIM_BY_DESK, DKIM_BY_NEXT_HOP } DkimSigned;
typedef enum { TLS_NONE, TLS_STARTTLS, TLS_IMPLICIT } TlsMode;

/* A private key that letters from a domain are signed with. */
typedef struct {
    char *domain, *selector, *file;
} DkimKeyFile;

typedef struct {
    char *directory; /* where exitdesk.yaml stands; NULL: defaults */
    char *data;      /* data directory */
    struct {
        char *name, *address, *country, *case_prefix;
        DeskMode mode;
        GPtrArray *recipients; /* of char *: addresses LMTP accepts; the
                                  desk's and the members' own are added */
    } desk;
    struct {
        char *socket;       /* Unix socket path; NULL: none */
        char *listen;       /* "127.0.0.1:8024" or "[::1]:24"; NULL: none */
        uint32_t max_bytes; /* SIZE */
        uint32_t max_sessions;
        char *authserv_id; /* of our own MTA; NULL: nothing is trusted */
    } receive;
    struct {
        char *via;   /* "smtp://127.0.0.1:25", "smtps://host:465",
                      "unix:/path"; NULL: no sending */
        TlsMode tls; /* if not set: NONE to this machine, else STARTTLS,
                        IMPLICIT for smtps */
        char *user, *password_file, *ca_file;
        char *bounce; /* address for VERP; default bounce@ our domain */
        uint32_t delay_s;
        uint32_t digest_hour; /* of the day in notices.zone */
        GateLimits limits;
        uint32_t breaker_burst;
    } send;
    struct {
        GPtrArray *people; /* of AlertPerson (settings_alerts.h) */
        uint32_t repeat_s; /* until somebody takes it on */
        uint32_t per_hour; /* mails of one kind, each for itself */
    } alerts;
    struct {
        char *phone, *zone; /* of the desk's people; phone or NULL */
        uint32_t per_day;   /* messages to one person */
        GPtrArray *todo_to; /* of char *: who gets the todo list */
        uint32_t todo_hour;
    } notices;
    struct {
        DkimSigned signed_by;
        GPtrArray *keys; /* of DkimKeyFile */
    } dkim;
    struct {
        char *home; /* GnuPG's directory; NULL: no letter is signed by PGP */
    } pgp;
    struct {
        char *directory;    /* published history; default DATA/relays */
        char *authorities;  /* file; NULL: those of the public network */
        char *archive;      /* where documents are kept, or NULL */
        uint32_t max_age_s; /* older relay data: no automatic letter */
    } relays;
    struct {
        uint32_t workers; /* mails read at once */
    } read;
    char *control; /* Unix socket of the control requests */
    GPtrArray *policy_directories, *template_directories; /* char *, NULL-
                               terminated; package first, then local */
    char *clock; /* fixed "now" for the demo and tests, or NULL */
    Members *members;
} Settings;

/* Read the configuration at path (a directory or an exitdesk.yaml; NULL:
 * /etc/exitdesk). data overrides the data directory if not NULL. All errors
 * are collected: one line each, file:line:column. Errors: CONFIG, MISSING. */
Settings *settings_load(const char *path, const char *data, GError **error);
/* Defaults only, for commands that need no configuration ("-D" alone). */
Settings *settings_default(const char *data);
void settings_free(Settings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Settings, settings_free)

/* exitdesk.yaml and conf.d as they are written, for "exitdesk config".
 * Errors: CONFIG, MISSING. */
SchemaValues *settings_values(const char *path, GError **error);
/* The tables: every setting, every line of a member's file. */
const SchemaRow *settings_rows(void);
const SchemaRow *settings_member_rows(void);

/* Where the package's policies and templates are: EXITDESK_SHARE of the
 * environment, else where they were installed, else the source tree. */
const char *settings_share_directory(void);
