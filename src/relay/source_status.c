/*
 * Network statuses of version 2 of the directory protocol (2005 to 2010; tor's
 * doc/dir-spec-v2.txt), each the word of one authority:
 *
 *   network-status-version 2
 *   dir-source HOST IP PORT
 *   fingerprint FINGERPRINT
 *   published YYYY-MM-DD HH:MM:SS
 *   dir-signing-key                                       (and the key)
 *   r NICK IDENTITY DIGEST DATE TIME IPV4 ORPORT DIRPORT
 *   s FLAG ...
 *   directory-signature NICK
 *
 * A relay without the flags Running and Valid is not listed, as far as
 * clients cared. How several of them make an hour: early_build.c.
 */
#include "relay/sources.h"

#include "base/digest.h"
#include "base/errors.h"

#define RELAYS_MAX 50000 /* the network of 2010 had 2,000 */

typedef struct {
    uint32_t published;
    GArray *listings; /* of EarlyListing, the last one still being read */
    bool is_open;     /* an r line stands above */
    bool is_running, is_valid;
} Status;

/* Keep the relay whose lines are over if the authority called it up. */
static void close_listing(Status *s)
{
    if (s->is_open && !(s->is_running && s->is_valid))
        g_array_set_size(s->listings, s->listings->len - 1);
    s->is_open = s->is_running = s->is_valid = false;
}

static bool take_nickname(const Text *word, char out[20])
{
    size_t length = text_length(word);
    if (length == 0 || length > 19)
        return false;
    for (size_t i = 0; i < length; i++)
        if (!g_ascii_isalnum(word->at[i]))
            return false;
    memcpy(out, word->at, length);
    out[length] = 0;
    return true;
}

static bool read_r(Status *s, Text line)
{
    Text words[8];
    EarlyListing fresh = {0};
    IpAddress ip;
    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
        if (!word_take(&line, &words[i]))
            return false;
    if (!take_nickname(&words[0], fresh.nickname) ||
        !base64_parse(words[1].at, text_length(&words[1]), fresh.fingerprint,
                      20) ||
        !base64_parse(words[2].at, text_length(&words[2]), fresh.digest, 20) ||
        !ip_parse(words[5].at, text_length(&words[5]), &ip) || !ip_is_v4(&ip) ||
        s->listings->len >= RELAYS_MAX)
        return false;
    memcpy(fresh.address, ip.bytes + 12, sizeof fresh.address);
    close_listing(s);
    g_array_append_val(s->listings, fresh);
    s->is_open = true;
    return true;
}

static void read_s(Status *s, Text line)
{
    if (!s->is_open)
        return;
    EarlyListing *last =
        &g_array_index(s->listings, EarlyListing, s->listings->len - 1);
    Text flag;
    while (word_take(&line, &flag)) {
        s->is_running |= text_is(&flag, "Running");
        s->is_valid |= text_is(&flag, "Valid");
        if (text_is(&flag, "Exit"))
            last->flags |= EARLY_EXIT;
        else if (text_is(&flag, "BadExit"))
            last->flags |= EARLY_BAD_EXIT;
    }
}

static bool read_line(Status *s, Text line)
{
    line_keyword(&line, "opt");
    if (line_keyword(&line, "r"))
        return read_r(s, line);
    if (line_keyword(&line, "s")) {
        read_s(s, line);
        return true;
    }
    return !line_keyword(&line, "published") || time_take(&line, &s->published);
}

static bool parse(Status *s, Text document, GError **error)
{
    Text line;
    for (guint number = 1; line_take(&document, &line); number++) {
        if (text_begins(&line, "directory-signature"))
            break;
        if (read_line(s, line))
            continue;
        source_damaged(error, "line %u is malformed", number);
        return false;
    }
    close_listing(s);
    if (s->published != 0)
        return true;
    source_damaged(error, "it has no published line");
    return false;
}

/* Is it of a time when consensuses had been there for years? */
static bool is_late(const Authorities *authorities, guint protocol,
                    uint32_t published)
{
    Instant end = authorities_end_early(authorities, protocol);
    return end != INSTANT_NONE && published >= end;
}

ReadResult source_early_take(Records *records, guint protocol, Text document,
                             uint32_t published, const GArray *listings,
                             const char *name, GError **error)
{
    if (is_late(records->authorities, protocol, published))
        return READ_SKIPPED;
    Text part;
    uint8_t sha256[SHA256_BYTES];
    EarlyStatement statement = {
        .protocol = protocol,
        .published = published,
        .sha256 = sha256,
        .name = name,
        .listings = listings,
    };
    bool is_new;
    digest_sha256(document.at, text_length(&document), sha256);
    if (!early_check(records->authorities, protocol, document, published, &part,
                     &statement.server, error) ||
        !early_put(records->early, &statement, &is_new, error))
        return READ_DAMAGED;
    return is_new ? READ_NEW : READ_KNOWN;
}

ReadResult source_status_read(Records *records, Text document, const char *name,
                              GError **error)
{
    if (!records->early)
        return READ_SKIPPED;
    g_autoptr(GArray) listings =
        g_array_new(FALSE, FALSE, sizeof(EarlyListing));
    Status status = {.listings = listings};
    if (!parse(&status, document, error))
        return READ_DAMAGED;
    return source_early_take(records, 2, document, status.published, listings,
                             name, error);
}
