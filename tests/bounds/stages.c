/*
 * To add one: a function and its row. A stage finds what the stages before it
 * left in the Way, and leaves there what it makes. The formats stand singly
 * and in the order of formats.c; a test compares the two lists.
 */
#include "stages.h"

#include "incident/pair.h"
#include "mail/strictheader.h"
#include "reader/reader.h"
#include "report/formats.h"
#include "report/judges.h"

#include <string.h>

struct Way {
    const GString *text;
    GBytes *raw;
    Mail *mail;
    Study study;
    Sheet *sheet;
    Chronology *chronology;
    GPtrArray *incidents;
    GBytes *record;
};

Way *way_new(const GString *text, GBytes *raw)
{
    Way *way = g_new0(Way, 1);
    way->text = text;
    way->raw = g_bytes_ref(raw);
    return way;
}

const GString *way_text(const Way *way)
{
    return way->text;
}

bool way_is_read(const Way *way)
{
    return way->mail;
}

void way_free(Way *way)
{
    g_clear_pointer(&way->incidents, g_ptr_array_unref);
    g_clear_pointer(&way->chronology, chronology_free);
    g_clear_pointer(&way->sheet, sheet_free);
    g_clear_pointer(&way->study.report, report_free);
    g_clear_pointer(&way->study.uses, g_free);
    g_clear_pointer(&way->study.spans, g_array_unref);
    g_clear_pointer(&way->study.folded, g_ptr_array_unref);
    quote_free(way->study.category_quote);
    g_clear_pointer(&way->record, g_bytes_unref);
    g_clear_pointer(&way->mail, mail_free);
    g_bytes_unref(way->raw);
    g_free(way);
}

/* --- mail ----------------------------------------------------------------- */

static void read_strictly(Way *way)
{
    gsize length;
    const void *raw = g_bytes_get_data(way->raw, &length);
    strict_header_free(strict_header_scan(raw, length));
}

static void read_mail(Way *way)
{
    way->mail = mail_parse(way->raw, NULL);
}

static void make_key(Way *way)
{
    uint8_t key[32];
    mail_key(way->mail, key);
}

/* --- report ----------------------------------------------------------------*/

static void free_folded(void *folded)
{
    folded_text_free(folded);
}

/* As report_read does it. */
static void start_study(Way *way)
{
    way->study = (Study){
        .mail = way->mail,
        .report = report_new(),
        .uses = g_new0(uint8_t, MAX(way->mail->parts->len, 1)),
        .spans = g_array_new(FALSE, FALSE, sizeof(MarkedSpan)),
        .folded = g_ptr_array_new_with_free_func(free_folded),
    };
    way->study.report->date = way->mail->date;
    way->study.report->subject = g_strdup("");
}

#define FORMAT(NAME)                                                           \
    static void read_##NAME(Way *way)                                          \
    {                                                                          \
        if (NAME##_detect(&way->study))                                        \
            NAME##_read(&way->study);                                          \
    }
FORMAT(arf)
FORMAT(xarf_json)
FORMAT(xarf_mail)
FORMAT(acns)
FORMAT(iodef)
FORMAT(csv)
FORMAT(feeds)
FORMAT(forwarded)
FORMAT(plain)

#define JUDGE(NAME)                                                            \
    static void judge_##NAME(Way *way)                                         \
    {                                                                          \
        NAME##_judge(&way->study);                                             \
    }
JUDGE(language)
JUDGE(category)
JUDGE(sensitive)
JUDGE(reference)
JUDGE(deadline)
JUDGE(channel)
JUDGE(demand)
JUDGE(works)
JUDGE(sender)
JUDGE(disposition)
JUDGE(flags)
JUDGE(accusation)

static void cut_blocks(Way *way)
{
    blocks_cut(&way->study);
}

/* --- incident ------------------------------------------------------------- */

static void lay_sheet(Way *way)
{
    way->sheet = sheet_new(way->mail, way->study.report);
}

static void cut_tables(Way *way)
{
    for (guint i = 0; i < way->sheet->pages->len; i++)
        tables_free(tables_new(sheet_page(way->sheet, i)));
}

static void settle_times(Way *way)
{
    way->chronology = chronology_new(way->sheet);
}

static void cast_roles(Way *way)
{
    g_autoptr(GArray) named = g_array_new(FALSE, FALSE, sizeof(IpAddress));
    cast_free(cast_new(way->sheet, way->study.report, named, NULL, true));
}

static void find_incidents(Way *way)
{
    way->incidents = incident_find(way->mail, way->study.report, NULL);
}

/* --- reader --------------------------------------------------------------- */

static void pack_findings(Way *way)
{
    g_autoptr(Findings) findings = findings_new(
        g_steal_pointer(&way->study.report), g_steal_pointer(&way->incidents));
    way->record = findings_pack(findings);
}

static void unpack_findings(Way *way)
{
    Findings *findings = findings_unpack(way->record, NULL);
    g_assert_nonnull(findings);
    findings_free(findings);
}

const Stage STAGES[] = {
    {"strict header", read_strictly},
    {"mail", read_mail},
    {"key", make_key},
    {"study", start_study},
    {"arf", read_arf},
    {"xarf-json", read_xarf_json},
    {"xarf-mail", read_xarf_mail},
    {"acns", read_acns},
    {"iodef", read_iodef},
    {"csv", read_csv},
    {"feeds", read_feeds},
    {"forwarded", read_forwarded},
    {"plain", read_plain},
    {"blocks", cut_blocks},
    {"language", judge_language},
    {"category", judge_category},
    {"sensitive", judge_sensitive},
    {"reference", judge_reference},
    {"deadline", judge_deadline},
    {"channel", judge_channel},
    {"demand", judge_demand},
    {"works", judge_works},
    {"sender", judge_sender},
    {"disposition", judge_disposition},
    {"flags", judge_flags},
    {"accusation", judge_accusation},
    {"sheet", lay_sheet},
    {"tables", cut_tables},
    {"chronology", settle_times},
    {"cast", cast_roles},
    {"incidents", find_incidents},
    {"pack", pack_findings},
    {"unpack", unpack_findings},
    {NULL, NULL},
};
