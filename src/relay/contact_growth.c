#include "relay/contact_growth.h"

#include "relay/contact_words.h"

#include <string.h>

#define LOCAL_MAX  64 /* RFC 5321 section 4.5.3.1 */
#define DOMAIN_MAX 253
#define LABEL_MAX  63

static void append_token(GString *out, const Tokens *tokens, const Token *token)
{
    g_string_append_len(out, tokens->text + token->at,
                        (gssize)token_length(token));
}

/* Grow to the left: word (sign word)*. */
static const char *grow_local(const Tokens *tokens, Growth *g)
{
    if (g->at == 0 || !is_label(tokens, g->at - 1))
        return "nothing that could be a name stands before the @";
    bool is_joined = token_at(tokens, g->at)->is_literal &&
                     !token_at(tokens, g->at)->is_spaced;
    guint first = g->at - 1;
    while (first >= 2 && is_sign(token_at(tokens, first - 1)) &&
           token_at(tokens, first - 2)->kind == TOKEN_WORD &&
           !(is_joined && token_at(tokens, first - 1)->is_bare)) {
        first -= 2;
        if (token_at(tokens, g->at)->at - token_at(tokens, first)->at >
            4 * LOCAL_MAX)
            return "the name before the @ is too long";
    }
    for (guint i = first; i < g->at; i++) {
        const Token *token = token_at(tokens, i);
        if (is_sign(token))
            g_string_append_c(g->local, token->sign);
        else
            append_token(g->local, tokens, token);
        if (i > first && token->is_spaced)
            g->is_tight = false;
    }
    g->first = first;
    return NULL;
}

/* Grow to the right: word (dot word)*, also "gmail .com". */
static const char *grow_domain(const Tokens *tokens, Growth *g)
{
    guint next = g->at + 1;
    if (token_at(tokens, next)->kind != TOKEN_WORD)
        return "no host stands behind the @";
    append_token(g->domain, tokens, token_at(tokens, next));
    g->is_tight &= !token_at(tokens, g->at)->is_spaced &&
                   !token_at(tokens, next)->is_spaced;
    while (g->domain->len <= DOMAIN_MAX) {
        const Token *sign = token_at(tokens, next + 1);
        if (sign->kind == TOKEN_WORD && tokens->text[sign->at] == '.') {
            append_token(g->domain, tokens, sign);
            g->is_tight = false;
            next++;
            continue;
        }
        if (!is_sign(sign) || !is_label(tokens, next + 2))
            break;
        g_string_append_c(g->domain, sign->sign);
        append_token(g->domain, tokens, token_at(tokens, next + 2));
        g->is_tight &=
            !sign->is_spaced && !token_at(tokens, next + 2)->is_spaced;
        next += 2;
    }
    g->last = next;
    if (g->domain->len > 0 && g->domain->str[g->domain->len - 1] == '.')
        g_string_truncate(g->domain, g->domain->len - 1);
    g_string_ascii_down(g->domain);
    return NULL;
}

static const char *check_local(const char *local)
{
    size_t length = strlen(local);
    if (length > LOCAL_MAX)
        return "the name before the @ is too long";
    if (!g_ascii_isalnum(local[0]) && local[0] != '_')
        return "the name before the @ begins with a sign";
    if (local[length - 1] == '.' || strstr(local, ".."))
        return "the name before the @ has a dot too many";
    return NULL;
}

static bool is_host_label(const char *label, size_t length)
{
    if (length == 0 || length > LABEL_MAX || label[0] == '-' ||
        label[length - 1] == '-')
        return false;
    for (size_t i = 0; i < length; i++)
        if (!g_ascii_isalnum(label[i]) && label[i] != '-')
            return false;
    return true;
}

static const char *check_domain(const char *domain)
{
    const char *label = domain, *dot;
    if (strlen(domain) > DOMAIN_MAX)
        return "the host behind the @ is too long";
    for (; (dot = strchr(label, '.')); label = dot + 1)
        if (!is_host_label(label, (size_t)(dot - label)))
            return "what stands behind the @ is no host";
    if (label == domain)
        return "the host behind the @ has no top-level domain";
    if (g_str_equal(label, "onion"))
        return "an .onion address takes no mail";
    return contact_tld_is_known(label)
               ? NULL
               : "the top-level domain behind the @ is not known";
}

/* May the byte just before an address end what came before it? A quote or
 * comma may only if it stands apart itself: "o'brien@..." is one name. */
static const char *check_left_neighbour(const Tokens *tokens, const Growth *g)
{
    const Token *first = token_at(tokens, g->first);
    if (g->first == 0)
        return NULL;
    const Token *before = token_at(tokens, g->first - 1);
    if (is_sign(before))
        return "it is not clear where the address begins";
    if (first->is_spaced)
        return NULL;
    if (before->kind == TOKEN_AT && before->is_literal)
        return "it has two @, as names of the fediverse have";
    if (before->kind != TOKEN_OTHER)
        return "it is not clear where the address begins";
    if (strchr("<([{\":", before->sign))
        return NULL;
    bool stands_apart = before->is_spaced || g->first == 1;
    if (strchr("',;|*>-", before->sign) && stands_apart)
        return NULL;
    if (before->sign == '=' && g->first >= 2) {
        const Token *label = token_at(tokens, g->first - 2);
        if (contact_label(tokens->text + label->at, token_length(label)) !=
            LABEL_NONE)
            return NULL;
    }
    return "it is not clear where the address begins";
}

