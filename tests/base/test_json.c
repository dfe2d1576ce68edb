#include "base/json.h"

static void test_shapes(void)
{
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "text", "a");
    json_put_text(&json, "nothing", NULL);
    json_put_number(&json, "number", INT64_MIN);
    json_put_bool(&json, "yes", true);
    json_put_instant(&json, "at", 1777816920);
    json_put_instant(&json, "never", INSTANT_NONE);
    json_key(&json, "list");
    json_array(&json);
    json_number(&json, 1);
    json_array(&json);
    json_end_array(&json);
    json_object(&json);
    json_end_object(&json);
    json_end_array(&json);
    json_key(&json, "kept");
    json_kept(&json, "{\"a\":1}");
    json_put_bool(&json, "last", false);
    json_end_object(&json);
    g_autofree char *text = json_steal(&json);
    g_assert_cmpstr(text, ==,
                    "{\"text\":\"a\",\"nothing\":null,"
                    "\"number\":-9223372036854775808,\"yes\":true,"
                    "\"at\":\"2026-05-03T14:02:00Z\",\"never\":null,"
                    "\"list\":[1,[],{}],\"kept\":{\"a\":1},\"last\":false}");
}

/* RFC 8259 section 7; what is not UTF-8 becomes U+FFFD. */
static void test_escapes(void)
{
    static const struct {
        const char *text, *json;
    } CASES[] = {
        {"", "\"\""},
        {"\"\\/", "\"\\\"\\\\/\""},
        {"\n\r\t\b", "\"\\n\\u000d\\u0009\\u0008\""},
        {"\x1b[31m\x7f", "\"\\u001b[31m\\u007f\""},
        {"Grüße 日本", "\"Grüße 日本\""},
        {"a\xff"
         "b",
         "\"a\xef\xbf\xbd"
         "b\""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        Json json;
        json_init(&json);
        json_text(&json, CASES[i].text);
        g_autofree char *text = json_steal(&json);
        g_assert_cmpstr(text, ==, CASES[i].json);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/json/shapes", test_shapes);
    g_test_add_func("/json/escapes", test_escapes);
    return g_test_run();
}
