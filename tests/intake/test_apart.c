/*
 * No member learns of another. One mail about three members, in free text,
 * lines of a log, a table and an attached XARF report, goes through the real
 * desk; then everything that a member can get is searched for whatever another
 * is known by. The words searched for are written here, and not asked of the
 * program.
 */
#include "intake/apart_case.h"

#include "base/digest.h"
#include "base/unpack_memory.h"
#include "demo_desk.h"
#include "intake/inviting.h"
#include "intake/telling.h"
#include "mail/mail.h"
#include "store/challenges.h"
#include "store/trust.h"

#include <string.h>

#define HOUR INSTANT_HOUR_S
#define DAY  INSTANT_DAY_S

/* What the demo's members and their relays are known by. */
static const struct {
    const char *id, *contact;
    const char *words[8];
} SIGNS[] = {
    {"stadtbibliothek",
     "direktion@bibliothek.example",
     {"stadtbibliothek", "Musterstadt", "bibliothek.example",
      "direktion@bibliothek.example", "192.0.2.77", "MusterBibliothek",
      "1111111111111111111111111111111111111111"}},
    {"hackerspace",
     "board@hackerspace.example",
     {"hackerspace", "Exempel", "hackerspace.example",
      "board@hackerspace.example", "198.51.100.9", "ExempelSpace",
      "2222222222222222222222222222222222222222"}},
    {"example-onion",
     "ops@onion.example",
     {"example-onion", "Example Onion", "onion.example", "ops@onion.example",
      "203.0.113.5", "ExampleOnion",
      "3333333333333333333333333333333333333333"}},
};

/* ---- mails ----------------------------------------------------------------- */

#define TEXT                                                                   \
    "To Stadtbibliothek Musterstadt, Hackerspace Exempel and Example "         \
    "Onion\r\n"                                                                \
    "(direktion@bibliothek.example, board@hackerspace.example,\r\n"            \
    "ops@onion.example): your relays MusterBibliothek, ExempelSpace and\r\n"   \
    "ExampleOnion, 1111111111111111111111111111111111111111,\r\n"              \
    "2222222222222222222222222222222222222222 and\r\n"                         \
    "3333333333333333333333333333333333333333, attacked our servers.\r\n"      \
    "Please answer by 2026-05-20 12:00 UTC for 192.0.2.77, 198.51.100.9 "      \
    "and\r\n"                                                                  \
    "203.0.113.5.\r\n\r\n"

#define LOG                                                                    \
    "May  4 02:14:00 shop sshd[7]: Failed password for root from 192.0.2.77 "  \
    "port 4711 ssh2\r\n"                                                       \
    "May  4 02:16:00 shop sshd[7]: Failed password for root from "             \
    "198.51.100.9 port 4711 ssh2\r\n"                                          \
    "May  4 02:20:30 shop sshd[7]: Failed password for root from "             \
    "203.0.113.5 port 4711 ssh2\r\n"                                           \
    "All times are UTC.\r\n"

#define TABLE                                                                  \
    "source_ip,timestamp,destination_port,comment\r\n"                         \
    "192.0.2.77,2026-05-04T02:14:10Z,22,MusterBibliothek\r\n"                  \
    "198.51.100.9,2026-05-04T02:16:10Z,22,ExempelSpace\r\n"                    \
    "203.0.113.5,2026-05-04T02:20:10Z,22,ExampleOnion\r\n"

#define XARF                                                                   \
    "{\"xarf_version\":\"4.0.0\",\"report_id\":"                               \
    "\"550e8400-e29b-41d4-a716-446655440000\",\"timestamp\":"                  \
    "\"2026-05-04T02:20:45Z\",\"reporter\":{\"org\":\"CERT\",\"contact\":"     \
    "\"cert@cert.example\",\"domain\":\"cert.example\"},\"sender\":{\"org\":"  \
    "\"CERT\",\"contact\":\"cert@cert.example\",\"domain\":\"cert.example\"}," \
    "\"source_identifier\":\"203.0.113.5\",\"category\":\"connection\","       \
    "\"type\":\"login_attack\",\"evidence_source\":\"honeypot\","              \
    "\"description\":\"ExampleOnion, ops@onion.example\"}\r\n"

typedef struct {
    const char *subject, *text, *csv, *xarf;
    const char *from;
    guint members; /* whose cases it makes */
} Sample;

