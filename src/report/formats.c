/*
 * To add one: write report/NAME.c with NAME_detect and NAME_read, declare them
 * in formats.h, put a row here before "forwarded", list the file in
 * meson.build, and give tests/report/golden a mail of it. All rows that detect
 * are run in this order, since formats come nested (XARF inside ARF); the
 * first that reads something gives the report its format.
 */
#include "report/formats.h"

#include "report/feeds.h"

#include <string.h>

static const Format FORMATS[] = {
    {"arf", arf_detect, arf_read},
    {"xarf-json", xarf_json_detect, xarf_json_read},
    {"xarf-mail", xarf_mail_detect, xarf_mail_read},
    {"acns", acns_detect, acns_read},
    {"iodef", iodef_detect, iodef_read},
    {"csv", csv_detect, csv_read},
    {NULL, feeds_detect, feeds_read},
    {"forwarded", forwarded_detect, forwarded_read},
    {"plain", plain_detect, plain_read},
};

void formats_read(Study *study)
{
    study->report->format = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(FORMATS); i++)
        if (FORMATS[i].detect(study) && FORMATS[i].read(study) &&
            !study->report->format)
            study->report->format =
                FORMATS[i].name ? FORMATS[i].name : study->feed;
}

/* FORMATS without the row of the feeds, then the feeds. */
const char *format_name(size_t index)
{
    for (size_t i = 0; i < G_N_ELEMENTS(FORMATS); i++)
        if (FORMATS[i].name && index-- == 0)
            return FORMATS[i].name;
    for (const Feed *feed = FEEDS; feed->name; feed++)
        if (index-- == 0)
            return feed->name;
    return NULL;
}

const char *format_name_known(const char *name)
{
    const char *known;
    for (size_t i = 0; (known = format_name(i)); i++)
        if (strcmp(known, name) == 0)
            return known;
    return NULL;
}
