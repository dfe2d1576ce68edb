/* Which rules of XARF v4 a report breaks: each case alters one that is right. */
#include "report/xarf_valid.h"

#include "report/category.h"
#include "report/xarf_rules.h"

#include <jansson.h>
#include <string.h>

static const char CORE[] =
    "{'xarf_version':'4.2.0',"
    "'report_id':'0d0b4d3a-0d3e-4a3c-9b7e-0123456789ab',"
    "'timestamp':'2026-11-21T13:03:11Z',"
    "'reporter':{'org':'E','contact':'a@example.net','domain':'example.net'},"
    "'sender':{'org':'E','contact':'a@example.net','domain':'example.net'},"
    "'source_identifier':'192.0.2.7'}";

static json_t *load(const char *text)
{
    g_autofree char *json = g_strdup(text);
    json_t *value = json_loads(g_strdelimit(json, "'", '"'), 0, NULL);
    g_assert_nonnull(value);
    return value;
}

/* CORE with the members of more, null taking a member away. */
static json_t *report_with(const char *more)
{
    json_t *report = load(CORE), *changes = load(more);
    const char *name;
    json_t *value;
    json_object_foreach(changes, name, value)
    {
        if (json_is_null(value))
            json_object_del(report, name);
        else
            json_object_set(report, name, value);
    }
    json_decref(changes);
    return report;
}

static const struct {
    const char *more, *flaws; /* joined by "; " */
    bool is_believed;
} CASES[] = {
    {"{'category':'connection','type':'login_attack','protocol':'tcp',"
     "'source_port':40122,'first_seen':'2026-11-21T13:03:11.5+01:00',"
     "'destination_port':22,'confidence':0.9,'tags':['attack:ssh']}",
     "", true},
    {"{'category':'connection','type':'login_attack'}",
     "first_seen is missing; protocol is missing; source_port is missing",
     true},
    {"{'category':'connection','type':'port_scan','protocol':'ssh',"
     "'source_identifier':'a.example','first_seen':'yesterday'}",
     "first_seen is no time with a zone; protocol is no word it may be", true},
    {"{'category':'messaging','type':'spam','protocol':'smtp'}",
     "smtp_from is missing; source_port is missing", true},
    {"{'category':'messaging','type':'spam','protocol':'sms'}", "", true},
    {"{'category':'messaging','type':'bulk_messaging','protocol':'sms',"
     "'recipient_count':99}",
     "recipient_count is no count it may be", true},
    {"{'category':'content','type':'phishing'}", "url is missing", true},
    {"{'category':'content','type':'exposed_data','url':'http://x.example/',"
     "'data_types':[],'exposure_method':'backup_file'}",
     "data_types is no list of anything", true},
    {"{'category':'copyright','type':'p2p','p2p_protocol':'bittorrent',"
     "'swarm_info':{}}",
     "swarm_info lacks info_hash and magnet_uri", true},
    {"{'category':'copyright','type':'p2p','p2p_protocol':'bittorrent',"
     "'swarm_info':{'info_hash':'aa'}}",
     "", true},
    {"{'category':'copyright','type':'usenet','newsgroup':'alt.x'}",
     "message_info lacks message_id", true},
    {"{'category':'vulnerability','type':'cve','service':'ssh',"
     "'service_port':22,'cve_id':'2026-1'}",
     "cve_id is no CVE number", true},
    {"{'category':'reputation','type':'blocklist','threat_type':'spam',"
     "'evidence':[{'content_type':'text/plain'}],'confidence':7}",
     "evidence lacks content_type or payload; confidence is no number from 0 "
     "to 1",
     true},
    {"{'category':'infrastructure','type':'botnet','compromise_evidence':'',"
     "'xarf_version':'4','report_id':'7','reporter':null,"
     "'sender':{'org':'E'},'source_port':0}",
     "xarf_version is not 4.x.y; report_id is no UUID; reporter is missing; "
     "sender lacks org, contact or domain; source_port is no port; "
     "compromise_evidence is empty",
     true},
    {"{'category':'content','type':'ddos','url':'http://x.example/'}",
     "type is none of its category", true},
    {"{'category':'network','type':'spam'}", "category is no word it may be",
     false},
    {"{'category':'legal','type':'court'}", "category is no word it may be",
     false},
    {"{'type':'spam'}", "category is missing", false},
    {"{'category':'messaging'}", "type is missing", false},
    {"{'category':['messaging'],'type':7}",
     "category is no text; type is no text", false},
};

static void test_rules(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        json_t *root = report_with(CASES[i].more);
        g_autoptr(Report) report = report_new_unreadable("a test");
        guint before = report->flags->len;
        g_test_message("%s", CASES[i].more);
        bool believed = xarf_valid_judge(root, report);
        g_autoptr(GString) seen = g_string_new(NULL);
        for (guint k = before; k < report->flags->len; k++) {
            const char *flag = report->flags->pdata[k];
            g_assert_true(g_str_has_prefix(flag, XARF_FLAW_PREFIX));
            g_string_append_printf(seen, "%s%s", k > before ? "; " : "",
                                   flag + strlen(XARF_FLAW_PREFIX));
        }
        g_assert_cmpstr(seen->str, ==, CASES[i].flaws);
        g_assert_true(believed == CASES[i].is_believed);
        json_decref(root);
    }
}

/* Each row is of a type that we know, asks for words where it has to, and
 * stands there once. */
static void test_table(void)
{
    g_autoptr(GHashTable) seen =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (const XarfRule *rule = XARF_RULES; rule->field; rule++) {
        bool is_class = *rule->of == '\0' || g_str_has_suffix(rule->of, "/");
        g_test_message("%s %s", rule->of, rule->field);
        g_assert_true(is_class || category_is_known(rule->of));
        g_assert_true(rule->value != XARF_WORD || rule->words);
        g_assert_true(g_hash_table_add(
            seen, g_strconcat(rule->of, " ", rule->field, NULL)));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/xarf/rules", test_rules);
    g_test_add_func("/xarf/table", test_table);
    return g_test_run();
}