static const Sample SAMPLES[] = {
    {"Attacks of 192.0.2.77, 198.51.100.9, 203.0.113.5 (Example Onion)",
     TEXT LOG, TABLE, XARF, "cert@cert.example", 3},
    {"Police: Stadtbibliothek, Hackerspace Exempel, Example Onion",
     "Police department, criminal investigation. Disclose the identity of the "
     "subscribers.\r\n\r\n" TEXT LOG,
     TABLE, XARF, "police@polizei.example", 3},
    /* about one, naming the others */
    {"Failed logins, see Hackerspace Exempel",
     "As Example Onion (ops@onion.example, "
     "3333333333333333333333333333333333333333) and\r\n"
     "board@hackerspace.example of ExempelSpace know already:\r\n\r\n"
     "Failed logins from 192.0.2.77 2026-05-04 02:14:00 UTC to port 22.\r\n"
     "Please answer within 3 days.\r\n",
     NULL, NULL, "noc@shop.example", 1},
    /* about one, from another's people */
    {"Failed logins",
     "Failed logins from 198.51.100.9 2026-05-04 02:16:00 UTC "
     "to port 22.\r\nPlease answer within 3 days.\r\n",
     NULL, NULL, "ops@onion.example", 1},
    /* about one, the other's name encoded in an attachment */
    {"Failed logins",
     "Failed logins from 203.0.113.5 2026-05-04 02:20:30 UTC "
     "to port 22.\r\nPlease answer within 3 days.\r\n",
     "note\r\nlike that of Stadtbibliothek Musterstadt\r\n", NULL,
     "noc@mill.example", 1},
};

static Desk desk;
static Store *store;
static GBytes *key;
static Instant now;

static void put_part(GString *out, const char *type, const char *name,
                     const char *content)
{
    if (!content)
        return;
    g_autofree char *base64 =
        g_base64_encode((const guchar *)content, strlen(content));
    g_string_append_printf(out,
                           "--edge\r\nContent-Type: %s; name=%s\r\n"
                           "Content-Transfer-Encoding: base64\r\n\r\n",
                           type, name);
    for (const char *at = base64; *at;) {
        size_t length = MIN(strlen(at), 76);
        g_string_append_printf(out, "%.*s\r\n", (int)length, at);
        at += length;
    }
}

static GBytes *mail_of(const Sample *sample, guint number)
{
    const char *domain = strchr(sample->from, '@') + 1;
    GString *out = g_string_new(NULL);
    g_string_append_printf(
        out,
        "Authentication-Results: mx.umbrella.example;\r\n"
        " dkim=pass header.d=%s header.s=m header.b=Ab%06u;\r\n"
        " spf=pass smtp.mailfrom=%s; dmarc=pass header.from=%s\r\n"
        "Received: from a by mx.umbrella.example; Mon, 04 May 2026 08:00:00 "
        "+0000\r\n"
        "DKIM-Signature: v=1; a=rsa-sha256; d=%s; s=m; "
        "h=from:to:date:subject:message-id; bh=x; b=Ab%06uAAAABBBB\r\n"
        "From: <%s>\r\nTo: abuse@umbrella.example\r\nSubject: %s\r\n"
        "Date: Mon, 04 May 2026 07:59:00 +0000\r\n"
        "Message-ID: <apart%u@%s>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=edge\r\n\r\n"
        "--edge\r\nContent-Type: text/plain\r\n\r\n%s",
        domain, number, sample->from, domain, domain, number, sample->from,
        sample->subject, number, domain, sample->text);
    put_part(out, "text/csv", "events.csv", sample->csv);
    put_part(out, "application/json", "xarf.json", sample->xarf);
    g_string_append(out, "--edge--\r\n");
    return g_string_free_to_bytes(out);
}

