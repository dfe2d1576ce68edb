#include "apart.h"

#include "joining.h"

#include <string.h>

#define NEEDLE_MIN 3 /* shorter names stand in any text */

guint apart_member_count(const Judgement *judgement)
{
    guint count = 0;
    for (guint i = 0; i < judgement->tickets->len; i++)
        count += ((JudgedTicket *)judgement->tickets->pdata[i])->member != NULL;
    return count;
}

static bool is_another(const char *found, const JudgedTicket *judged)
{
    return found && (!judged || g_strcmp0(found, judged->ticket->member) != 0);
}

static bool match_is_shared(const Match *match, const JudgedTicket *judged)
{
    if (is_another(match->member, judged))
        return true;
    for (guint i = 0; match->readings && i < match->readings->len; i++) {
        const ReadingMatch *reading = match->readings->pdata[i];
        if (is_another(reading->member, judged))
            return true;
    }
    return false;
}

bool apart_is_shared(const Judgement *judgement, const JudgedTicket *judged)
{
    if (apart_member_count(judgement) > 1)
        return true;
    for (guint i = 0; i < judgement->matches->len; i++)
        if (judgement->matches->pdata[i] &&
            match_is_shared(judgement->matches->pdata[i], judged))
            return true;
    return false;
}

/* ---- words -------------------------------------------------------------- */

static bool is_word_sign(char c)
{
    return g_ascii_isalnum(c) || c == '-' || (unsigned char)c >= 0x80;
}

/* Both folded. Within a word a short id would be found everywhere. */
static bool stands_in(const char *text, const char *needle)
{
    if (!needle)
        return false;
    g_autofree char *folded = g_utf8_casefold(needle, -1);
    size_t length = strlen(folded);
    if (length < NEEDLE_MIN)
        return false;
    for (const char *at = strstr(text, folded); at; at = strstr(at + 1, folded))
        if ((at == text || !is_word_sign(at[-1])) && !is_word_sign(at[length]))
            return true;
    return false;
}

static bool names(const Member *member, const char *text)
{
    if (stands_in(text, member->name) || stands_in(text, member->id) ||
        stands_in(text, member->address) ||
        stands_in(text, address_domain(member->address)))
        return true;
    for (guint i = 0; member->contacts && i < member->contacts->len; i++)
        if (stands_in(text, member->contacts->pdata[i]))
            return true;
    return false;
}

bool apart_names_another(const Members *members, const char *member,
                         const char *text)
{
    if (!members || !text)
        return false;
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autofree char *folded = g_utf8_casefold(valid, -1);
    for (guint i = 0; i < members_count(members); i++) {
        const Member *other = members_at(members, i);
        if (g_strcmp0(other->id, member) != 0 && names(other, folded))
            return true;
    }
    return false;
}
