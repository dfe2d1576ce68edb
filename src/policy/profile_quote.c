/*
 * Taking a reporter's ticket number out of its mail.
 *
 * Problem. A hoster files our answer by its own number, so the letter must
 * carry it; but the Subject is a stranger's text, and nothing of that may go
 * into a letter unchecked.
 *
 * Approach. A profile's pattern is plain text with one "{token}", such as
 * "[AbuseID:{token}]". The token is the whole run of letters, digits and
 * ":#._-" between the two texts, at most 64 of them. The letter then gets the
 * profile's own two texts, not the mail's, and the token, which cannot hold a
 * blank, a bracket, an address or a link. Two different tokens are no answer:
 * which is ours could only be guessed.
 *
 * Rejected: regular expressions (time without bound on a stranger's text);
 * cutting a long token (a wrong number is worse than none).
 */
#include "policy/profile.h"

#include <string.h>

#define TOKEN_MARK "{token}"
#define TEXT_MAX   64 /* bytes before and behind the token */

static bool is_token_byte(char c)
{
    return g_ascii_isalnum(c) || (c && strchr(":#._-", c));
}

static bool is_token_run(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!is_token_byte(text[i]))
            return false;
    return true;
}

const char *reference_objection(const char *pattern)
{
    const char *mark = strstr(pattern, TOKEN_MARK);
    if (!mark || strstr(mark + 1, TOKEN_MARK))
        return "needs \"{token}\" once, where the reporter's number stands.";
    const char *after = mark + strlen(TOKEN_MARK);
    if (mark == pattern || mark - pattern > TEXT_MAX ||
        strlen(after) > TEXT_MAX)
        return "needs text before \"{token}\", at most 64 characters on "
               "either side.";
    for (const char *at = pattern; *at; at++)
        if (*at < ' ' || *at > '~')
            return "may only have printable ASCII characters.";
    if (is_token_byte(*after))
        return "must go on behind \"{token}\" with what no number has: a "
               "blank, a bracket.";
    return NULL;
}

/* Longer runs have no token: the length is then one above the limit. */
static size_t run_length(const char *text)
{
    size_t length = 0;
    while (length <= PROFILE_TOKEN_MAX && is_token_byte(text[length]))
        length++;
    return length;
}

/* The token behind the pattern's first text at that place, or NULL. */
static char *token_at(const char *text, const char *after)
{
    size_t length = run_length(text);
    /* ":" of "Ticket 17: ..." ends a sentence's part, not the number */
    while (length > 0 && length <= PROFILE_TOKEN_MAX && !*after &&
           strchr(":.-", text[length - 1]))
        length--;
    if (length == 0 || length > PROFILE_TOKEN_MAX ||
        strncmp(text + length, after, strlen(after)) != 0)
        return NULL;
    for (size_t i = 0; i < length; i++)
        if (g_ascii_isdigit(text[i]))
            return g_strndup(text, length);
    return NULL; /* a word, not a number */
}

char *reference_find(const char *pattern, const char *text, bool *is_twice)
{
    const char *mark = strstr(pattern, TOKEN_MARK);
    g_assert(mark && mark > pattern);
    g_autofree char *before = g_strndup(pattern, (size_t)(mark - pattern));
    const char *after = mark + strlen(TOKEN_MARK);
    g_autofree char *found = NULL;
    *is_twice = false;
    const size_t length = strlen(before);
    for (const char *at = text; *at; at++) {
        if (strncmp(at, before, length) != 0)
            continue;
        g_autofree char *token = token_at(at + length, after);
        if (!token)
            continue;
        if (found && strcmp(found, token) != 0) {
            *is_twice = true;
            return NULL;
        }
        if (!found)
            found = g_steal_pointer(&token);
    }
    return found ? g_strconcat(before, found, after, NULL) : NULL;
}

/* Among the numbers that were read in the text; each is the token itself. */
static char *quote_of_references(const Profile *profile, const Report *report)
{
    const char *mark = strstr(profile->reference, TOKEN_MARK);
    g_autofree char *before =
        g_strndup(profile->reference, (size_t)(mark - profile->reference));
    const char *after = mark + strlen(TOKEN_MARK);
    g_autofree char *found = NULL;
    for (guint i = 0; report->references && i < report->references->len; i++) {
        const Reference *reference = report->references->pdata[i];
        const char *words = reference->value->words;
        size_t length = strlen(words);
        if (length == 0 || length > PROFILE_TOKEN_MAX ||
            !is_token_run(words, length) || !strpbrk(words, "0123456789"))
            continue;
        if (found && strcmp(found, words) != 0)
            return NULL;
        if (!found)
            found = g_strdup(words);
    }
    return found ? g_strconcat(before, found, after, NULL) : NULL;
}

char *profile_quote(const Profile *profile, const Report *report)
{
    if (!profile->reference)
        return NULL;
    switch (profile->reference_in) {
    case REFERENCE_IN_SUBJECT: {
        bool is_twice;
        return report->subject ? reference_find(profile->reference,
                                                report->subject, &is_twice)
                               : NULL;
    }
    case REFERENCE_IN_TEXT:
        return quote_of_references(profile, report);
    }
    g_assert_not_reached();
}