static void file(guint number)
{
    const Sample *sample = &SAMPLES[number];
    g_autoptr(GError) error = NULL;
    g_autoptr(Delivery) delivery = g_new0(Delivery, 1);
    delivery->envelope_from = g_strdup(sample->from);
    delivery->recipients = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(delivery->recipients, g_strdup("abuse@umbrella.example"));
    delivery->raw = mail_of(sample, number);
    delivery->received = now;
    delivery->way = "lmtp";
    g_assert_true(store_accept(store, &delivery, 1, &error));
    g_autoptr(Judgement) judgement = intake_read(&desk, delivery, now, &error);
    g_assert_no_error(error);
    g_assert_true(intake_file(&desk, delivery, judgement, now, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(apart_member_count(judgement), ==, sample->members);
}

/* ---- what a member gets ----------------------------------------------------- */

static void verify(guint who)
{
    g_autoptr(GError) error = NULL;
    uint8_t hash[SHA256_BYTES];
    g_autofree char *token = g_strdup_printf("apart%u", who);
    g_autofree char *name = NULL, *where = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);
    NewMessage message = {.about = "desk",
                          .envelope_from = "bounce@umbrella.example",
                          .to = SIGNS[who].contact,
                          .token = token,
                          .bytes = bytes};
    ChallengeResult result;
    digest_sha256(token, strlen(token), hash);
    const NewChallenge challenge = {.member = SIGNS[who].id,
                                    .address = SIGNS[who].contact,
                                    .by = "desk",
                                    .token_hash = hash,
                                    .message = &message};
    g_assert_true(store_challenge_ask(store, &challenge, now - DAY, &error));
    g_assert_true(store_challenge_answer(store, hash, SIGNS[who].contact,
                                         "mail", now - DAY, &result, &name,
                                         &where, &error));
    g_assert_no_error(error);
}

/* Digests, urgent notices and reminders of three days, a step back. */
static void tell_all(void)
{
    g_autoptr(GError) error = NULL;
    for (guint i = 0; i < G_N_ELEMENTS(SIGNS); i++) {
        TrustLevel level = {.category = (char *)"connection/login_attack",
                            .level = AUTOMATION_AUTO,
                            .by = (char *)"desk",
                            .why = (char *)"tried"};
        g_assert_true(store_trust_set(store, SIGNS[i].id, &level, now, &error));
        g_assert_true(store_trust_step_back(store, SIGNS[i].id, level.category,
                                            TRUST_LEGAL_ANSWER, now, &error));
    }
    for (Instant at = now; at < now + 3 * DAY; at += HOUR) {
        guint told;
        g_assert_true(
            telling_run(store, desk.settings, key, at, &told, &error));
        g_assert_true(inviting_tell(store, desk.settings, key, at, &error));
        g_assert_no_error(error);
    }
}

static void put_mail(GString *out, GBytes *raw)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Mail) mail = mail_parse(raw, &error);
    g_assert_no_error(error);
    g_string_append_len(out, g_bytes_get_data(raw, NULL),
                        (gssize)g_bytes_get_size(raw));
    for (guint i = 0; i < mail->parts->len; i++) {
        const MailPart *part = mail->parts->pdata[i];
        if (part->text)
            g_string_append(out, part->text);
    }
}

/* All mails to the member's people that wait to leave. */
static guint put_mails(GString *out, guint who)
{
    g_autoptr(GError) error = NULL;
    guint count = 0;
    g_autoptr(GPtrArray) due =
        store_outbox_due(store, now + 10 * DAY, 1000, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < due->len; i++) {
        const OutboxRow *row = due->pdata[i];
        if (g_strcmp0(row->to, SIGNS[who].contact) != 0)
            continue;
        put_mail(out, row->bytes);
        count++;
    }
    return count;
}

/* Run the program, with words split at blanks; its output is appended. */
static void put_command(GString *out, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *line =
        g_strdup_printf("%s -C %s/exitdesk.yaml %s", g_getenv("EXITDESK"),
                        demo_desk.directory, words);
    g_autofree char *said = NULL, *wrong = NULL;
    int status;
    g_assert_true(
        g_spawn_command_line_sync(line, &said, &wrong, &status, &error));
    if (status != 0)
        g_error("%s: %s%s", line, said, wrong);
    g_string_append_printf(out, "\n[%s]\n%s", words, said);
}

static void put_export(GString *out, guint who)
{
    g_autoptr(GError) error = NULL;
    Unpacked zip = {0};
    g_autofree char *data = NULL;
    gsize length;
    g_autofree char *path =
        g_strdup_printf("%s/%s.zip", demo_desk.directory, SIGNS[who].id);
    g_autofree char *words =
        g_strdup_printf("member export %s -o %s", SIGNS[who].id, path);
    put_command(out, words);
    g_assert_true(g_file_get_contents(path, &data, &length, &error));
    unpack_memory(data, length, UNPACK_ZIP, NULL, UNPACK_BYTES_MAX, &zip);
    g_assert_null(zip.flaw);
    for (guint i = 0; i < zip.members->len; i++) {
        const UnpackedMember *member = zip.members->pdata[i];
        g_string_append_printf(out, "\n[%s]\n", member->name);
        if (g_str_has_suffix(member->name, ".eml"))
            put_mail(out, member->bytes);
        else
            g_string_append_len(out, g_bytes_get_data(member->bytes, NULL),
                                (gssize)g_bytes_get_size(member->bytes));
    }
    unpacked_clear(&zip);
}

