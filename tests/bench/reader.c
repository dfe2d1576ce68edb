/*
 * bench_reader DIRECTORY [ROUNDS] - what reading one mail costs.
 *
 * Reads every file of the directory ROUNDS times (default 5), each stage by
 * itself in this process, then the whole in the sandboxed reader, and prints
 * CPU microseconds a mail and mails a second.
 */
#include "reader/reader.h"
#include "base/errors.h"
#include "base/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#define MAIL_BYTES (32 * 1024 * 1024)

static double cpu_us(int who)
{
    struct rusage usage;
    getrusage(who, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
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

static void measure_stages(const GPtrArray *mails, guint rounds)
{
    double mail_us = 0, report_us = 0, incident_us = 0;
    for (guint i = 0; i < mails->len * rounds; i++) {
        double began = cpu_us(RUSAGE_SELF);
        g_autoptr(Mail) mail = mail_parse(mails->pdata[i % mails->len], NULL);
        double parsed = cpu_us(RUSAGE_SELF);
        mail_us += parsed - began;
        if (!mail)
            continue;
        g_autoptr(Report) report = report_read(mail);
        double read = cpu_us(RUSAGE_SELF);
        g_ptr_array_unref(incident_find(mail, report, NULL));
        report_us += read - parsed;
        incident_us += cpu_us(RUSAGE_SELF) - read;
    }
    double count = mails->len * rounds;
    printf("in process    mail %.0f us, report %.0f us, incident %.0f us, "
           "all %.0f us CPU a mail\n",
           mail_us / count, report_us / count, incident_us / count,
           (mail_us + report_us + incident_us) / count);
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
