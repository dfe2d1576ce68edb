#include "transcript.h"

#include <string.h>

static void append_escape(GString *out, const char **at)
{
    const char *c = *at + 1;
    switch (*c) {
    case 'r':
        g_string_append_c(out, '\r');
        break;
    case 'n':
        g_string_append_c(out, '\n');
        break;
    case '0':
        g_string_append_c(out, '\0');
        break;
    case '\\':
        g_string_append_c(out, '\\');
        break;
    case 'x':
        g_string_append_c(out, (char)(g_ascii_xdigit_value(c[1]) * 16 +
                                      g_ascii_xdigit_value(c[2])));
        c += 2;
        break;
    default:
        g_error("unknown escape \\%c", *c);
    }
    *at = c + 1;
}

static void append_repeated(GString *out, const char **at)
{
    char what = (*at)[1];
    g_assert_cmpint((*at)[2], ==, '*');
    char *end;
    for (guint64 i = g_ascii_strtoull(*at + 3, &end, 10); i > 0; i--)
        g_string_append_c(out, what);
    g_assert_cmpint(*end, ==, '}');
    *at = end + 1;
}

static GString *unescape(const char *text)
{
    GString *out = g_string_new(NULL);
    while (*text) {
        if (*text == '\\')
            append_escape(out, &text);
        else if (*text == '{')
            append_repeated(out, &text);
        else
            g_string_append_c(out, *text++);
    }
    return out;
}

/* A line of the file into the transcript; in_mail: an M line stands open. */
static void take_line(Transcript *transcript, const char *line, bool *in_mail)
{
    const char *rest = strlen(line) > 3 ? line + 3 : "";
    GString *text = unescape(rest);
    if (line[1] == ':' && line[0] != 'M')
        g_string_append(text, "\r\n");
    if (*in_mail && line[0] != 'B') {
        g_string_append_c(transcript->mails, '\n');
        *in_mail = false;
    }
    switch (line[0]) {
    case 'C':
        g_byte_array_append(transcript->client, (const uint8_t *)text->str,
                            (guint)text->len);
        break;
    case 'S':
        g_string_append_len(transcript->replies, text->str, (gssize)text->len);
        break;
    case 'M':
        g_string_append_c(text, '\n');
        *in_mail = true;
        G_GNUC_FALLTHROUGH;
    case 'B':
        g_string_append_len(transcript->mails, text->str, (gssize)text->len);
        break;
    default:
        g_error("cannot read \"%s\"", line);
    }
    g_string_free(text, TRUE);
}

Transcript *transcript_read(const char *path)
{
    g_autofree char *content = NULL;
    g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
    Transcript *transcript = g_new0(Transcript, 1);
    transcript->max_bytes = 1000;
    transcript->client = g_byte_array_new();
    transcript->replies = g_string_new(NULL);
    transcript->mails = g_string_new(NULL);
    bool in_mail = false;
    g_auto(GStrv) lines = g_strsplit(content, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        if (g_str_has_prefix(lines[i], "@ max_bytes "))
            transcript->max_bytes =
                (uint32_t)g_ascii_strtoull(lines[i] + 12, NULL, 10);
        else if (g_str_equal(lines[i], "end"))
            transcript->ends = true;
        else if (*lines[i] && *lines[i] != '#')
            take_line(transcript, lines[i], &in_mail);
    }
    g_assert_false(in_mail);
    return transcript;
}

void transcript_free(Transcript *transcript)
{
    g_byte_array_unref(transcript->client);
    g_string_free(transcript->replies, TRUE);
    g_string_free(transcript->mails, TRUE);
    g_free(transcript);
}

void transcript_add_mail(GString *mails, const char *from,
                         const GPtrArray *recipients, GBytes *raw)
{
    g_string_append_printf(mails, "<%s>", from);
    for (guint i = 0; i < recipients->len; i++)
        g_string_append_printf(mails, " <%s>",
                               (const char *)recipients->pdata[i]);
    gsize length;
    const char *data = g_bytes_get_data(raw, &length);
    g_string_append_c(mails, '\n');
    g_string_append_len(mails, data, (gssize)length);
    g_string_append_c(mails, '\n');
}

bool transcript_accepts(const char *address)
{
    return g_ascii_strcasecmp(address, "postmaster") == 0 ||
           g_str_has_suffix(address, "@desk.example");
}
