/*
 * The scanners that read a text alone, whatever mail it stands in. To add one:
 * a function and its row.
 */
#include "stages.h"

#include "base/unpack_memory.h"
#include "base/unpack_signed.h"
#include "base/xml.h"
#include "incident/address.h"
#include "incident/timestamp.h"
#include "mail/charset.h"
#include "mail/clearsigned.h"
#include "mail/date.h"
#include "mail/headers.h"
#include "mail/html.h"
#include "mail/prescan.h"
#include "mail/transfer.h"
#include "mail/words.h"
#include "reader/reader.h"
#include "report/csv_cells.h"
#include "report/lines.h"
#include "report/sentence.h"
#include "report/study.h"

#include <string.h>

#define TEXT(WAY) way_text(WAY)->str, way_text(WAY)->len

static Cursor cursor_of(const Way *way)
{
    return (Cursor){TEXT(way)};
}

static void scan_before(Way *way)
{
    prescan_check(TEXT(way), NULL);
}

static void parse_headers(Way *way)
{
    HeaderEnd how;
    g_ptr_array_unref(
        headers_parse(way_text(way)->str, 0, way_text(way)->len, &how));
}

static void decode_words(Way *way)
{
    g_free(words_decode(way_text(way)->str, false));
    g_free(words_decode(way_text(way)->str, true));
}

static void parse_mailbox(Way *way)
{
    g_autofree char *address = NULL, *name = NULL;
    mail_mailbox(way_text(way)->str, &address, &name);
}

static void parse_date(Way *way)
{
    mail_date_parse(way_text(way)->str);
}

static void strip_html(Way *way)
{
    HtmlText out;
    html_to_text(TEXT(way), &out);
    html_text_clear(&out);
}

static void undo_clearsigned(Way *way)
{
    if (!clearsigned_is_one(way_text(way)->str))
        return;
    g_autoptr(GArray) anchors = g_array_new(FALSE, FALSE, 8);
    g_string_free(clearsigned_undo(way_text(way)->str, anchors), TRUE);
}

static void decode_transfer(Way *way, Transfer transfer)
{
    Decoded out;
    transfer_decode(transfer, (const uint8_t *)way_text(way)->str, 0,
                    way_text(way)->len, &out);
    decoded_clear(&out);
}

static void decode_base64(Way *way)
{
    decode_transfer(way, TRANSFER_BASE64);
}

static void decode_quoted(Way *way)
{
    decode_transfer(way, TRANSFER_QUOTED_PRINTABLE);
}

static void decode_identity(Way *way)
{
    decode_transfer(way, TRANSFER_IDENTITY);
}

static void convert_charsets(Way *way)
{
    static const char *const NAMES[] = {"us-ascii", "utf-8",        "utf-7",
                                        "utf-16le", "windows-1252", "gb18030",
                                        "big5",     "iso-2022-jp",  "x-none"};
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        CharsetText out;
        charset_convert(NAMES[i], TEXT(way), MAIL_TEXT_MAX, &out);
        charset_text_clear(&out);
    }
}

static void sniff_archive(Way *way)
{
    for (UnpackKind kind = UNPACK_ZIP; kind <= UNPACK_7Z; kind++) {
        Unpacked out;
        unpack_memory(TEXT(way), kind, NULL, UNPACK_BYTES_MAX, &out);
        unpacked_clear(&out);
    }
}

static void sniff_signature(Way *way)
{
    g_autoptr(GBytes) content = NULL;
    unpack_signed(TEXT(way), &content);
}

static void begin_nothing(const char *name, const char *const *attributes,
                          int depth, void *data)
{
}

static void end_nothing(const char *name, const XmlValue *value, int depth,
                        void *data)
{
}

static void walk_xml(Way *way)
{
    static const XmlReader READER = {begin_nothing, end_nothing};
    xml_walk(TEXT(way), &READER, NULL);
}

static void fold_words(Way *way)
{
    folded_text_free(folded_text_new(TEXT(way)));
}

static void walk_lines(Way *way)
{
    Line line, name, value;
    for (size_t at = 0; line_next(TEXT(way), &at, &line);)
        line_field(line_bare(line), &name, &value);
}

static void walk_sentences(Way *way)
{
    size_t at = 0;
    while (sentence_next(TEXT(way), &at).length > 0) {
    }
}

/* A sentence is looked for around any word; a text has at most some 2,000. */
static void look_for_sentences(Way *way)
{
    for (size_t i = 0; i < 1000; i++)
        sentence_around(TEXT(way), way_text(way)->len / 1000 * i);
}

static void walk_rows(Way *way)
{
    static const char MARKS[] = ",;\t|";
    for (size_t i = 0; MARKS[i]; i++) {
        g_autofree CsvReader *reader = g_new0(CsvReader, 1);
        reader->text = way_text(way)->str;
        reader->length = way_text(way)->len;
        reader->mark = MARKS[i];
        while (csv_next_row(reader)) {
        }
    }
}

static void find_forward(Way *way)
{
    for (int is_forward = 0; is_forward < 2; is_forward++) {
        InlineForward found;
        if (inline_forward_find(TEXT(way), is_forward, &found))
            g_free(found.author);
    }
}

static void score_accusation(Way *way)
{
    accusation_score(TEXT(way));
}

static void fold_letters(Way *way)
{
    g_free(fold_new(TEXT(way)));
}

static void scan_addresses(Way *way)
{
    g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(AddressHit));
    address_scan(cursor_of(way), hits);
}

static void scan_stamps(Way *way)
{
    g_autofree char *folded = fold_new(TEXT(way));
    g_autoptr(GArray) stamps = g_array_new(FALSE, FALSE, sizeof(Stamp));
    stamp_scan(cursor_of(way), (Cursor){folded, way_text(way)->len}, stamps);
}

static void scan_zones(Way *way)
{
    Cursor in = cursor_of(way);
    Zone zone;
    for (size_t at = 0; at < in.length; at++)
        if (at == 0 || !cursor_is_word(in, at - 1))
            zone_read(in, at, ZONE_AFTER_ZONE_WORD, &zone);
}

static void unpack_nonsense(Way *way)
{
    g_autoptr(GBytes) record = g_bytes_new_static(TEXT(way));
    Findings *findings = findings_unpack(record, NULL);
    g_clear_pointer(&findings, findings_free);
}

const Stage BARE_STAGES[] = {
    {"prescan", scan_before},
    {"headers", parse_headers},
    {"encoded words", decode_words},
    {"mailbox", parse_mailbox},
    {"date", parse_date},
    {"html", strip_html},
    {"clearsigned", undo_clearsigned},
    {"base64", decode_base64},
    {"quoted-printable", decode_quoted},
    {"identity", decode_identity},
    {"charsets", convert_charsets},
    {"archives", sniff_archive},
    {"signature", sniff_signature},
    {"xml", walk_xml},
    {"folded words", fold_words},
    {"lines", walk_lines},
    {"sentences", walk_sentences},
    {"sentence around", look_for_sentences},
    {"rows", walk_rows},
    {"inline forward", find_forward},
    {"accusation score", score_accusation},
    {"folded letters", fold_letters},
    {"addresses", scan_addresses},
    {"stamps", scan_stamps},
    {"zones", scan_zones},
    {"findings", unpack_nonsense},
    {NULL, NULL},
};
