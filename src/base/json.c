#include "base/json.h"

void json_init(Json *json)
{
    *json = (Json){.text = g_string_new(NULL)};
}

char *json_steal(Json *json)
{
    g_assert(json->depth == 0);
    return g_string_free(g_steal_pointer(&json->text), FALSE);
}

/* A comma where one belongs before the next item. */
static void separate(Json *json)
{
    if (json->after_key) {
        json->after_key = false;
        return;
    }
    if (json->has_items[json->depth])
        g_string_append_c(json->text, ',');
    json->has_items[json->depth] = true;
}

static void open_level(Json *json, char bracket)
{
    separate(json);
    g_assert(json->depth < JSON_DEPTH_MAX);
    g_string_append_c(json->text, bracket);
    json->has_items[++json->depth] = false;
}

static void close_level(Json *json, char bracket)
{
    g_assert(json->depth > 0 && !json->after_key);
    json->depth--;
    g_string_append_c(json->text, bracket);
}

void json_object(Json *json)
{
    open_level(json, '{');
}

void json_end_object(Json *json)
{
    close_level(json, '}');
}

void json_array(Json *json)
{
    open_level(json, '[');
}

void json_end_array(Json *json)
{
    close_level(json, ']');
}

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c != 0x7f && c != '"' && c != '\\';
}

/* What stands between two characters to escape goes over in one piece. */
static void write_string(GString *out, const char *value)
{
    g_autofree char *valid = g_utf8_make_valid(value, -1);
    g_string_append_c(out, '"');
    for (const char *at = valid; *at;) {
        const char *run = at;
        while (*at && is_plain((unsigned char)*at))
            at++;
        g_string_append_len(out, run, at - run);
        if (!*at)
            break;
        unsigned char c = (unsigned char)*at++;
        if (c == '"' || c == '\\')
            g_string_append_printf(out, "\\%c", c);
        else if (c == '\n')
            g_string_append(out, "\\n");
        else
            g_string_append_printf(out, "\\u%04x", c);
    }
    g_string_append_c(out, '"');
}

void json_key(Json *json, const char *name)
{
    separate(json);
    write_string(json->text, name);
    g_string_append_c(json->text, ':');
    json->after_key = true;
}

void json_text(Json *json, const char *value)
{
    if (!value) {
        json_null(json);
        return;
    }
    separate(json);
    write_string(json->text, value);
}

void json_number(Json *json, int64_t value)
{
    separate(json);
    g_string_append_printf(json->text, "%" G_GINT64_FORMAT, value);
}

void json_bool(Json *json, bool value)
{
    separate(json);
    g_string_append(json->text, value ? "true" : "false");
}

void json_null(Json *json)
{
    separate(json);
    g_string_append(json->text, "null");
}

void json_instant(Json *json, Instant value)
{
    char buffer[INSTANT_TEXT_MAX];
    json_text(json, value == INSTANT_NONE ? NULL : instant_text(value, buffer));
}

void json_kept(Json *json, const char *value)
{
    separate(json);
    g_string_append(json->text, value);
}

void json_put_text(Json *json, const char *name, const char *value)
{
    json_key(json, name);
    json_text(json, value);
}

void json_put_number(Json *json, const char *name, int64_t value)
{
    json_key(json, name);
    json_number(json, value);
}

void json_put_bool(Json *json, const char *name, bool value)
{
    json_key(json, name);
    json_bool(json, value);
}

void json_put_instant(Json *json, const char *name, Instant value)
{
    json_key(json, name);
    json_instant(json, value);
}
