#include "reader/reader.h"

#include "base/errors.h"
#include "base/files.h"

#include <string.h>
#include <time.h>

#define START_US_MAX 30000 /* CPU, for a command that reads one mail */

static const char complaint[] =
    "From: Ann <ann@example.org>\r\nTo: abuse@example.net\r\n"
    "Subject: Abuse from 192.0.2.7\r\nMessage-ID: <1@example.org>\r\n"
    "Date: Sat, 02 Nov 2024 20:13:45 +0100\r\n"
    "Content-Type: text/plain; charset=koi8-r\r\n\r\n"
    "Dear abuse team,\r\n\r\nthe address 192.0.2.7 tried to log in to our "
    "SSH server 198.51.100.9\r\nat 2024-11-02 20:00:00 UTC.\r\n\r\n"
    "Nov  2 20:00:00 host sshd[1]: Failed password for root from 192.0.2.7 "
    "port 4711 ssh2\r\n\xF4\xC5\xD3\xD4\r\n";

static GBytes *new_complaint(void)
{
    return g_bytes_new_static(complaint, sizeof complaint - 1);
}

static void check_same(const Findings *a, const Findings *b)
{
    g_autoptr(GBytes) packed_a = findings_pack(a);
    g_autoptr(GBytes) packed_b = findings_pack(b);
    g_assert_true(g_bytes_equal(packed_a, packed_b));
}

static void test_pack(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) raw = new_complaint();
    g_autoptr(Findings) findings = reader_read(raw, NULL);
    g_assert_cmpuint(findings->incidents->len, >=, 1);
    g_autoptr(GBytes) record = findings_pack(findings);
    g_autoptr(Findings) copy = findings_unpack(record, &error);
    g_assert_no_error(error);
    check_same(findings, copy);
    g_assert_cmpstr(copy->report->reporter_address, ==, "ann@example.org");
    g_assert_cmpmem(copy->mail_key, 32, findings->mail_key, 32);
}

/* A record that is cut, longer or changed is refused or at least whole. */
static void test_hostile_record(void)
{
    g_autoptr(GBytes) raw = new_complaint();
    g_autoptr(Findings) findings = reader_read(raw, NULL);
    g_autoptr(GBytes) record = findings_pack(findings);
    gsize length;
    const uint8_t *data = g_bytes_get_data(record, &length);
    for (gsize cut = 0; cut < length; cut++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) part = g_bytes_new(data, cut);
        g_assert_null(findings_unpack(part, &error));
        g_assert_error(error, DESK_ERROR, DESK_ERROR_INVALID);
    }
    g_autofree uint8_t *copy = g_malloc(length + 1);
    memcpy(copy, data, length);
    copy[length] = 0;
    g_autoptr(GBytes) longer = g_bytes_new(copy, length + 1);
    g_assert_null(findings_unpack(longer, NULL));
    for (gsize at = 0; at < length; at++) {
        memcpy(copy, data, length);
        copy[at] ^= 0xFF;
        g_autoptr(GBytes) changed = g_bytes_new(copy, length);
        g_autoptr(Findings) odd = findings_unpack(changed, NULL);
        if (odd)
            g_assert_cmpint(odd->report->disposition, <, DISPOSITION_COUNT);
    }
}

/* Zones lead out of the years that a record may name: such a mail is read all
 * the same. */
static void test_far_dates(void)
{
    static const char *const DATES[][2] = {
        {"Fri, 31 Dec 9999 23:59:59 -1200", "9999-12-31 23:59:59 -1200"},
        {"Mon, 01 Jan 0001 00:00:00 +1400", "0001-01-01 00:00:00 +1400"},
        {"Fri, 31 Dec 9999 20:13:45 +0100", "9999-12-31 20:13:45 +0100"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(DATES); i++) {
        char *text = g_strdup_printf(
            "From: ann@example.org\r\nSubject: Abuse from 192.0.2.7\r\n"
            "Date: %s\r\n\r\n192.0.2.7 attacked us at %s.\r\nPlease answer "
            "within 14 days, at the latest by %s.\r\n",
            DATES[i][0], DATES[i][1], DATES[i][1]);
        g_autoptr(GBytes) raw = g_bytes_new_take(text, strlen(text));
        g_autoptr(Findings) findings = reader_read(raw, NULL);
        g_assert_cmpuint(findings->incidents->len, ==, 1);
        g_autoptr(GBytes) record = findings_pack(findings);
        g_autoptr(Findings) copy = findings_unpack(record, NULL);
        g_assert_nonnull(copy);
    }
}

/* A child that was taken over names moments with which sums overflow. */
static void test_hostile_instants(void)
{
    static const Instant ODD[] = {INT64_MAX, INT64_MIN + 1, INSTANT_LAST + 1,
                                  INSTANT_FIRST - 1};
    g_autoptr(GBytes) raw = new_complaint();
    g_autoptr(Findings) findings = reader_read(raw, NULL);
    const Incident *incident = findings->incidents->pdata[0];
    Reading *reading = incident->time->readings->pdata[0];
    const Reading good = *reading;
    for (size_t i = 0; i < G_N_ELEMENTS(ODD); i++) {
        reading->from = MIN(ODD[i], good.from);
        reading->to = MAX(ODD[i], good.to);
        g_autoptr(GBytes) record = findings_pack(findings);
        g_assert_null(findings_unpack(record, NULL));
    }
}

/* The child finds what this process finds, sandbox or not. */
static void test_run(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Reader) reader = reader_start(&error);
    g_assert_no_error(error);
    g_autoptr(GBytes) raw = new_complaint();
    g_autoptr(Findings) here = reader_read(raw, NULL);
    for (int i = 0; i < 20; i++) {
        g_autoptr(Findings) there = reader_run(reader, raw, NULL, &error);
        g_assert_no_error(error);
        check_same(here, there);
    }
}

