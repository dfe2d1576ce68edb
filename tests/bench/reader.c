/*
 * bench_reader DIRECTORY [ROUNDS] - what reading one mail costs.
 *
 * Reads every file of the directory ROUNDS times (default 5), first in the
 * sandboxed reader, then each stage by itself in this process, and prints
 * mails a second and CPU microseconds a mail: the mean of each stage, and the
 * median and 99th percentile of the best round of each mail, up to its Report
 * and up to its incidents.
 */
#include "reader/reader.h"
#include "base/errors.h"
#include "base/files.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MAIL_BYTES (32 * 1024 * 1024)

static double cpu_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static GPtrArray *load(const char *directory)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *mails =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    g_autoptr(GPtrArray) names = directory_list(directory, "", &error);
    for (guint i = 0; names && i < names->len; i++) {
        g_autofree char *path =
            g_build_filename(directory, names->pdata[i], NULL);
        GBytes *raw = file_read(path, MAIL_BYTES, NULL);
        if (raw)
            g_ptr_array_add(mails, raw);
    }
    return mails;
}

typedef struct {
    double mail_us, report_us, incident_us; /* of all rounds */
    double to_report_us, to_incidents_us;   /* of the best round */
} Cost;

static void measure_mail(GBytes *raw, Cost *cost)
{
    double began = cpu_us();
    g_autoptr(Mail) mail = mail_parse(raw, NULL);
    double parsed = cpu_us(), read = parsed, found = parsed;
    if (mail) {
        g_autoptr(Report) report = report_read(mail);
        read = cpu_us();
        g_ptr_array_unref(incident_find(mail, report, NULL));
        found = cpu_us();
    }
    cost->mail_us += parsed - began;
    cost->report_us += read - parsed;
    cost->incident_us += found - read;
    cost->to_report_us = MIN(cost->to_report_us, read - began);
    cost->to_incidents_us = MIN(cost->to_incidents_us, found - began);
}

static int compare_numbers(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

static void print_spread(const char *what, GArray *times_us)
{
    g_array_sort(times_us, compare_numbers);
    guint count = times_us->len;
    printf("%-14smedian %.0f us, p99 %.0f us, worst %.0f us CPU\n", what,
           g_array_index(times_us, double, count / 2),
           g_array_index(times_us, double, count * 99 / 100),
           g_array_index(times_us, double, count - 1));
}

static void measure_stages(const GPtrArray *mails, guint rounds)
{
    Cost all = {0};
    g_autoptr(GArray) to_report = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(GArray) to_incidents = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < mails->len; i++) {
        Cost cost = {.to_report_us = INFINITY, .to_incidents_us = INFINITY};
        for (guint round = 0; round < rounds; round++)
            measure_mail(mails->pdata[i], &cost);
        all.mail_us += cost.mail_us;
        all.report_us += cost.report_us;
        all.incident_us += cost.incident_us;
        g_array_append_val(to_report, cost.to_report_us);
        g_array_append_val(to_incidents, cost.to_incidents_us);
    }
    double count = mails->len * rounds;
    printf("in process    mail %.0f us, report %.0f us, incident %.0f us, "
           "all %.0f us CPU a mail\n",
           all.mail_us / count, all.report_us / count, all.incident_us / count,
           (all.mail_us + all.report_us + all.incident_us) / count);
    print_spread("to report", to_report);
    print_spread("to incidents", to_incidents);
}

static void measure_sandbox(const GPtrArray *mails, guint rounds)
{
    g_autoptr(GError) error = NULL;
    Reader *reader = reader_start(&error);
    guint failed = 0;
    gint64 began_us = g_get_monotonic_time();
    for (guint i = 0; i < mails->len * rounds; i++) {
        Findings *findings =
            reader_run(reader, mails->pdata[i % mails->len], NULL, NULL);
        failed += !findings;
        g_clear_pointer(&findings, findings_free);
    }
    double took_s = (double)(g_get_monotonic_time() - began_us) / 1e6;
    printf("in the sandbox, one after the other: %.0f mails/s, %u without "
           "findings\n",
           mails->len * rounds / took_s, failed);
    reader_stop(reader);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: bench_reader DIRECTORY [ROUNDS]\n");
        return 64;
    }
    guint rounds = argc > 2 ? (guint)strtoul(argv[2], NULL, 10) : 5;
    g_autoptr(GPtrArray) mails = load(argv[1]);
    if (mails->len == 0) {
        fprintf(stderr, "%s holds no mails\n", argv[1]);
        return 66;
    }
    measure_sandbox(mails, rounds);
    mail_prepare();
    report_prepare();
    incident_prepare();
    measure_stages(mails, rounds);
    return 0;
}