static guint put_cases(GString *out, guint who)
{
    static const char *const COMMANDS[] = {"case show %s --for-member",
                                           "case show %s --for-member --json",
                                           "case brief %s"};
    g_autoptr(GError) error = NULL;
    const CaseFilter filter = {
        .member = SIGNS[who].id, .until = G_MAXINT64, .max = 100};
    g_autoptr(GPtrArray) rows = store_cases(store, &filter, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < rows->len; i++)
        for (guint k = 0; k < G_N_ELEMENTS(COMMANDS); k++) {
            const CaseRow *row = rows->pdata[i];
            g_autoptr(GString) words = g_string_new(COMMANDS[k]);
            g_string_replace(words, "%s", row->case_id, 0);
            put_command(out, words->str);
        }
    return rows->len;
}

static bool holds(const char *text, const char *word)
{
    g_autofree char *low = g_ascii_strdown(text, -1);
    g_autofree char *needle = g_ascii_strdown(word, -1);
    return strstr(low, needle) != NULL;
}

static void assert_tells_of(const char *all, guint who)
{
    for (guint i = 0; i < G_N_ELEMENTS(SIGNS); i++)
        for (guint k = 0; i != who && SIGNS[i].words[k]; k++)
            if (holds(all, SIGNS[i].words[k]))
                g_error("%s reads \"%s\" in:\n%s", SIGNS[who].id,
                        SIGNS[i].words[k], all);
    /* ... and it does get what is its own */
    for (guint k = 0; SIGNS[who].words[k]; k++)
        if (!holds(all, SIGNS[who].words[k]))
            g_error("%s does not read \"%s\" in:\n%s", SIGNS[who].id,
                    SIGNS[who].words[k], all);
}

static void test_outputs(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(SIGNS); i++)
        verify(i);
    for (guint i = 0; i < G_N_ELEMENTS(SAMPLES); i++)
        file(i);
    tell_all();
    for (guint i = 0; i < G_N_ELEMENTS(SIGNS); i++) {
        g_autoptr(GString) all = g_string_new(NULL);
        g_assert_cmpuint(put_mails(all, i), >, 1);
        g_assert_cmpuint(put_cases(all, i), ==, 3);
        put_export(all, i);
        assert_tells_of(all->str, i);
    }
}

/* Staff see it whole, and the help says so. */
static void test_staff_sees_all(void)
{
    g_autoptr(GString) help = g_string_new(NULL);
    put_command(help, "case show --help");
    g_assert_true(holds(help->str, "is for staff"));
    g_autoptr(GString) shown = g_string_new(NULL);
    g_autofree char *first = ticket_id_new("UA", 2026, 2);
    g_autofree char *words = g_strdup_printf("case show %s --json", first);
    put_command(shown, words);
    g_assert_true(holds(shown->str, "203.0.113.5"));
    g_assert_true(holds(shown->str, "198.51.100.9"));
}

/* What was computed for the member may name another as well. */
static void test_case(void)
{
    RecordEntry entry = {.number = 1,
                         .kind = (char *)"note",
                         .what = (char *)"phoned with ExempelSpace's people"};
    g_autoptr(GPtrArray) record = g_ptr_array_new();
    CaseRow row = {.member = (char *)"stadtbibliothek",
                   .subject = (char *)"logins",
                   .reporter = (char *)"tor@hackerspace.example",
                   .why = (char *)"192.0.2.77 was an exit"};
    Case found = {.row = &row,
                  .matches_json = (char *)"[{\"over\":\"198.51.100.9\"}]",
                  .findings_json = (char *)"{}",
                  .record = record};
    g_autoptr(GError) error = NULL;
    g_autoptr(People) people =
        people_open(desk.settings->relays.directory, &error);
    g_autoptr(Apart) apart =
        apart_new(desk.settings->members, desk.history, people);
    g_ptr_array_add(record, &entry);
    g_autoptr(MemberCase) seen = member_case_new(apart, &found, true);
    g_assert_false(seen->is_shared);
    g_assert_cmpstr(seen->subject, ==, "logins");
    g_assert_cmpstr(seen->why, ==, row.why);
    g_assert_cmpstr(seen->reporter, ==, APART_WITH_DESK);
    g_assert_null(seen->matches_json);
    g_assert_cmpstr(seen->record->pdata[0], ==, APART_WITH_DESK);
    found.findings_json = (char *)"{\"line\":\"203.0.113.5\"}";
    g_autoptr(MemberCase) shared = member_case_new(apart, &found, true);
    g_assert_true(shared->is_shared);
    g_assert_cmpstr(shared->subject, ==, APART_WITH_DESK);
}

