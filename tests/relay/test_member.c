#include "relay/member.h"

#include "member_of.h"
#include "network.h"

#include "base/errors.h"

#include <string.h>

static Instant at(const char *text)
{
    Instant instant;
    if (g_str_equal(text, "-"))
        return INSTANT_NONE;
    g_assert_true(instant_parse(text, &instant));
    return instant;
}

static Automation level(const char *word)
{
    for (int i = AUTOMATION_OFF; i <= AUTOMATION_AUTO; i++)
        if (g_str_equal(word, automation_word((Automation)i)))
            return (Automation)i;
    g_error("no level %s", word);
}

static Ceiling ceiling(const char *word)
{
    return g_str_equal(word, "never") ? CEILING_NEVER
           : g_str_equal(word, "ask") ? CEILING_ASK
                                      : CEILING_AUTOMATIC;
}

static void mode_free(gpointer data)
{
    MemberMode *mode = data;
    g_free(mode->category);
    g_free(mode);
}

static GPtrArray *read_modes(const char *text)
{
    GPtrArray *modes = g_ptr_array_new_with_free_func(mode_free);
    g_auto(GStrv) all = g_strsplit(text, ", ", -1);
    for (char **one = all; *one && **one; one++) {
        g_auto(GStrv) parts = g_strsplit_set(*one, "=@", 3);
        MemberMode *mode = g_new0(MemberMode, 1);
        mode->category = g_strdup(parts[0]);
        mode->automation = level(parts[1]);
        mode->since = parts[2] ? at(parts[2]) : INSTANT_NONE;
        g_ptr_array_add(modes, mode);
    }
    return modes;
}

static void check_automation(const char *line)
{
    g_auto(GStrv) halves = g_strsplit(line, " ==> ", 2);
    g_auto(GStrv) fields = g_strsplit(halves[0], "|", 3);
    g_auto(GStrv) words = g_strsplit(fields[0], " ", -1);
    Member *member = member_of("alpha");
    member->automation = level(words[0]);
    member->ceiling = ceiling(words[1]);
    member->consent_given = at(words[2]);
    member->ended = at(words[3]);
    member->modes = read_modes(g_strstrip(fields[1]));
    Automation got =
        member_automation(member, g_strstrip(fields[2]), at("2026-05-03"));
    if (got != level(halves[1]))
        g_error("%s\n  got: %s", line, automation_word(got));
    member_free(member);
}

static void test_automation(void)
{
    g_autofree char *text = NULL;
    g_assert_true(
        g_file_get_contents(TEST_DIR "/automation.txt", &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++)
        if (**line && **line != '#')
            check_automation(*line);
}

static const char *holder(const Members *members, const char *ip,
                          const char *when)
{
    IpAddress address;
    g_assert_true(ip_parse(ip, strlen(ip), &address));
    const Member *member = members_by_address(members, &address, at(when));
    return member ? member->id : "nobody";
}

static void test_lookups(void)
{
    static const char *const ALL[] = {
        "alpha relay=a1,a2 prefix=192.0.2.0/24",
        "beta relay=b1 prefix=192.0.2.64/28@2026-02-01..2026-03-01,"
        "2001:db8:5::/48",
        "gamma prefix=198.51.100.0/24@..2026-01-31",
        "delta prefix=198.51.100.0/24@2026-02-01", NULL};
    g_autoptr(Members) members = members_of(ALL);
    g_assert_cmpuint(members_count(members), ==, 4);
    g_assert_cmpstr(members_by_id(members, "beta")->id, ==, "beta");
    g_assert_null(members_by_id(members, "omega"));
    uint8_t fingerprint[FINGERPRINT_BYTES];
    network_fingerprint("a2", fingerprint);
    g_assert_cmpstr(members_by_fingerprint(members, fingerprint)->id, ==,
                    "alpha");
    network_fingerprint("nobody", fingerprint);
    g_assert_null(members_by_fingerprint(members, fingerprint));
    g_assert_cmpstr(holder(members, "192.0.2.70", "2026-01-01"), ==, "alpha");
    g_assert_cmpstr(holder(members, "192.0.2.70", "2026-02-02"), ==, "beta");
    g_assert_cmpstr(holder(members, "192.0.2.80", "2026-02-02"), ==, "alpha");
    g_assert_cmpstr(holder(members, "2001:db8:5::1", "2026-02-02"), ==, "beta");
    g_assert_cmpstr(holder(members, "2001:db8:6::1", "2026-02-02"), ==,
                    "nobody");
    g_assert_cmpstr(holder(members, "198.51.100.1", "2026-01-01"), ==, "gamma");
    g_assert_cmpstr(holder(members, "198.51.100.1", "2026-03-01"), ==, "delta");
}

static void check_conflict(const char *a, const char *b, const char *message)
{
    GPtrArray *list =
        g_ptr_array_new_with_free_func((GDestroyNotify)member_free);
    g_ptr_array_add(list, member_of(a));
    g_ptr_array_add(list, member_of(b));
    g_autoptr(GError) error = NULL;
    g_assert_null(members_new(list, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFIG);
    g_assert_nonnull(strstr(error->message, message));
}

static void test_conflicts(void)
{
    check_conflict("alpha relay=a1,x", "beta relay=x",
                   "members alpha and beta both claim relay");
    check_conflict("alpha prefix=192.0.2.0/24",
                   "beta prefix=192.0.2.0/24@2026-01-01",
                   "both claim 192.0.2.0/24 at one time");
    check_conflict("alpha prefix=192.0.2.0/24@..2026-02-01",
                   "beta prefix=192.0.2.0/24@2026-02-01..2026-03-01",
                   "both claim 192.0.2.0/24 at one time");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/member/automation", test_automation);
    g_test_add_func("/member/lookups", test_lookups);
    g_test_add_func("/member/conflicts", test_conflicts);
    return g_test_run();
}
