/* Documents and what is handed out of them: "name(value@at+length)". */
#include "base/xml.h"

#include <string.h>

static void on_begin(const char *name, const char *const *attributes, int depth,
                     void *data)
{
    const char *kind = xml_attribute(attributes, "kind");
    g_string_append_printf(data, "<%s%s%s", name, kind ? "=" : "",
                           kind ? kind : "");
}

static void on_end(const char *name, const XmlValue *value, int depth,
                   void *data)
{
    if (value->length > 0)
        g_string_append_printf(data, "(%s@%zu+%zu)", value->text, value->at,
                               value->length);
    g_string_append_c(data, '>');
}

static const XmlReader READER = {on_begin, on_end};

static void walks(const char *text, bool is_whole, const char *wanted)
{
    g_autoptr(GString) seen = g_string_new(NULL);
    g_assert_true(xml_walk(text, strlen(text), &READER, seen) == is_whole);
    g_assert_cmpstr(seen->str, ==, wanted);
}

static void test_values(void)
{
    walks("<a><b>x</b></a>", true, "<a<b(x@6+1)>>");
    walks("<n:a n:Kind='y'>\n z &amp; w\n</n:a>", true, "<a=y(z & w@18+9)>");
    walks("<a>text<b/>more</a>", true, "<a<b>>");
    walks("<a><![CDATA[1 < 2]]></a>", true, "<a(1 < 2@12+5)>");
    walks("<?xml version='1.0' encoding='utf-16'?><a>\xc3\xa4</a>", true,
          "<a(\xc3\xa4@42+2)>");
}

static void test_damage(void)
{
    walks("<a><b>x</b><c>R</d></a>", false, "<a<b(x@6+1)><c");
    walks("<a>R&D &nbsp;&#65;</a>", true, "<a(R D  nbsp;A@3+15)>");
    walks("<a>&#xffffffffff;</a>", true, "<a(#xffffffffff;@4+13)>");
    walks("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", false, "");
    walks("", false, "");
    g_autoptr(GString) deep = g_string_new(NULL);
    for (int i = 0; i < 100000; i++)
        g_string_append(deep, "<a>");
    g_autoptr(GString) seen = g_string_new(NULL);
    g_assert_false(xml_walk(deep->str, deep->len, &READER, seen));
    g_assert_cmpuint(seen->len, ==, 2 * XML_DEPTH_MAX);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/xml/values", test_values);
    g_test_add_func("/xml/damage", test_damage);
    return g_test_run();
}
