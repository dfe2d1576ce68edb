/*
 * formats.h - the structured formats of complaints, one file each.
 *
 * Private to report/. A format claims parts of the mail (machine-readable, or
 * the reported message itself), and hands over what they state: Statements,
 * category, references. It never judges prose.
 */
#pragma once

#include "report/study.h"

typedef struct {
    const char *name; /* "arf"; NULL: one of FEEDS, named in study->feed */
    /* Is it worth a look? Cheap; sees headers and parts. */
    bool (*detect)(const Study *study);
    /* Read what is there. True if the mail is of this format. */
    bool (*read)(Study *study);
} Format;

bool arf_detect(const Study *study);
bool arf_read(Study *study);
bool xarf_json_detect(const Study *study);
bool xarf_json_read(Study *study);
/* Before the sandbox closes. */
void xarf_json_prepare(void);
bool xarf_mail_detect(const Study *study);
bool xarf_mail_read(Study *study);
bool acns_detect(const Study *study);
bool acns_read(Study *study);
bool csv_detect(const Study *study);
bool csv_read(Study *study);
bool iodef_detect(const Study *study);
bool iodef_read(Study *study);
bool feeds_detect(const Study *study);
bool feeds_read(Study *study);
bool forwarded_detect(const Study *study);
bool forwarded_read(Study *study);
bool plain_detect(const Study *study);
bool plain_read(Study *study);

/* The names of the table in order, those of FEEDS behind them, NULL behind the
 * last; static. */
const char *format_name(size_t index);
/* Our own copy of a format's name, or NULL if there is no such row. */
const char *format_name_known(const char *name);