static const char *check_right_neighbour(const Tokens *tokens, const Growth *g)
{
    static const char UNCLEAR[] = "it is not clear where the address ends";
    const Token *after = token_at(tokens, g->last + 1);
    bool is_end = after->kind == TOKEN_OTHER && after->sign == '\0';
    if (is_end)
        return NULL;
    if (is_sign(after) || after->kind == TOKEN_AT)
        return UNCLEAR;
    if (after->is_spaced)
        return NULL;
    return after->kind == TOKEN_OTHER &&
                   strchr(">)]}<([{\"',;:|*!?", after->sign)
               ? NULL
               : UNCLEAR;
}

static bool has_letter(const char *text)
{
    for (; *text; text++)
        if (g_ascii_isalpha(*text))
            return true;
    return false;
}

/* Is the word before a spelled-out address surely not its beginning? */
static bool is_apart(const Tokens *tokens, const Token *before,
                     const GString *local)
{
    const char *word = tokens->text + before->at;
    size_t length = token_length(before);
    if (contact_word_leads(word, length))
        return true;
    for (size_t i = 0; i < length; i++)
        if (g_ascii_isdigit(word[i]))
            return true;
    if (strpbrk(local->str, "0123456789._-+") && has_letter(local->str))
        return true;
    if (contact_word_continues(word, length))
        return false;
    if (length <= local->len &&
        g_ascii_strncasecmp(word, local->str, length) == 0)
        return true;
    return g_ascii_isupper(word[0]) && g_ascii_islower(local->str[0]);
}

/* One with blanks in it: its beginning must be certain. */
static const char *check_loose_left(const Tokens *tokens, const Growth *g)
{
    static const char UNCLEAR[] = "it is not clear where the address begins";
    const Token *first = token_at(tokens, g->first);
    const Token *sign = token_at(tokens, g->at);
    bool is_alone = g->first == 0 || (int32_t)g->first - 1 == first->other;
    bool is_word = g->first + 1 == g->at;
    if (is_word && !sign->is_literal &&
        !(is_alone && is_opener(tokens, first->other)) &&
        word_has(tokens, first, contact_word_is_of_place) &&
        !(is_alone && token_length(first) == 2))
        return "\"at\" tells a place there, not an address";
    if (first->angle >= 0 && first->angle != first->other &&
        token_at(tokens, (guint)first->other)->sign != ':')
        return "more than an address stands in the brackets";
    if (is_alone)
        return NULL;
    if (is_opener(tokens, first->other))
        return "more than an address stands in the brackets";
    guint begin = (guint)(first->other + 1);
    if (first->marks != token_at(tokens, begin)->marks)
        return UNCLEAR;
    const Token *before = token_at(tokens, g->first - 1);
    return before->kind == TOKEN_WORD && is_apart(tokens, before, g->local)
               ? NULL
               : UNCLEAR;
}

static const char *check_loose_right(const Tokens *tokens, const Growth *g)
{
    const Token *after = token_at(tokens, g->last + 1);
    if (after->kind != TOKEN_WORD)
        return NULL;
    const Token *first = token_at(tokens, g->first);
    if (first->other >= 0 && token_at(tokens, (guint)first->other)->sign == '<')
        return "more than an address stands in the brackets";
    g_autofree char *word =
        g_ascii_strdown(tokens->text + after->at, (gssize)token_length(after));
    return contact_tld_is_known(word) ? "it is not clear where the address ends"
                                      : NULL;
}

static const char *check(const Tokens *tokens, const Growth *g)
{
    const char *doubt = check_local(g->local->str);
    if (!doubt)
        doubt = check_domain(g->domain->str);
    if (!doubt)
        doubt = check_left_neighbour(tokens, g);
    if (!doubt)
        doubt = check_right_neighbour(tokens, g);
    if (!doubt && !g->is_tight)
        doubt = check_loose_left(tokens, g);
    if (!doubt && !g->is_tight)
        doubt = check_loose_right(tokens, g);
    if (!doubt && contact_is_placeholder(g->local->str, g->domain->str))
        doubt = "the address stands for none";
    return doubt;
}

const char *growth_try(const Tokens *tokens, guint at, Growth *out)
{
    *out = (Growth){.at = at, .is_tight = true};
    out->local = g_string_new(NULL);
    out->domain = g_string_new(NULL);
    const char *doubt = grow_local(tokens, out);
    if (!doubt)
        doubt = grow_domain(tokens, out);
    return doubt ? doubt : check(tokens, out);
}

void growth_clear(Growth *growth)
{
    g_string_free(growth->local, true);
    g_string_free(growth->domain, true);
}
