/*
 * The value is cut into tokens (numbers with what is glued to them, words)
 * and each token finds its place by its shape, because senders swap, drop and
 * add parts: "Sat, 02 Nov 2024 20:13:45 +0100 (CET)", "2 Nov 24 20:13 GMT",
 * "Thu Nov  2 20:13:45 2024", "2024-11-02T20:13:45Z". All-number dates with
 * slashes are not read: day and month cannot be told apart.
 *
 * Zones: "+hhmm"; UT, GMT, UTC, Z and the North American names of RFC 5322
 * section 4.3. Military letters and other names count as no zone (ibid.), as
 * does "-0000", which says that the zone is not known.
 */
#include "mail/date.h"

#include <string.h>

#define TOKEN_MAX  40
#define TOKENS_MAX 16

typedef struct {
    Civil civil;
    int offset_s;
    bool has_day, has_month, has_year, has_time, has_zone, saw_zone;
} Draft;

static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";

static bool read_month(const char *token, int *month)
{
    if (strlen(token) < 3)
        return false;
    for (int i = 0; i < 12; i++)
        if (g_ascii_strncasecmp(token, months + 3 * i, 3) == 0) {
            *month = i + 1;
            return true;
        }
    return false;
}

static bool is_weekday(const char *token)
{
    static const char days[] = "sunmontuewedthufrisat";
    for (int i = 0; i < 7; i++)
        if (g_ascii_strncasecmp(token, days + 3 * i, 3) == 0)
            return true;
    return false;
}

