/*
 * The mail of each known reporter through the pipeline, on the demo's members
 * and relays: whose it is taken for, how sure that is, what becomes of it, and
 * what a letter would quote and go to.
 *
 * tests/policy/reporters/NAME.eml is a mail of the reporter's real shape, and
 * reporters.table tells, a line each:
 *
 *   NAME ==> PROFILE LEVEL ACTION to=ADDRESS quote=TEXT template=NAME rules=...
 *
 * PROFILE is "-" if the sender is not proven, then the one that it looks like
 * stands in brackets. Rules are those that look at the mail and its sender
 * (D00 to D17f); none is "-".
 */
#include "demo_desk.h"

#include "base/files.h"
#include "intake/reporter.h"

#include <string.h>

#define MAIL_MAX (1 << 20)

static Delivery *delivery_of(const char *name)
{
    g_autofree char *path = g_strdup_printf(REPORTERS "/%s.eml", name);
    g_autoptr(GError) error = NULL;
    Delivery *delivery = g_new0(Delivery, 1);
    delivery->raw = file_read(path, MAIL_MAX, &error);
    g_assert_no_error(error);
    gsize length;
    const void *raw = g_bytes_get_data(delivery->raw, &length);
    g_autoptr(StrictHeader) strict = strict_header_scan(raw, length);
    delivery->envelope_from = g_strdup(strict->return_path);
    delivery->recipients = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(delivery->recipients, g_strdup("abuse@umbrella.example"));
    delivery->received = demo_desk.now;
    delivery->way = "lmtp";
    return delivery;
}

/* What the switches and limits say (D17a to D17d, D18, D19, D01) is not the
 * reporter's matter. */
static bool is_about_the_mail(const char *rule)
{
    static const char *const OTHERS[] = {"D17",  "D17a", "D17b",
                                         "D17c", "D17d", NULL};
    return g_ascii_strtoll(rule + 1, NULL, 10) <= 17 &&
           !g_str_has_prefix(rule, "D01") && !g_strv_contains(OTHERS, rule);
}

static void append_rules(GString *out, const Decision *decision)
{
    guint count = 0;
    for (guint i = 0; i < decision->hits->len; i++) {
        const char *id = g_array_index(decision->hits, GateHit, i).id;
        if (is_about_the_mail(id))
            g_string_append_printf(out, "%s%s", count++ > 0 ? "," : "", id);
    }
    if (count == 0)
        g_string_append_c(out, '-');
}

/* The one that is about the member's relay, else the only one. */
static const JudgedTicket *ticket_of_member(const Judgement *judgement)
{
    for (guint i = 0; i < judgement->tickets->len; i++) {
        const JudgedTicket *judged = judgement->tickets->pdata[i];
        if (judged->member)
            return judged;
    }
    return judgement->tickets->pdata[0];
}

static char *describe(const char *name)
{
    g_autoptr(Delivery) delivery = delivery_of(name);
    g_autoptr(GError) error = NULL;
    g_autoptr(Judgement) judgement =
        intake_read(&demo_desk.desk, delivery, demo_desk.now, &error);
    g_assert_no_error(error);
    g_assert_true(intake_decide(&demo_desk.desk, delivery, judgement,
                                demo_desk.now, &error));
    const JudgedTicket *judged = ticket_of_member(judgement);
    const Profile *profile = judgement->profile;
    const Authentication *known = judgement->authentication;
    const char *template = reporter_template(judgement);
    GString *out = g_string_new(name);
    g_string_append(out, " ==> ");
    if (profile)
        g_string_append(out, profile->id);
    else
        g_string_append_printf(out, "-(%s)",
                               judgement->claimed ? judgement->claimed->id
                                                  : "nobody");
    g_string_append_printf(
        out, " %s %s to=%s quote=%s template=%s rules=",
        auth_level_word(known->level), action_word(judged->decision->action),
        known->destination ? known->destination : "-",
        judgement->quote ? judgement->quote : "-", template ? template : "-");
    append_rules(out, judged->decision);
    return g_string_free(out, FALSE);
}

static void test_table(void)
{
    g_autofree char *text = NULL;
    g_assert_true(
        g_file_get_contents(REPORTERS "/reporters.table", &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint checked = 0;
    bool is_same = true;
    for (char **line = lines; *line; line++) {
        if (!**line || **line == '#')
            continue;
        g_autofree char *name = g_strndup(*line, strcspn(*line, " "));
        g_autofree char *got = describe(name);
        if (strcmp(got, *line) != 0)
            g_test_message("%s\n#  got %s", *line, got);
        is_same &= strcmp(got, *line) == 0;
        checked++;
    }
    g_assert_true(is_same);
    g_assert_cmpuint(checked, ==, profiles_count(demo_desk.profiles));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    demo_desk_set_up();
    g_test_add_func("/intake/reporters/table", test_table);
    int status = g_test_run();
    demo_desk_tear_down();
    return status;
}