/* ---- words ------------------------------------------------------------------ */

/* Bytes of a mail about the library ==> do they name another? */
static const struct {
    const char *raw;
    bool names;
} MAILS[] = {
    {"Failed logins from 192.0.2.77.", false},
    {"from 198.51.100.9", true},
    {"src:198.51.100.9:22", true},
    {"198.51.100.90", false},
    {"[2001:db8:5::1]:443", true},
    {"203.0.113.6", true}, /* in a network of Example Onion */
    {"203.0.113.8", false},
    {"$3333333333333333333333333333333333333333~x", true},
    {"3333333333333333333333333333333333333334", false},
    {"exempelspace", true},
    {"MusterBibliothek", false},
    {"the exempelspaces", false},
    {"Hackerspace=20Exempel", true},
    {"Hackerspace Exe=\r\nmpel", true},
    {"Subject: =?utf-8?B?RXhhbXBsZSBPbmlvbg==?=", true},
    {"Subject: =?utf-8?q?Example_Onion?=", true},
    {"Subject: =?utf-8?q?Example_Soup?= =?x", false},
    {"T2YgRXhhbXBsZSBPbmlvbiwgd2hp\r\nY2gga25vd3M=\r\n", true},
    {"TGlrZSBhbnlib2R5IGVsc2UgaW4g\r\ndGhlIHdvcmxk\r\n", false},
    {"E\0x\0a\0m\0p\0l\0e\0 \0O\0n\0i\0o\0n\0", true},
};

static void test_bytes(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(People) people =
        people_open(desk.settings->relays.directory, &error);
    g_assert_no_error(error);
    g_autoptr(Apart) apart =
        apart_new(desk.settings->members, desk.history, people);
    for (guint i = 0; i < G_N_ELEMENTS(MAILS); i++) {
        bool is_wide = MAILS[i].raw[1] == 0;
        g_autoptr(GBytes) raw = g_bytes_new_static(
            MAILS[i].raw, is_wide ? 26 : strlen(MAILS[i].raw));
        g_test_message("%s", MAILS[i].raw);
        g_assert_cmpint(apart_mail_names_another(apart, "stadtbibliothek", raw),
                        ==, MAILS[i].names);
    }
}

/* Hostile bytes take time by their length. */
static void test_linear(void)
{
    static const char *const PIECES[] = {
        "=?", "=", "=?u?b?", "1.1.1.1:", "QUJD", "a::b", "2222", "=?u?q?=4"};
    g_autoptr(Apart) apart =
        apart_new(desk.settings->members, desk.history, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(PIECES); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        while (text->len < 256 * 1024)
            g_string_append(text, PIECES[i]);
        g_autoptr(GBytes) raw = g_bytes_new(text->str, text->len);
        g_test_timer_start();
        g_assert_false(apart_mail_names_another(apart, NULL, raw));
        g_assert_cmpfloat(g_test_timer_elapsed(), <, 5);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    demo_desk_set_up();
    key = g_bytes_new_static("0123456789abcdef0123456789abcdef", 32);
    desk = demo_desk_with_store("data", key);
    store = desk.store;
    now = demo_desk.now;
    g_test_add_func("/apart/outputs", test_outputs);
    g_test_add_func("/apart/staff-sees-all", test_staff_sees_all);
    g_test_add_func("/apart/case", test_case);
    g_test_add_func("/apart/bytes", test_bytes);
    g_test_add_func("/apart/linear", test_linear);
    int status = g_test_run();
    store_close(store);
    g_bytes_unref(key);
    demo_desk_tear_down();
    return status;
}
