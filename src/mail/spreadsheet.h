/*
 * spreadsheet.h - the sheets of an XLSX attachment, as text with tabs.
 */
#pragma once

#include "mail/mail.h"
#include "mail/transfer.h"

/* Is the part a workbook (whatever it is called)? */
bool spreadsheet_is_one(const Decoded *decoded);

/* Put each sheet behind part `index` as a part of text: a line a row, a tab
 * between cells, dates as "2026-04-30 10:11:12". The part becomes a
 * container. False if there is no sheet to be read. */
bool spreadsheet_read(Mail *mail, guint index, const Decoded *decoded,
                      size_t *budget);
