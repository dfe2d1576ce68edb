#include "cli/typed.h"

#include "base/digest.h"
#include "base/log.h"
#include "base/schema_types.h"
#include "base/suggest.h"
#include "cli/commands.h"
#include "reply/letter.h"
#include "report/category.h"

#include <string.h>

#define SHOWN_MAX 100
#define TOKEN_HEX 32

static bool refuse(const char *text, const char *expected, GError **error)
{
    g_autofree char *shown = foreign_text(text, SHOWN_MAX);
    return cli_usage_error(error, "\"%s\" is %s", shown, expected);
}

bool ip_typed(const char *text, IpAddress *out, GError **error)
{
    IpPrefix prefix;
    if (ip_parse(text, strlen(text), out))
        return true;
    return refuse(text,
                  ip_prefix_parse(text, &prefix)
                      ? "a network; name one address, like 192.0.2.77 or "
                        "2001:db8::1"
                      : "not an address like 192.0.2.77 or 2001:db8::1",
                  error);
}

static bool is_date(const char *text)
{
    return strlen(text) == strlen("2026-05-03");
}

bool moment_typed(const char *text, Instant *out, GError **error)
{
    return (*text == '@' || !is_date(text)) && instant_parse(text, out)
               ? true
               : refuse(text, "not a moment like 2026-05-03T14:02Z", error);
}

bool stretch_typed(const char *text, Interval *out, GError **error)
{
    if (!instant_parse(text, &out->from))
        return refuse(text, "not a time like 2026-05-03T14:02Z or 2026-05-03",
                      error);
    bool has_seconds = *text == '@' || (strlen(text) > 16 && text[16] == ':');
    out->to = out->from + (*text != '@' && is_date(text) ? INSTANT_DAY_S - 1
                           : has_seconds                 ? 0
                                                         : 59);
    return true;
}

bool fingerprint_typed(const char *text, Fingerprint *out, GError **error)
{
    return hex_parse(*text == '$' ? text + 1 : text, out->bytes,
                     sizeof out->bytes)
               ? true
               : refuse(text,
                        "not a fingerprint: 40 hex digits, like "
                        "4444444444444444444444444444444444444444",
                        error);
}

bool number_typed(const char *text, int64_t *out, GError **error)
{
    guint64 number;
    if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, &number, NULL))
        return refuse(text, "not a number like 12", error);
    *out = (int64_t)number;
    return true;
}

bool token_typed(const char *text, GError **error)
{
    g_autofree char *bare = g_strstrip(g_strdup(text));
    return strlen(bare) == TOKEN_HEX &&
                   strspn(bare, "0123456789abcdefABCDEF") == TOKEN_HEX
               ? true
               : refuse(text,
                        "not the number of a question of ours: 32 hex digits "
                        "like 0123456789abcdef0123456789abcdef",
                        error);
}

bool mailbox_typed(const char *text, GError **error)
{
    return letter_address_is_plain(text)
               ? true
               : refuse(text,
                        "not a plain mail address like direktion@bib.example",
                        error);
}

/* The class of a known category: "connection". */
static bool is_class(const char *text)
{
    const char *word;
    for (size_t i = 0; (word = category_word(i)); i++)
        if (g_str_has_prefix(word, text) && word[strlen(text)] == '/')
            return true;
    return false;
}

bool category_typed(const char *text, bool may_be_wide, GError **error)
{
    if (category_is_known(text) ||
        (may_be_wide && (g_str_equal(text, "*") || is_class(text))))
        return true;
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    const char *word;
    for (size_t i = 0; (word = category_word(i)); i++)
        g_ptr_array_add(words, (gpointer)word);
    g_ptr_array_add(words, NULL);
    const char *meant = suggest_word(text, (const char *const *)words->pdata);
    g_autofree char *shown = foreign_text(text, SHOWN_MAX);
    return cli_usage_error(error, "there is no category \"%s\"%s%s%s", shown,
                           meant ? "; did you mean \"" : "",
                           meant ? meant
                                 : ". They look like "
                                   "connection/login_attack",
                           meant ? "\"?" : "");
}

bool member_value_typed(const char *name, char **text, GError **error)
{
    const SchemaRow *row = settings_member_rows();
    while (!g_str_equal(row->path, name))
        row++;
    g_autofree char *canonical = NULL, *words = NULL;
    int64_t number;
    if (!*text)
        return true;
    if (!schema_type_read(row, *text, &canonical, &number, &words))
        return cli_usage_error(error, "--%s: %s", name, words);
    g_free(*text);
    *text = g_steal_pointer(&canonical);
    return true;
}
