/*
 * A scanner for one Authentication-Results value.
 *
 *   value    = id [version] *( ";" [ "none" / method "=" result
 *                                    ["reason" "=" word] *property ] )
 *   method   = keyword [ "/" digits ]
 *   property = keyword "." keyword "=" word
 *   word     = atom / quoted-string
 *
 * Comments (nested, bounded by the field's length since only a counter is
 * kept) and blanks may stand between any two tokens and are nothing: a
 * "dmarc=pass" inside a comment or a quoted string is never a result.
 *
 * Tolerated beyond the grammar, because common filters write it: base64 with
 * "/", "+" and "=" unquoted in a property (header.b), an empty element after
 * the last ";", and "none" for a server that checked nothing.
 */
#include "policy/authres_scan.h"

#include <stdbool.h>
#include <string.h>

typedef struct {
    const char
        *at; /* at the end if it is broken inside of a comment or quotes */
    bool broken;
} Scan;

static void result_free(void *data)
{
    AuthresResult *result = data;
    g_free(result->method);
    g_free(result->result);
    g_ptr_array_unref(result->names);
    g_ptr_array_unref(result->values);
    g_free(result);
}

GPtrArray *authres_results_new(void)
{
    return g_ptr_array_new_with_free_func(result_free);
}

static void skip_comment(Scan *scan)
{
    size_t depth = 0;
    do {
        char c = *scan->at;
        if (!c) {
            scan->broken = true;
            return;
        }
        depth += c == '(';
        depth -= c == ')';
        scan->at += c == '\\' && scan->at[1] ? 2 : 1;
    } while (depth > 0);
}

static void skip_blanks(Scan *scan)
{
    for (;;) {
        if (*scan->at == ' ' || *scan->at == '\t')
            scan->at++;
        else if (*scan->at == '(')
            skip_comment(scan);
        else
            return;
    }
}

static bool take(Scan *scan, char c)
{
    skip_blanks(scan);
    if (*scan->at != c)
        return false;
    scan->at++;
    return true;
}

static bool is_keyword_char(char c)
{
    return g_ascii_isalnum(c) || c == '-' || c == '_';
}

/* A keyword in lower case; NULL if none stands here. */
static char *take_keyword(Scan *scan)
{
    skip_blanks(scan);
    const char *start = scan->at;
    while (is_keyword_char(*scan->at))
        scan->at++;
    return scan->at > start ? g_ascii_strdown(start, scan->at - start) : NULL;
}

static char *take_quoted(Scan *scan)
{
    GString *text = g_string_new(NULL);
    for (scan->at++; *scan->at != '"'; scan->at++) {
        if (*scan->at == '\\')
            scan->at++;
        if (!*scan->at) {
            scan->broken = true;
            g_string_free(text, TRUE);
            return NULL;
        }
        g_string_append_c(text, *scan->at);
    }
    scan->at++;
    return g_string_free(text, FALSE);
}

/* A quoted string, or everything up to a blank, ";", "(" or '"'. */
static char *take_word(Scan *scan)
{
    skip_blanks(scan);
    if (*scan->at == '"')
        return take_quoted(scan);
    const char *start = scan->at;
    while (*scan->at && !strchr(" \t;()\"", *scan->at))
        scan->at++;
    return scan->at > start ? g_strndup(start, scan->at - start) : NULL;
}

static AuthresResult *result_new(char *method, char *word)
{
    AuthresResult *result = g_new0(AuthresResult, 1);
    result->method = method;
    result->result = word;
    result->names = g_ptr_array_new_with_free_func(g_free);
    result->values = g_ptr_array_new_with_free_func(g_free);
    return result;
}

/* "reason=word" or "ptype.name=word". */
static void read_property(Scan *scan, AuthresResult *result)
{
    g_autofree char *type = take_keyword(scan);
    g_autofree char *name = NULL;
    bool is_reason = type && g_str_equal(type, "reason");
    if (!is_reason && take(scan, '.'))
        name = take_keyword(scan);
    if (!type || (!is_reason && !name) || !take(scan, '=')) {
        scan->broken = true;
        return;
    }
    char *value = take_word(scan);
    if (!value || result->names->len >= AUTHRES_PROPERTIES_MAX) {
        g_free(value);
        scan->broken = true;
        return;
    }
    g_ptr_array_add(result->names, is_reason
                                       ? g_strdup("reason")
                                       : g_strconcat(type, ".", name, NULL));
    g_ptr_array_add(result->values, value);
}

/* "method[/version]=result properties"; NULL for "none", for nothing, and
 * before what is no method, where no ";" follows. */
static AuthresResult *read_result(Scan *scan)
{
    g_autofree char *method = take_keyword(scan);
    skip_blanks(scan);
    bool is_end = *scan->at == ';' || !*scan->at;
    if (!method || (is_end && g_str_equal(method, "none")))
        return NULL;
    if (take(scan, '/')) {
        g_autofree char *version = take_keyword(scan);
        scan->broken |= !version || !g_str_equal(version, "1");
    }
    g_autofree char *word = take(scan, '=') ? take_keyword(scan) : NULL;
    if (!word) {
        scan->broken = true;
        return NULL;
    }
    AuthresResult *result =
        result_new(g_steal_pointer(&method), g_steal_pointer(&word));
    for (skip_blanks(scan); !scan->broken && *scan->at && *scan->at != ';';
         skip_blanks(scan))
        read_property(scan, result);
    return result;
}

static void read_results(Scan *scan, GPtrArray *results)
{
    while (!scan->broken && *scan->at) {
        if (!take(scan, ';') || results->len >= AUTHRES_RESULTS_MAX) {
            scan->broken = true;
            return;
        }
        AuthresResult *result = read_result(scan);
        if (result)
            g_ptr_array_add(results, result);
        skip_blanks(scan);
    }
}

AuthresAnswer authres_scan(const char *value, const char *authserv_id,
                           GPtrArray *results)
{
    Scan scan = {.at = value};
    g_autofree char *id = take_word(&scan);
    if (!id || g_ascii_strcasecmp(id, authserv_id) != 0)
        return AUTHRES_NOT_OURS;
    /* "m\x.example" names us, but no server writes its own name so, and a
     * border that removes by a pattern does not see it. */
    if (memchr(value, '\\', (size_t)(scan.at - value)))
        return AUTHRES_NOT_OURS;
    skip_blanks(&scan);
    if (g_ascii_isdigit(*scan.at)) {
        g_autofree char *version = take_keyword(&scan);
        scan.broken |= !g_str_equal(version, "1");
        skip_blanks(&scan);
    }
    guint before = results->len;
    read_results(&scan, results);
    if (!scan.broken)
        return AUTHRES_READ;
    g_ptr_array_set_size(results, (int)before);
    return AUTHRES_BROKEN;
}

const char *authres_property(const AuthresResult *result, const char *name)
{
    const char *value = NULL;
    for (guint i = 0; i < result->names->len; i++) {
        if (!g_str_equal(result->names->pdata[i], name))
            continue;
        if (value)
            return NULL;
        value = result->values->pdata[i];
    }
    return value;
}
