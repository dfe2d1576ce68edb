/* A mail that uses up what a child may have is a ticket with its front. */
#include "reader/reader.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ROOM_BYTES (24u * 1024 * 1024) /* beyond what the program maps */
#define BIG_BYTES  (20u * 1024 * 1024)

/* Address space of this process, which its children begin with. */
static size_t mapped_bytes(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    g_assert_nonnull(file);
    g_assert_cmpint(fscanf(file, "%lu", &pages), ==, 1);
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* A complaint with a long log below it. */
static GBytes *new_big_mail(const char *last_line)
{
    GString *raw = g_string_sized_new(BIG_BYTES + 1000);
    g_string_append(raw,
                    "From: Ann <ann@example.org>\r\n"
                    "Subject: [Case 4711-A] Brute force from 192.0.2.7\r\n"
                    "Date: Sat, 02 Nov 2024 20:13:45 +0100\r\n\r\n"
                    "Your IP 192.0.2.7 runs a brute force attack on our SSH "
                    "server. The police know.\r\n\r\n");
    while (raw->len < BIG_BYTES)
        g_string_append(raw, "Nov  2 20:00:00 host sshd[1]: Failed password "
                             "for root from 192.0.2.7 port 4711 ssh2\r\n");
    g_string_append(raw, last_line);
    return g_string_free_to_bytes(raw);
}

static void test_memory(void)
{
    if (SANDBOX_HAS_ASAN) {
        g_test_skip("sanitizers map more than any limit");
        return;
    }
    const SandboxLimits limits = {.cpu_seconds = 10,
                                  .memory_bytes = mapped_bytes() + ROOM_BYTES};
    g_autoptr(GError) error = NULL;
    g_autoptr(Reader) reader = reader_start_limited(&limits, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) raw = new_big_mail("one\r\n");
    g_autoptr(GBytes) other = new_big_mail("two\r\n");
    g_autoptr(Findings) found = reader_run(reader, raw, NULL, &error);
    g_assert_no_error(error);
    const Report *report = found->report;
    g_assert_cmpint(report->disposition, ==, DISPOSITION_UNREADABLE);
    g_assert_true(
        g_str_has_prefix(report->disposition_why, "too large to read: "));
    g_assert_true(report_has_flag(report, "too-large"));
    /* What was read so far is there. */
    g_assert_cmpstr(report->reporter_address, ==, "ann@example.org");
    g_assert_cmpstr(report->category, ==, "connection/login_attack");
    g_assert_cmpuint(report->references->len, >=, 1);
    g_assert_cmpuint(found->incidents->len, >=, 1);
    /* The same front is not the same mail. */
    g_autoptr(Findings) second = reader_run(reader, other, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(
        memcmp(found->mail_key, second->mail_key, sizeof found->mail_key), !=,
        0);
    /* And the desk goes on reading others. */
    g_autoptr(GBytes) small =
        g_bytes_new_static("Subject: x\r\n\r\nHi\r\n", 18);
    g_autoptr(Findings) third = reader_run(reader, small, NULL, &error);
    g_assert_no_error(error);
    g_assert_false(report_has_flag(third->report, "too-large"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reader/limits/memory", test_memory);
    return g_test_run();
}
