/*
 * Tables for reading ContactInfo. To add a row: write it into its table, and
 * a line into tests/relay/contact.table that fails without it.
 */
#include "relay/contact_words.h"

#include <string.h>

static const Mark MARKS[] = {
    {"@", MARK_AT, '@', MARK_HARD},
    {"at", MARK_AT, '@', MARK_BARE | MARK_HARD | MARK_SOFT},
    {"a", MARK_AT, '@', MARK_HARD},
    {"\xc3\xa4t", MARK_AT, '@', MARK_HARD}, /* UTF-8 */
    {"\xe4t", MARK_AT, '@', MARK_HARD},     /* Latin-1 */
    {"arroba", MARK_AT, '@', MARK_BARE | MARK_HARD | MARK_SOFT},
    {"arobase", MARK_AT, '@', MARK_BARE | MARK_HARD | MARK_SOFT},
    {".", MARK_DOT, '.', MARK_HARD},
    {"dot", MARK_DOT, '.', MARK_BARE | MARK_HARD | MARK_SOFT},
    {"d0t", MARK_DOT, '.', MARK_BARE | MARK_HARD | MARK_SOFT},
    {"punkt", MARK_DOT, '.', MARK_BARE | MARK_HARD | MARK_SOFT},
    {"punto", MARK_DOT, '.', MARK_BARE | MARK_HARD | MARK_SOFT},
    {"point", MARK_DOT, '.', MARK_BARE | MARK_HARD | MARK_SOFT},
    {"period", MARK_DOT, '.', MARK_HARD},
    {"dash", MARK_JOIN, '-', MARK_BARE | MARK_HARD},
    {"hyphen", MARK_JOIN, '-', MARK_BARE | MARK_HARD},
    {"minus", MARK_JOIN, '-', MARK_BARE | MARK_HARD},
    {"underscore", MARK_JOIN, '_', MARK_BARE | MARK_HARD},
    {"plus", MARK_JOIN, '+', MARK_BARE | MARK_HARD},
};

static const char *const MAIL_LABELS[] = {
    "contact", "e-mail", "email", "e_mail", "mail", "mailto", "smtp", NULL,
};

static const char *const NOT_MAIL_LABELS[] = {
    "bitmessage", "fediverse", "icq",     "irc",   "jabber",    "jid",
    "keybase",    "mastodon",  "matrix",  "mstdn", "msn",       "otr",
    "otr3",       "ricochet",  "signal",  "sip",   "skype",     "ssh",
    "telegram",   "tox",       "twitter", "xmpp",  "lightning", NULL,
};

static const char *const LEADS[] = {
    "address", "admin",  "contact",  "e-mail", "email", "is",
    "mail",    "mailto", "operator", "person", "to",    NULL,
};

static const char *const CONTINUES[] = {
    "a",       "all",  "an",  "any",  "by",   "find", "for", "from",
    "further", "get",  "in",  "more", "my",   "on",   "our", "read",
    "see",     "some", "the", "this", "with", "your", NULL,
};

static const char *const OF_PLACE[] = {
    "information", "details", "are",  "available", "based",   "found", "find",
    "hosted",      "hosting", "is",   "located",   "look",    "runs",  "run",
    "running",     "see",     "site", "us",        "visible", "visit", "was",
    "website",     "me",      "out",  "over",      "project", NULL,
};

/* As a whole word anywhere in the text. */
static const char *const EDIT_WORDS[] = {
    "backward", "backwards",  "delete",  "insert",   "invert", "omit",
    "remove",   "replace",    "reverse", "reversed", "rot13",  "rot-13",
    "strip",    "substitute", "swap",    "without",  "base64", "nospace",
    "nospaces", "base32",     "erase",   "subtract", NULL,
};

/* Anywhere in a word. */
static const char *const EDIT_PIECES[] = {
    "antispam",   "firstname",  "lastname", "surname",   "vorname",
    "nachname",   "nickname",   "hostname", "relayname", "name-of-",
    "anti-spam",  "deletethis", "deleteme", "despam",    "donotspam",
    "no-spam",    "no.spam",    "no_spam",  "nospam",    "removeme",
    "removethis", "remove-",    "remove_",  "-remove",   "_remove",
    ".remove",    "spamblock",  "spamfree", "stopspam",  "notspam",
    "ihatespam",  NULL,
};

static const char *const NOBODY[] = {
    "donotreply", "example",  "invalid",  "no-reply",  "nobody",
    "nocontact",  "noemail",  "nomail",   "none",      "noone",
    "noreply",    "somebody", "you",      "your",      "youremail",
    "your.email", "yourmail", "yourname", "your.name", "email",
    "address",    "n0ne",     "null",     "xxx",       NULL,
};

/* RFC 2606 section 3, and what people write for "fill in". */
static const char *const NOWHERE[] = {
    "domain.com",      "domain.tld",
    "email.tld",       "example.com",
    "example.edu",     "example.net",
    "example.org",     "mydomain.com",
    "noserver.com",    "nowhere.com",
    "nowhere.net",     "nowhere.org",
    "yourdomain.com",  "yourdomain.org",
    "yourdomain.net",  "foo.bar",
    "example.example", "bar.com",
    "none.com",        "none.org",
    "invalid.com",     NULL,
};

const Mark *contact_mark_find(const char *text, size_t length, unsigned where)
{
    const Mark *best = NULL;
    size_t best_length = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(MARKS); i++) {
        size_t word = strlen(MARKS[i].word);
        if (!(MARKS[i].where & where) || word > length || word <= best_length ||
            g_ascii_strncasecmp(text, MARKS[i].word, word) != 0)
            continue;
        best = &MARKS[i];
        best_length = word;
    }
    return best;
}

static bool is_one_of(const char *const *list, const char *word, size_t length)
{
    for (; *list; list++)
        if (strlen(*list) == length &&
            g_ascii_strncasecmp(*list, word, length) == 0)
            return true;
    return false;
}

ContactLabel contact_label(const char *word, size_t length)
{
    if (length == 5 && g_ascii_strncasecmp(word, "abuse", 5) == 0)
        return LABEL_ABUSE;
    if (is_one_of(MAIL_LABELS, word, length))
        return LABEL_MAIL;
    return is_one_of(NOT_MAIL_LABELS, word, length) ? LABEL_NOT_MAIL
                                                    : LABEL_NONE;
}

bool contact_word_leads(const char *word, size_t length)
{
    return is_one_of(LEADS, word, length);
}

bool contact_word_continues(const char *word, size_t length)
{
    return is_one_of(CONTINUES, word, length);
}

bool contact_word_is_of_place(const char *word, size_t length)
{
    return is_one_of(OF_PLACE, word, length);
}

bool contact_word_is_edit(const char *word, size_t length)
{
    if (is_one_of(EDIT_WORDS, word, length))
        return true;
    if (length > 320)
        return false;
    g_autofree char *folded = g_ascii_strdown(word, (gssize)length);
    for (const char *const *piece = EDIT_PIECES; *piece; piece++)
        if (strstr(folded, *piece))
            return true;
    return false;
}

bool contact_is_placeholder(const char *local, const char *domain)
{
    return is_one_of(NOBODY, local, strlen(local)) ||
           is_one_of(NOWHERE, domain, strlen(domain));
}
