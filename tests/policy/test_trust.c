/* The table of trust: levels, switches, triggers (policy/trust.c). */
#include "policy/trust.h"

#include <stdlib.h>
#include <string.h>

#define NOW      INT64_C(1777816920)
#define CATEGORY "connection/scan"

typedef struct {
    Member member;
    MemberMode mode;
    TrustState *state;
    TrustFacts facts;
} World;

static Automation level_of(const char *word)
{
    for (guint i = AUTOMATION_OFF; i <= AUTOMATION_AUTO; i++)
        if (g_str_equal(automation_word((Automation)i), word))
            return (Automation)i;
    g_error("\"%s\" is no level", word);
}

static void keep(World *world, const char *category, const char *word)
{
    TrustLevel *level = g_new0(TrustLevel, 1);
    level->category = g_strdup(category);
    level->level = level_of(word);
    level->since = NOW - 100;
    level->texts = g_strdup("XX/scan.en 1\nXX/login.en 7\n");
    level->rule = g_strdup("rule");
    g_ptr_array_add(world->state->levels, level);
}

static void set_member(World *world, const char *key, const char *value)
{
    Member *member = &world->member;
    if (g_str_equal(key, "file"))
        member->automation = level_of(value);
    else if (g_str_equal(key, "mode")) {
        world->mode = (MemberMode){.category = (char *)CATEGORY,
                                   .automation = level_of(value),
                                   .since = INSTANT_NONE};
        g_ptr_array_add(member->modes, &world->mode);
    } else if (g_str_equal(key, "ceiling"))
        member->ceiling =
            g_str_equal(value, "ask") ? CEILING_ASK : CEILING_NEVER;
    else if (g_str_equal(key, "consent"))
        member->consent_given = INSTANT_NONE;
    else if (g_str_equal(key, "mentor"))
        member->mentor = g_str_equal(value, "yes") ? (char *)"B. Probe" : NULL;
    else
        g_error("\"%s\" is no key", key);
}

static bool set_state(World *world, const char *key, const char *value)
{
    TrustState *state = world->state;
    if (g_str_equal(key, "kept"))
        keep(world, CATEGORY, value);
    else if (g_str_equal(key, "kept-class"))
        keep(world, "connection", value);
    else if (g_str_equal(key, "agreed"))
        state->consent = NOW - 50;
    else if (g_str_equal(key, "withdrawn"))
        state->withdrawn = NOW - 10;
    else if (g_str_equal(key, "paused"))
        state->paused = NOW - 10;
    else if (g_str_equal(key, "ends"))
        state->ends = g_str_equal(value, "past") ? NOW - 1 : NOW + 1;
    else if (g_str_equal(key, "approved"))
        state->approved = (uint32_t)atoi(value);
    else
        return false;
    return true;
}

static bool set_fact(World *world, const char *key, const char *value)
{
    TrustFacts *facts = &world->facts;
    if (g_str_equal(key, "bounced"))
        facts->has_bounced = true;
    else if (g_str_equal(key, "legal"))
        facts->has_legal_answer = true;
    else if (g_str_equal(key, "version"))
        facts->template_version = value;
    else if (g_str_equal(key, "template"))
        facts->template_id = value;
    else if (g_str_equal(key, "rule"))
        facts->rule = value;
    else if (g_str_equal(key, "claim-gone"))
        facts->is_claim_gone = true;
    else if (g_str_equal(key, "relays"))
        facts->relays_changed = true;
    else if (g_str_equal(key, "reviewed"))
        facts->template_reviewed = false;
    else if (g_str_equal(key, "letters"))
        facts->letters_1d = (uint32_t)atoi(value);
    else if (g_str_equal(key, "contact"))
        facts->has_contact_expired = true;
    else if (g_str_equal(key, "stopped"))
        facts->is_person_stopped = true;
    else
        return false;
    return true;
}

static void set_up(World *world)
{
    *world = (World){
        .member = {.id = (char *)"m",
                   .automation = AUTOMATION_AUTO,
                   .ceiling = CEILING_AUTOMATIC,
                   .consent_given = NOW - 1000,
                   .mentor_letters = 5,
                   .ended = INSTANT_NONE,
                   .modes = g_ptr_array_new()},
        .state = trust_state_new(),
        .facts = {.template_id = "XX/scan.en",
                  .template_version = "1",
                  .template_reviewed = true,
                  .rule = "rule",
                  .letters_1d = 3,
                  .letters_max = 50},
    };
}

static char *judge(char *line, bool *seen)
{
    World world;
    set_up(&world);
    g_auto(GStrv) words = g_strsplit(g_strstrip(line), " ", -1);
    for (guint i = 0; words[i]; i++) {
        char *value = strchr(words[i], '=');
        if (!value)
            continue;
        *value++ = 0;
        if (!set_state(&world, words[i], value) &&
            !set_fact(&world, words[i], value))
            set_member(&world, words[i], value);
    }
    TrustAnswer answer =
        trust_answer(&world.member, world.state, CATEGORY, NOW);
    int trigger = trust_trigger(&answer, &world.facts);
    const char *told, *id = "";
    if (trigger >= 0) {
        id = trust_trigger_text((guint)trigger, &told);
        seen[trigger] = true;
    }
    char *got = g_strdup_printf("%s %s%s%s", automation_word(answer.level),
                                answer.why, *id ? " " : "", id);
    g_ptr_array_unref(world.member.modes);
    trust_state_free(world.state);
    return got;
}

static void test_table(void)
{
    g_autofree char *text = NULL;
    g_autofree char *path = g_build_filename(TEST_DIR, "trust.table", NULL);
    bool seen[TRUST_TRIGGERS] = {false};
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        char *arrow = strstr(lines[i], "==>");
        if (!arrow || lines[i][0] == '#')
            continue;
        *arrow = 0;
        g_autofree char *shown = g_strdup(lines[i]);
        g_autofree char *got = judge(lines[i], seen);
        if (!g_str_equal(got, g_strstrip(arrow + 3))) {
            g_test_message("%s==> %s\n  got: %s", shown, arrow + 3, got);
            g_test_fail();
        }
    }
    for (guint i = 0; i < TRUST_TRIGGERS; i++)
        g_assert_true(seen[i]);
}

/* A state that nobody read is the file alone. */
static void test_without_store(void)
{
    World world;
    set_up(&world);
    TrustAnswer answer = trust_answer(&world.member, NULL, CATEGORY, NOW);
    g_assert_cmpint(answer.level, ==, AUTOMATION_AUTO);
    g_assert_null(answer.kept);
    g_assert_false(trust_wants_mentor(&world.member, NULL));
    g_ptr_array_unref(world.member.modes);
    trust_state_free(world.state);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/policy/trust/table", test_table);
    g_test_add_func("/policy/trust/without-store", test_without_store);
    return g_test_run();
}
