/*
 * File numbers that only prosecutors and courts write, known by their shape:
 * "230 UJs 1187/26" of German authorities (section, register, number and
 * year; the registers are those of the Aktenordnung) and "3:26-cv-01871" of
 * federal courts of the United States. A letter may say nothing else.
 *
 * Token by token: linear, and no token is looked at further than its own end.
 */
#include "report/sensitive_words.h"

#include <string.h>

#define TOKEN_MAX 24

static const struct {
    const char *word, *matter;
} REGISTERS[] = {
    {"Js", AUTHORITY}, {"UJs", AUTHORITY}, {"BJs", AUTHORITY},
    {"AR", AUTHORITY}, {"Zs", AUTHORITY},  {"OWi", AUTHORITY},
    {"Gs", COURT},     {"Ds", COURT},      {"Cs", COURT},
    {"Ls", COURT},     {"KLs", COURT},     {"Ks", COURT},
    {"Qs", COURT},     {"Ws", COURT},      {"StR", COURT},
    {"O", COURT},      {"C", COURT},       {"OH", COURT},
    {"BvR", COURT},    {"ZR", COURT},
};

static size_t digits(const char *token)
{
    size_t count = 0;
    while (g_ascii_isdigit(token[count]))
        count++;
    return count;
}

/* "1187/26", "44/2026", with anything but a letter or digit behind it. */
static bool is_number_of_year(const char *token)
{
    size_t number = digits(token);
    if (number == 0 || number > 6 || token[number] != '/')
        return false;
    const char *year = token + number + 1;
    size_t length = digits(year);
    return (length == 2 || length == 4) && !g_ascii_isalnum(year[length]) &&
           year[length] != '/';
}

/* "3:26-cv-01871" */
static bool is_federal_case(const char *token)
{
    size_t office = digits(token);
    if (office == 0 || office > 2 || token[office] != ':')
        return false;
    const char *year = token + office + 1;
    if (digits(year) != 2 || year[2] != '-')
        return false;
    const char *kind = year + 3;
    bool is_kind = strncmp(kind, "cv-", 3) == 0 ||
                   strncmp(kind, "cr-", 3) == 0 ||
                   strncmp(kind, "mc-", 3) == 0 || strncmp(kind, "mj-", 3) == 0;
    return is_kind && digits(kind + 3) >= 3;
}

static const char *matter_of_register(const char *token)
{
    for (size_t i = 0; i < G_N_ELEMENTS(REGISTERS); i++)
        if (strcmp(REGISTERS[i].word, token) == 0)
            return REGISTERS[i].matter;
    return NULL;
}

/* The next token from at on; what is longer is cut. Its end, or NULL. */
static const char *next_token(const char *at, const char *end,
                              char token[TOKEN_MAX + 1])
{
    while (at < end && (g_ascii_isspace(*at) || *at == '>' || *at == '('))
        at++;
    const char *begin = at;
    while (at < end && !g_ascii_isspace(*at))
        at++;
    size_t length = MIN((size_t)(at - begin), TOKEN_MAX);
    memcpy(token, begin, length);
    token[length] = '\0';
    return length > 0 ? at : NULL;
}

const char *sensitive_file_number(const char *text, size_t length, size_t *at,
                                  size_t *bytes)
{
    char section[TOKEN_MAX + 1] = "", kind[TOKEN_MAX + 1] = "";
    char token[TOKEN_MAX + 1];
    const char *end = text + length, *first = text, *second = text;
    for (const char *stop = text; (stop = next_token(stop, end, token));) {
        const char *begin = stop - strlen(token);
        const char *matter = NULL;
        if (is_federal_case(token)) {
            matter = COURT;
            first = begin;
        } else if (is_number_of_year(token) && section[0] &&
                   section[digits(section)] == '\0') {
            matter = matter_of_register(kind);
        }
        if (matter) {
            *at = (size_t)(first - text);
            *bytes = (size_t)(stop - first);
            return matter;
        }
        memcpy(section, kind, sizeof section);
        memcpy(kind, token, sizeof kind);
        first = second;
        second = begin;
    }
    return NULL;
}
