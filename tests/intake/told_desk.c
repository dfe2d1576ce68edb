#include "told_desk.h"

#include "base/digest.h"
#include "intake/telling.h"
#include "store/challenges.h"
#include "store/database.h"

#include "../store/paper.h"

#include <string.h>

ToldDesk told_desk;

static Member *new_member(const char *id, const char *first, const char *second)
{
    Member *member = g_new0(Member, 1);
    member->id = g_strdup(id);
    member->name = g_strdup("Stadtbibliothek Musterstadt");
    member->country = g_strdup("DE");
    member->language = g_strdup("en");
    member->contacts = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(member->contacts, g_strdup(first));
    if (second)
        g_ptr_array_add(member->contacts, g_strdup(second));
    member->pgp_keys = g_ptr_array_new_with_free_func(g_free);
    member->fingerprints = g_array_new(FALSE, FALSE, FINGERPRINT_BYTES);
    member->prefixes = g_array_new(FALSE, FALSE, sizeof(MemberPrefix));
    member->statements = g_ptr_array_new();
    member->modes = g_ptr_array_new();
    member->automation = AUTOMATION_HOLD;
    member->ceiling = CEILING_AUTOMATIC;
    member->consent_given = 1;
    member->consent_by = g_strdup("A. Beispiel");
    member->ended = INSTANT_NONE;
    member->notice_zone = g_strdup("Europe/Berlin");
    member->notice_hour = 8;
    return member;
}

static void free_member(gpointer member)
{
    member_free(member);
}

static void set_members(Settings *settings)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(free_member);
    told_desk.member = new_member("bib", TOLD_BOARD, TOLD_CHAIR);
    g_ptr_array_add(list, told_desk.member);
    g_ptr_array_add(list, new_member("club", TOLD_OTHER, NULL));
    g_clear_pointer(&settings->members, members_unref);
    settings->members = members_new(list, NULL);
    g_assert_nonnull(settings->members);
}

void told_desk_set_up(void)
{
    mail_prepare();
    report_prepare();
    incident_prepare();
    told_desk.directory = paper_directory();
    told_desk.store = store_open(told_desk.directory, STORE_WRITE, NULL);
    Settings *settings = settings_default(told_desk.directory);
    g_free(settings->desk.name);
    settings->desk.name = g_strdup("Onion Umbrella");
    settings->desk.address = g_strdup(TOLD_DESK);
    settings->desk.mode = MODE_LIVE;
    settings->send.via = g_strdup("smtp://127.0.0.1:25");
    settings->send.bounce = g_strdup("bounce@umbrella.example");
    settings->receive.authserv_id = g_strdup("mx.umbrella.example");
    settings->notices.phone = g_strdup("+49 30 555 0199");
    set_members(settings);
    told_desk.settings = settings;
    told_desk.desk = (Desk){.settings = settings,
                            .store = told_desk.store,
                            .loop_key = g_bytes_new_static("secret", 6)};
}

void told_desk_tear_down(void)
{
    store_close(told_desk.store);
    settings_free(told_desk.settings);
    g_bytes_unref(told_desk.desk.loop_key);
    paper_remove(told_desk.directory);
    g_free(told_desk.directory);
}

void told_verify(const char *member, const char *address, Instant now)
{
    static guint count;
    g_autoptr(GError) error = NULL;
    uint8_t hash[SHA256_BYTES];
    g_autofree char *token = g_strdup_printf("question%u", count++);
    g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);
    NewMessage message = {.about = "member:bib",
                          .envelope_from = "bounce@umbrella.example",
                          .to = address,
                          .token = token,
                          .bytes = bytes};
    digest_sha256(token, strlen(token), hash);
    store_challenge_ask(told_desk.store,
                        &(NewChallenge){.member = member,
                                        .address = address,
                                        .by = "desk",
                                        .token_hash = hash,
                                        .message = &message},
                        now, &error);
    g_assert_no_error(error);
    ChallengeResult result;
    g_autofree char *who = NULL, *where = NULL;
    store_challenge_answer(told_desk.store, hash, address, "mail", now, &result,
                           &who, &where, &error);
    g_assert_no_error(error);
}

char *told_ask(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *sql = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    sqlite3_stmt *statement = NULL;
    g_assert_cmpint(sqlite3_prepare_v2(told_desk.store->database, sql, -1,
                                       &statement, NULL),
                    ==, SQLITE_OK);
    const char *text = sqlite3_step(statement) == SQLITE_ROW
                           ? (const char *)sqlite3_column_text(statement, 0)
                           : NULL;
    char *out = g_strdup(text ? text : "");
    sqlite3_finalize(statement);
    return out;
}

void told_expect(const char *sql, const char *wanted)
{
    g_autofree char *got = told_ask("%s", sql);
    if (!g_str_equal(got, wanted))
        g_error("%s: \"%s\" is not \"%s\"", sql, got, wanted);
}

guint told_run(Instant now)
{
    g_autoptr(GError) error = NULL;
    guint told;
    telling_run(told_desk.store, told_desk.settings, told_desk.desk.loop_key,
                now, &told, &error);
    g_assert_no_error(error);
    return told;
}

char *told_text(const char *address)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *whole =
        told_ask("SELECT CAST(bytes AS TEXT) FROM message WHERE recipient = "
                 "'%s' ORDER BY number DESC LIMIT 1",
                 address);
    g_autoptr(GBytes) raw = g_bytes_new(whole, strlen(whole));
    g_autoptr(Mail) mail = mail_parse(raw, &error);
    g_assert_no_error(error);
    const MailPart *part = mail->parts->pdata[0];
    return g_strdup(part->text);
}
