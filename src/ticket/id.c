/*
 * Case ids: PREFIX-YEAR-NUMBER-LETTER, e.g. "UA-2026-00142-K".
 *
 * Ids are read out on the telephone and typed from paper. The letter is a
 * weighted sum of the digits of year and number modulo 23. 23 is prime, every
 * digit has a weight of its own in 1..14, and digits differ by at most 9:
 *
 *   one wrong digit        changes the sum by weight x difference, which 23
 *                          does not divide;
 *   two digits swapped     change it by (weight - weight) x difference, which
 *                          23 does not divide either.
 *
 * So both are always noticed. Weights are counted from the right end of the
 * number, so leading zeros do not matter: "2026-142-K" is the same case. The
 * letters leave out I, O and Z, which are read as 1, 0 and 2. The prefix is
 * not in the sum: it is the same for all cases of a desk and may be left out.
 *
 * Rejected: ISO 7064 MOD 37-2 (its check character may be a digit or "*");
 * Luhn (misses swaps of 0 and 9).
 */
#include "base/errors.h"
#include "ticket/ticket.h"

#include <string.h>

#define MODULUS      23
#define YEAR_WEIGHT  11 /* of the year's last digit; the number has 1..10 */
#define YEAR_MAX     9999
#define NUMBER_WIDTH 5
/* So that the first case of the handbook, 2026-00142, ends in K. */
#define OFFSET 16

static const char LETTERS[MODULUS + 1] = "ABCDEFGHJKLMNPQRSTUVWXY";

static char check_letter(int year, uint32_t number)
{
    uint32_t sum = OFFSET;
    uint32_t weight = 1;
    for (; number > 0; number /= 10)
        sum += number % 10 * weight++;
    weight = YEAR_WEIGHT;
    for (uint32_t rest = (uint32_t)year; rest > 0; rest /= 10)
        sum += rest % 10 * weight++;
    return LETTERS[sum % MODULUS];
}

char *ticket_id_new(const char *prefix, int year, uint32_t number)
{
    g_assert(year >= 0 && year <= YEAR_MAX);
    return g_strdup_printf("%s%s%04d-%0*u-%c", prefix, *prefix ? "-" : "", year,
                           NUMBER_WIDTH, number, check_letter(year, number));
}

/* An id without its prefix, as found. */
typedef struct {
    int year;
    uint32_t number;
    char letter;     /* upper case; 0 if none */
    const char *end; /* behind the last character that was read */
} Body;

/* body = 4DIGIT "-" 1*10DIGIT [ "-" ALPHA ] */
static bool read_body(const char *at, Body *out)
{
    int year = 0;
    for (int i = 0; i < 4; i++, at++) {
        if (!g_ascii_isdigit(*at))
            return false;
        year = year * 10 + (*at - '0');
    }
    if (*at++ != '-' || !g_ascii_isdigit(*at))
        return false;
    uint64_t number = 0;
    for (int digits = 0; g_ascii_isdigit(*at); at++, digits++) {
        number = number * 10 + (uint64_t)(*at - '0');
        if (digits == 10 || number > UINT32_MAX)
            return false;
    }
    *out = (Body){.year = year, .number = (uint32_t)number, .end = at};
    if (*at == '-' && g_ascii_isalpha(at[1])) {
        out->letter = g_ascii_toupper(at[1]);
        out->end = at + 2;
    }
    return true;
}

/* Behind "PREFIX-" if text begins with it in any case; else NULL. */
static const char *skip_prefix(const char *text, const char *prefix)
{
    size_t length = strlen(prefix);
    if (g_ascii_strncasecmp(text, prefix, length) != 0 || text[length] != '-')
        return NULL;
    return text + length + 1;
}

bool ticket_id_parse(const char *text, const char *prefix, int *year,
                     uint32_t *number, GError **error)
{
    const char *body_at = skip_prefix(text, prefix);
    Body body;
    if (!read_body(body_at ? body_at : text, &body) || *body.end) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "not a case id (they look like %s-2026-00142-K)", prefix);
        return false;
    }
    char right = check_letter(body.year, body.number);
    if (body.letter != right) {
        g_autofree char *id = ticket_id_new(prefix, body.year, body.number);
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "check letter is %s: a digit may be mistyped; "
                    "if the digits are right, it is %s",
                    body.letter ? "wrong" : "missing", id);
        return false;
    }
    *year = body.year;
    *number = body.number;
    return true;
}

char *ticket_case_id_in(const char *text, const char *prefix)
{
    for (const char *at = text; *at; at++) {
        if (at > text && g_ascii_isalnum(at[-1]))
            continue;
        const char *body_at = skip_prefix(at, prefix);
        Body body;
        if (!body_at || !read_body(body_at, &body) ||
            g_ascii_isalnum(*body.end) ||
            body.letter != check_letter(body.year, body.number))
            continue;
        return ticket_id_new(prefix, body.year, body.number);
    }
    return NULL;
}
