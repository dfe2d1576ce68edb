/*
 * Addresses in free text, plain or spelled out so that robots do not see them.
 *
 * Problem: "thomas dot example AT host dot org" must be found, "Hosted at
 * host dot org", "a dot b see in dot nation AT host dot com" or "[myname] at
 * host dot org" must not be guessed at, and the usual pattern matchers that
 * look for "at" inside words make "atomc@s.org" of "atomcats(dot)org".
 *
 * Approach: the text is cut into words and signs first (contact_tokens.c), so
 * that "at" counts only as a whole word or between brackets. From each "@"
 * the address is grown to both sides, one word, and further only across signs.
 * Then its two ends are looked at:
 *
 *   - An address that is written together (somebody@example.org, also
 *     "somebody(at)example(dot)org") ends where it ends, whatever stands
 *     around it; only a neighbour that might belong to it ("o'brien@...",
 *     "a/b@...", a byte beyond ASCII) makes it doubtful.
 *   - One that is spelled out with blanks has no visible beginning: in
 *     brackets it must fill them; else a word before it must be told apart
 *     from a local part of two words ("jane doe at ..." is doubtful, "Jane Doe
 *     jd42 at ..." is not).
 *
 * Whatever is doubtful is left out and its reason told. If more than one
 * address is left, the labels decide; without labels none is taken.
 *
 * Rejected: reading what lacks its "@" ("jane example org"), reversed text,
 * ROT13, taking out NOSPAM: each has been guessed wrong by somebody.
 */
#include "relay/contact_free.h"

#include "relay/contact_growth.h"
#include "relay/contact_words.h"

#include <string.h>

#define SHOWN_MAX 40 /* of a word in a reason */

/* More than eight addresses are a list, not a contact. */
#define CANDIDATES_MAX 8

typedef struct {
    char *address;
    ContactLabel label;
    bool is_literal, is_whole;
} Candidate;

typedef struct {
    Tokens tokens;
    GPtrArray *found;  /* of Candidate, each address once */
    const char *doubt; /* the last reason against one */
    bool is_overfull;
} Free;

static void candidate_free(gpointer data)
{
    Candidate *candidate = data;
    g_free(candidate->address);
    g_free(candidate);
}

/* "Mail: <", "abuse:", "xmpp " before an address. */
static ContactLabel label_before(const Tokens *tokens, guint first)
{
    if (first > 0 && is_opener(tokens, (int32_t)first - 1) &&
        token_at(tokens, first - 1)->kind == TOKEN_OTHER)
        first--;
    if (first == 0)
        return LABEL_NONE;
    const Token *before = token_at(tokens, first - 1);
    bool has_colon = before->kind == TOKEN_OTHER &&
                     (before->sign == ':' || before->sign == '=');
    if (has_colon && first >= 2)
        before = token_at(tokens, first - 2);
    if (before->kind != TOKEN_WORD)
        return LABEL_NONE;
    return contact_label(tokens->text + before->at, token_length(before));
}

static bool is_whole(const Tokens *tokens, const Growth *g)
{
    return g->first == 0 && g->is_tight && g->last == g->at + 1 &&
           g->last + 2 == tokens->list->len &&
           token_at(tokens, g->at)->is_literal;
}

static void keep(Free *f, const Growth *g)
{
    Candidate *new = g_new0(Candidate, 1);
    new->address = g_strconcat(g->local->str, "@", g->domain->str, NULL);
    new->label = label_before(&f->tokens, g->first);
    new->is_literal = g->is_tight && g->last == g->at + 1 &&
                      token_at(&f->tokens, g->at)->is_literal;
    new->is_whole = is_whole(&f->tokens, g);
    if (new->label == LABEL_NONE &&
        g_ascii_strcasecmp(g->local->str, "abuse") == 0)
        new->label = LABEL_ABUSE;
    for (guint i = 0; i < f->found->len; i++) {
        Candidate *old = g_ptr_array_index(f->found, i);
        if (g_ascii_strcasecmp(old->address, new->address) != 0 ||
            old->label != new->label)
            continue;
        old->is_literal |= new->is_literal;
        candidate_free(new);
        return;
    }
    f->is_overfull |= f->found->len == CANDIDATES_MAX;
    if (f->is_overfull)
        candidate_free(new);
    else
        g_ptr_array_add(f->found, new);
}