static bool zone_by_name(const char *token, int *hours)
{
    static const struct {
        const char *name;
        int hours;
    } zones[] = {{"UT", 0},   {"GMT", 0},  {"UTC", 0},  {"Z", 0},
                 {"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5},
                 {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7}};
    for (size_t i = 0; i < G_N_ELEMENTS(zones); i++)
        if (g_ascii_strcasecmp(token, zones[i].name) == 0) {
            *hours = zones[i].hours;
            return true;
        }
    return false;
}

/* All digits? Returns how many, 0 if others stand in between. */
static size_t digits(const char *token)
{
    size_t count = strspn(token, "0123456789");
    return token[count] == '\0' ? count : 0;
}

static int number(const char *at, size_t count)
{
    int value = 0;
    for (size_t i = 0; i < count; i++)
        value = value * 10 + (at[i] - '0');
    return value;
}

/* "+0100", "-05:00" */
static bool take_offset(const char *token, Draft *draft)
{
    char plain[8] = "";
    size_t length = 0;
    if (*token != '+' && *token != '-')
        return false;
    for (const char *c = token + 1; *c && length < 7; c++)
        if (*c != ':')
            plain[length++] = *c;
    if (length != 4 || digits(plain) != 4)
        return false;
    int hours = number(plain, 2), minutes = number(plain + 2, 2);
    if (hours > 14 || minutes > 59)
        return false;
    draft->saw_zone = true;
    draft->has_zone = !(*token == '-' && hours == 0 && minutes == 0);
    draft->offset_s = (hours * 3600 + minutes * 60) * (*token == '-' ? -1 : 1);
    return true;
}

static bool take_zone(const char *token, Draft *draft)
{
    int hours;
    if (draft->saw_zone || !draft->has_time)
        return false;
    if (take_offset(token, draft))
        return true;
    if (!zone_by_name(token, &hours))
        return false;
    draft->saw_zone = draft->has_zone = true;
    draft->offset_s = hours * 3600;
    return true;
}

/* "20:13", "20:13:45", "20:13:45.123", "20.13.45" */
static bool take_time(const char *token, Draft *draft)
{
    int values[3] = {0, 0, 0}, count = 0;
    const char *at = token;
    while (count < 3) {
        size_t length = strspn(at, "0123456789");
        if (length < 1 || length > 2)
            return false;
        values[count++] = number(at, length);
        at += length;
        if (*at != ':' && !(*at == '.' && count < 3))
            break;
        at++;
    }
    if (count < 2 || draft->has_time)
        return false;
    if (*at == '.')
        at += 1 + strspn(at + 1, "0123456789");
    draft->civil.hour = values[0];
    draft->civil.minute = values[1];
    draft->civil.second = values[2];
    draft->has_time = true;
    return *at == '\0' || take_zone(at, draft);
}

static void take_year(int year, size_t count, Draft *draft)
{
    /* RFC 5322 section 4.3: two digits 00-49 are 2000-2049, the rest and
     * three digits count from 1900. */
    if (count == 2)
        year += year < 50 ? 2000 : 1900;
    else if (count == 3)
        year += 1900;
    draft->civil.year = year;
    draft->has_year = true;
}

static bool take_number(const char *token, Draft *draft)
{
    size_t count = digits(token);
    if (count >= 1 && count <= 2 && !draft->has_day) {
        draft->civil.day = number(token, count);
        draft->has_day = true;
        return true;
    }
    if (count >= 2 && count <= 4 && !draft->has_year) {
        take_year(number(token, count), count, draft);
        return true;
    }
    return false;
}

/* "2024-11-02", "2024-11-02T20:13:45Z" */
static bool take_iso(const char *token, Draft *draft)
{
    if (strlen(token) < 10 || token[4] != '-' || token[7] != '-' ||
        strspn(token, "0123456789") != 4 || draft->has_day)
        return false;
    if (strspn(token + 5, "0123456789") != 2 ||
        strspn(token + 8, "0123456789") != 2)
        return false;
    draft->civil.year = number(token, 4);
    draft->civil.month = number(token + 5, 2);
    draft->civil.day = number(token + 8, 2);
    draft->has_day = draft->has_month = draft->has_year = true;
    return token[10] == '\0' ||
           (token[10] == 'T' && take_time(token + 11, draft));
}

static bool take_token(const char *token, Draft *draft)
{
    if (g_ascii_isdigit(*token))
        return take_number(token, draft) || take_iso(token, draft) ||
               take_time(token, draft);
    if (!draft->has_month && read_month(token, &draft->civil.month)) {
        draft->has_month = true;
        return true;
    }
    if (is_weekday(token) || take_zone(token, draft))
        return true;
    draft->saw_zone |= draft->has_time; /* a zone we do not know */
    return draft->has_time;
}

/* The next token, without comments; NULL at the end. */
static const char *next_token(const char *at, char token[TOKEN_MAX])
{
    size_t length = 0;
    int depth = 0;
    for (; *at; at++) {
        depth += *at == '(';
        bool is_gap = depth > 0 || strchr(" \t,", *at);
        if (*at == ')' && depth > 0)
            depth--;
        if (is_gap && length > 0)
            break;
        if (!is_gap && length < TOKEN_MAX - 1)
            token[length++] = *at;
    }
    token[length] = '\0';
    return length > 0 ? at : NULL;
}

/* "02-Nov-2024": the hyphens of a date with a month's name are gaps. */
static bool take_hyphens(char *token, Draft *draft)
{
    if (!g_ascii_isdigit(*token) || !strchr(token, '-') ||
        !g_ascii_isalpha(strchr(token, '-')[1]))
        return false;
    for (char *rest = token, *part; (part = strsep(&rest, "-"));)
        if (!take_token(part, draft))
            return false;
    return true;
}

MailDate mail_date_parse(const char *value)
{
    MailDate none = {.at = INSTANT_NONE};
    Draft draft = {0};
    char token[TOKEN_MAX];
    const char *at = value ? value : "";
    for (int i = 0; i < TOKENS_MAX && (at = next_token(at, token)); i++)
        if (!take_hyphens(token, &draft) && !take_token(token, &draft))
            return none;
    if (!draft.has_day || !draft.has_month || !draft.has_year ||
        !draft.has_time || !civil_is_valid(&draft.civil))
        return none;
    Instant instant = instant_from_civil(&draft.civil, draft.offset_s);
    if (!instant_is_dated(instant))
        return none;
    return (MailDate){
        .at = instant,
        .offset_s = draft.offset_s,
        .has_zone = draft.has_zone,
    };
}
