/*
 * Extra-infos (dir-spec, "extra-info document format"), for the ports that a
 * relay let out to in a day, where it says so:
 *
 *   extra-info NICK FINGERPRINT
 *   exit-stats-end YYYY-MM-DD HH:MM:SS (86400 s)
 *   exit-kibibytes-written 22=8,80=64128,443=9216,other=120
 *   router-signature
 *
 * Its name is the SHA-1 of its bytes from the first to the end of the line
 * "router-signature", which the relay's descriptor states (traffic.h). One
 * without the exit lines is of no use and skipped. Of the traffic only the
 * ports are kept; tor rounds each up to 128 KiB, so a port in the list had some.
 */
#include "relay/sources.h"

#include "base/digest.h"

#define PORTS_MAX  200 /* tor lists ten, and "other" */
#define PERIOD_MAX (7 * 86400)

typedef struct {
    uint8_t fingerprint[20];
    uint32_t to, seconds;
    GString *ports;
    bool has_ports, has_end;
} ExtraInfo;

static bool read_head(ExtraInfo *x, Text line)
{
    Text nickname, word;
    char hex[41] = "";
    if (!word_take(&line, &nickname) || !word_take(&line, &word) ||
        text_length(&word) != 40)
        return false;
    memcpy(hex, word.at, 40);
    return hex_parse(hex, x->fingerprint, 20);
}

static bool take_number(Text *text, uint32_t max, uint32_t *out)
{
    uint64_t value = 0;
    const char *start = text->at;
    for (; text->at < text->end && g_ascii_isdigit(*text->at); text->at++) {
        value = value * 10 + (uint64_t)(*text->at - '0');
        if (value > max)
            return false;
    }
    *out = (uint32_t)value;
    return text->at > start;
}

static bool read_end(ExtraInfo *x, Text line)
{
    Text word;
    x->has_end = true;
    if (!time_take(&line, &x->to) || !word_take(&line, &word) ||
        *word.at != '(')
        return false;
    word.at++;
    return take_number(&word, PERIOD_MAX, &x->seconds) && x->seconds < x->to;
}

/* Ports with some traffic, as they stand. */
static bool read_written(ExtraInfo *x, Text line)
{
    Text list;
    x->has_ports = true;
    if (!word_take(&line, &list))
        return true;
    for (guint i = 0; i < PORTS_MAX && list.at < list.end; i++) {
        const char *start = list.at;
        uint32_t port, some;
        bool is_other = text_begins(&list, "other=");
        if (is_other)
            list.at += strlen("other");
        else if (!take_number(&list, 65535, &port))
            return false;
        const char *stop = list.at;
        if (list.at == list.end || *list.at++ != '=' ||
            !take_number(&list, UINT32_MAX, &some))
            return false;
        if (some > 0)
            g_string_append_printf(x->ports, "%s%.*s", x->ports->len ? "," : "",
                                   (int)(stop - start), start);
        if (list.at < list.end && *list.at++ != ',')
            return false;
    }
    return true;
}

static bool read_line(ExtraInfo *x, Text line, guint number)
{
    if (number == 1)
        return line_keyword(&line, "extra-info") && read_head(x, line);
    if (line_keyword(&line, "exit-stats-end"))
        return read_end(x, line);
    return !line_keyword(&line, "exit-kibibytes-written") ||
           read_written(x, line);
}

static ReadResult parse(ExtraInfo *x, Text part, GError **error)
{
    Text line;
    for (guint number = 1; line_take(&part, &line); number++)
        if (!read_line(x, line, number))
            return source_damaged(error, "line %u is malformed", number);
    return x->has_end && x->has_ports && x->ports->len > 0 ? READ_NEW
                                                           : READ_SKIPPED;
}

ReadResult source_extrainfo_read(Records *records, Text document,
                                 const char *name, GError **error)
{
    static const char END[] = "\nrouter-signature\n";
    (void)name;
    if (!records->traffic)
        return READ_SKIPPED;
    const char *end =
        memmem(document.at, text_length(&document), END, sizeof END - 1);
    if (!end)
        return source_damaged(error, "it ends before its signature");
    Text part = {document.at, end + sizeof END - 1};
    g_autoptr(GString) ports = g_string_new(NULL);
    ExtraInfo x = {.ports = ports};
    ReadResult result = parse(&x, part, error);
    if (result != READ_NEW)
        return result;
    TrafficDay day = {
        .from = x.to - x.seconds,
        .to = x.to,
        .ports = ports->str,
    };
    memcpy(day.fingerprint, x.fingerprint, sizeof day.fingerprint);
    digest_sha1(part.at, text_length(&part), day.digest);
    return traffic_put(records->traffic, &day, records->is_cached) ? READ_NEW
                                                                   : READ_KNOWN;
}