static void test_over_limit(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Reader) reader = reader_start(&error);
    g_autoptr(GString) bomb = g_string_new("From: a@example.org\r\nTo: ");
    for (int i = 0; i < 5000; i++)
        g_string_append(bomb, "g:");
    g_string_append(bomb, "\r\n\r\nx");
    g_autoptr(GBytes) raw = g_bytes_new_static(bomb->str, bomb->len);
    g_autoptr(Findings) findings = reader_run(reader, raw, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(findings->report->disposition, ==, DISPOSITION_UNREADABLE);
    g_assert_cmpuint(findings->incidents->len, ==, 0);
    g_autofree char *huge = g_strnfill(MAIL_BYTES_MAX + 1u, 'x');
    g_autoptr(GBytes) huge_raw = g_bytes_new_static(huge, MAIL_BYTES_MAX + 1u);
    g_assert_null(reader_run(reader, huge_raw, NULL, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_LIMIT);
}

static void test_start_is_cheap(void)
{
    clock_t begin = clock();
    g_autoptr(Reader) reader = reader_start(NULL);
    g_assert_nonnull(reader);
    g_assert_cmpint((clock() - begin) * 1000000 / CLOCKS_PER_SEC, <,
                    START_US_MAX);
}

/* Every mail of the corpus is read the same in the child as here: nothing in
 * it needs a file or a call that the sandbox refuses. */
static void test_corpus(void)
{
    const char *shared = g_getenv("EXITDESK_SHARED");
    g_autofree char *folder =
        g_build_filename(shared ? shared : "", "corpus", "complaints", NULL);
    g_autoptr(GPtrArray) files = directory_list(folder, "", NULL);
    if (!shared || !files || files->len == 0) {
        g_test_skip("shared/ is absent");
        return;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(Reader) reader = reader_start(&error);
    for (guint i = 0; i < files->len; i++) {
        g_autofree char *path = g_build_filename(folder, files->pdata[i], NULL);
        g_autoptr(GBytes) raw = file_read(path, MAIL_BYTES_MAX, &error);
        g_test_message("%s", path);
        g_autoptr(Findings) here = reader_read(raw, NULL);
        g_autoptr(Findings) there = reader_run(reader, raw, NULL, &error);
        g_assert_no_error(error);
        check_same(here, there);
    }
}

/* The one of a PDF's objects that says something: five make a page. */
static GBytes *new_pdf_mail(void)
{
    static const char PDF[] =
        "%PDF-1.4\n1 0 obj\n<</Type /Catalog /Pages 2 0 R>>\nendobj\n"
        "2 0 obj\n<</Type /Pages /Kids [3 0 R] /Count 1>>\nendobj\n"
        "3 0 obj\n<</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources "
        "<</Font <</F1 5 0 R>>>>>>\nendobj\n"
        "4 0 obj\n<</Length 142>>\nstream\n"
        "BT /F1 10 Tf 12 TL 50 700 Td (Our ssh server was attacked: brute "
        "force, failed logins from) Tj T* (192.0.2.7 at 2024-11-02 20:00:00 "
        "UTC) Tj ET        \nendstream\nendobj\n"
        "5 0 obj\n<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>\n"
        "endobj\ntrailer\n<</Root 1 0 R /Size 6>>\n%%EOF\n";
    g_autofree char *packed =
        g_base64_encode((const guchar *)PDF, sizeof PDF - 1);
    char *mail = g_strdup_printf(
        "From: ann@example.org\nSubject: letter\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee attached.\n"
        "--b\nContent-Type: application/pdf; name=letter.pdf\n"
        "Content-Transfer-Encoding: base64\n\n%s\n--b--\n",
        packed);
    return g_bytes_new_take(mail, strlen(mail));
}

/* libqpdf, zlib and libstdc++ need nothing that the sandbox refuses. */
static void test_pdf(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Reader) reader = reader_start(&error);
    g_assert_no_error(error);
    g_autoptr(GBytes) raw = new_pdf_mail();
    g_autoptr(Findings) findings = reader_run(reader, raw, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(findings->incidents->len, ==, 1);
    g_autoptr(Findings) here = reader_read(raw, NULL);
    check_same(findings, here);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    report_prepare();
    incident_prepare();
    g_test_add_func("/reader/pack", test_pack);
    g_test_add_func("/reader/hostile-record", test_hostile_record);
    g_test_add_func("/reader/far-dates", test_far_dates);
    g_test_add_func("/reader/hostile-instants", test_hostile_instants);
    g_test_add_func("/reader/run", test_run);
    g_test_add_func("/reader/over-limit", test_over_limit);
    g_test_add_func("/reader/start-is-cheap", test_start_is_cheap);
    g_test_add_func("/reader/corpus", test_corpus);
    g_test_add_func("/reader/pdf", test_pdf);
    return g_test_run();
}