static void try_sign(Free *f, guint at)
{
    Growth g;
    const char *doubt = growth_try(&f->tokens, at, &g);
    if (doubt)
        f->doubt = doubt;
    else
        keep(f, &g);
    growth_clear(&g);
}

/* "z is s": a sign to be changed by hand. */
static bool is_swap(const Tokens *tokens, guint index)
{
    const Token *one = token_at(tokens, index);
    const Token *is = token_at(tokens, index + 1);
    return token_length(one) == 1 && is->kind == TOKEN_WORD &&
           token_length(is) == 2 &&
           g_ascii_strncasecmp(tokens->text + is->at, "is", 2) == 0;
}

/* "Take out NOSPAM" in any of its forms; the word that says so. */
static char *new_edit_word(const Tokens *tokens)
{
    for (guint i = 0; i < tokens->list->len; i++) {
        const Token *token = token_at(tokens, i);
        if (token->kind == TOKEN_WORD &&
            (word_has(tokens, token, contact_word_is_edit) ||
             is_swap(tokens, i)))
            return g_strndup(tokens->text + token->at,
                             MIN(token_length(token), SHOWN_MAX));
    }
    return NULL;
}

static guint count_label(const Free *f, ContactLabel label, Candidate **out)
{
    guint count = 0;
    for (guint i = 0; i < f->found->len; i++) {
        Candidate *candidate = g_ptr_array_index(f->found, i);
        if (candidate->label != label)
            continue;
        count++;
        *out = candidate;
    }
    return count;
}

static void set_address(Contact *out, const Candidate *candidate,
                        const char *how)
{
    out->address = g_strdup(candidate->address);
    out->confidence =
        candidate->is_literal ? CONFIDENCE_READ : CONFIDENCE_WORKED_OUT;
    out->reason = g_strdup_printf("%s, %s", how,
                                  candidate->is_literal ? "written plainly"
                                                        : "spelled out");
}

/* One that is labelled as mail, else the only one besides that for abuse,
 * else that for abuse. */
static void choose(const Free *f, Contact *out)
{
    Candidate *mail = NULL, *abuse = NULL, *bare = NULL, *other = NULL;
    guint mails = count_label(f, LABEL_MAIL, &mail);
    guint abuses = count_label(f, LABEL_ABUSE, &abuse);
    guint bares = count_label(f, LABEL_NONE, &bare);
    guint others = count_label(f, LABEL_NOT_MAIL, &other);
    if (abuses == 1)
        out->abuse = g_strdup(abuse->address);
    if (mails == 1)
        set_address(out, mail, "labelled as mail");
    else if (mails == 0 && bares == 1)
        set_address(out, bare, "the only address");
    else if (mails + bares == 0 && abuses == 1)
        set_address(out, abuse, "the only address, for abuse");
    else if (mails + bares + abuses > 1)
        out->reason = g_strdup_printf("%u addresses and no label that decides",
                                      mails + bares + abuses);
    else if (others > 0)
        out->reason = g_strdup("the address is for something else than mail");
    else
        out->reason = g_strdup(f->doubt ? f->doubt : "no address stands in it");
}

void contact_read_free(const char *text, size_t length, Contact *out,
                       bool *whole)
{
    Free f = {.tokens = {text, contact_tokens(text, length)}};
    f.found = g_ptr_array_new_with_free_func(candidate_free);
    g_autofree char *edit = new_edit_word(&f.tokens);
    for (guint i = 0; !edit && i < f.tokens.list->len; i++)
        if (token_at(&f.tokens, i)->kind == TOKEN_AT && !is_label(&f.tokens, i))
            try_sign(&f, i);
    if (edit)
        out->reason = g_strdup_printf("asks to be edited by hand: %s", edit);
    else if (f.is_overfull)
        out->reason = g_strdup_printf("more than %u addresses", CANDIDATES_MAX);
    else
        choose(&f, out);
    *whole = f.found->len == 1 &&
             ((Candidate *)g_ptr_array_index(f.found, 0))->is_whole;
    g_ptr_array_unref(f.found);
    g_array_unref(f.tokens.list);
}
