/*
 * To add one: a row. Headers fold (newline "\n "), since a field ends with its
 * line.
 */
#include "places.h"

#include <archive.h>
#include <archive_entry.h>

#include <string.h>

#define TOP                                                                    \
    "From: Ann <ann@example.com>\n"                                            \
    "Date: Fri, 01 May 2026 12:00:00 +0000\n"                                  \
    "Message-ID: <1@example.com>\n"
#define SUBJECT       "Subject: abuse from your network\n"
#define HEAD          TOP SUBJECT
#define TEXT(CHARSET) HEAD "Content-Type: text/plain; charset=" CHARSET "\n\n"
#define MIXED         HEAD "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
#define BODY          "\nplease stop 192.0.2.7\n"
#define CODED         "Content-Transfer-Encoding: base64\n\n"

static void pack_member(struct archive *writer, const char *name,
                        const char *bytes, size_t length)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (gint64)length);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_write_header(writer, entry);
    archive_write_data(writer, bytes, length);
    archive_entry_free(entry);
}

/* A ZIP of the text, behind a member by which a workbook is known. */
static GString *pack_zip(const char *name, const GString *text)
{
    static const char BOOK[] = "<?xml version=\"1.0\"?><workbook/>";
    GString *packed = g_string_new(NULL);
    size_t used = 0;
    g_string_set_size(packed, text->len + text->len / 2 + 65536);
    struct archive *writer = archive_write_new();
    archive_write_set_format_zip(writer);
    archive_write_open_memory(writer, packed->str, packed->len, &used);
    if (g_str_has_prefix(name, "xl/"))
        pack_member(writer, "xl/workbook.xml", BOOK, sizeof BOOK - 1);
    pack_member(writer, name, text->str, text->len);
    archive_write_free(writer);
    g_string_set_size(packed, used);
    return packed;
}

static GString *encode(GString *bytes)
{
    g_autofree char *coded =
        g_base64_encode((const guchar *)bytes->str, bytes->len);
    g_string_assign(bytes, "");
    for (size_t at = 0, length = strlen(coded); at < length; at += 76) {
        g_string_append_len(bytes, coded + at, (gssize)MIN(76, length - at));
        g_string_append_c(bytes, '\n');
    }
    return bytes;
}

static GString *pack_csv(const GString *text)
{
    return encode(pack_zip("report.csv", text));
}

static GString *pack_sheet(const GString *text)
{
    return encode(pack_zip("xl/worksheets/sheet1.xml", text));
}

static GString *pack_strings(const GString *text)
{
    return encode(pack_zip("xl/sharedStrings.xml", text));
}

static GString *pack_base64(const GString *text)
{
    return encode(g_string_new_len(text->str, (gssize)text->len));
}

/* The text as what a page draws. */
static GString *pack_page(const GString *text)
{
    g_autoptr(GString) pdf = g_string_new(
        "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
        "3 0 obj\n<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources"
        "<</Font<</F1 5 0 R>>>>>>\nendobj\n"
        "5 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\nendobj\n");
    g_string_append_printf(pdf, "4 0 obj\n<</Length %zu>>\nstream\n",
                           text->len + 40);
    g_string_append(pdf, "BT /F1 12 Tf 10 700 Td ");
    g_string_append_len(pdf, text->str, (gssize)text->len);
    g_string_append(pdf, "\nendstream\nendobj\n"
                         "trailer\n<</Root 1 0 R/Size 6>>\n%%EOF\n");
    return pack_base64(pdf);
}

/* Every byte beside a NUL. */
static GString *pack_utf16(const GString *text)
{
    GString *wide = g_string_sized_new(2 * text->len);
    for (size_t i = 0; i < text->len; i++) {
        g_string_append_c(wide, text->str[i]);
        g_string_append_c(wide, 0);
    }
    return encode(wide);
}

#define FIELD_BYTES (48 * 1024)  /* PRESCAN_FIELD_BYTES_MAX is 64 KiB */
#define BLOCK_BYTES (200 * 1024) /* MAIL_HEADER_BYTES_MAX is 256 KiB */

/* An address field: quadratic in GMime up to PRESCAN_BARE_NAMES_MAX names,
 * which is 20 ms and refused beyond. */
#define ADDRESS_BYTES (24 * 1024)

const HostilePlace PLACES[] = {
    {"text", .before = TEXT("utf-8"), .behind = "\n"},
    {"all", .before = "", .behind = ""},
    {"header", .before = HEAD, .behind = "\n" BODY, .bytes_max = BLOCK_BYTES},
    {"subject", .before = TOP "Subject: ", .behind = "\n" BODY,
     .newline = "\n ", .bytes_max = FIELD_BYTES},
    {"from", .before = SUBJECT "Date: Fri, 01 May 2026 12:00:00 +0000\nFrom: ",
     .behind = "\n" BODY, .newline = "\n ", .bytes_max = ADDRESS_BYTES},
    {"to", .before = HEAD "To: ", .behind = "\n" BODY, .newline = "\n ",
     .bytes_max = ADDRESS_BYTES},
    {"date", .before = SUBJECT "From: ann@example.com\nDate: ",
     .behind = "\n" BODY, .newline = "\n ", .bytes_max = FIELD_BYTES},
    {"received", .before = HEAD "Received: from ", .behind = "\n" BODY,
     .newline = "\n ", .bytes_max = FIELD_BYTES},
    {"content-type", .before = HEAD "Content-Type: text/plain",
     .behind = "\n" BODY, .newline = "\n ", .bytes_max = FIELD_BYTES},
    {"boundary", .before = HEAD "Content-Type: multipart/mixed; boundary=\"",
     .behind = "\"\n" BODY, .newline = "\n ", .bytes_max = FIELD_BYTES},
    {"disposition",
     .before = HEAD "Content-Disposition: attachment; filename=\"",
     .behind = "\"\n" BODY, .newline = "\n ", .bytes_max = FIELD_BYTES},
    {"references", .before = HEAD "References: ", .behind = "\n" BODY,
     .newline = "\n ", .bytes_max = FIELD_BYTES},
    {"html", .before = HEAD "Content-Type: text/html; charset=utf-8\n\n",
     .behind = "\n"},
    {"quoted-printable",
     .before = HEAD "Content-Type: text/plain; charset=utf-8\n"
                    "Content-Transfer-Encoding: quoted-printable\n\n",
     .behind = "\n"},
    {"base64", .before = HEAD "Content-Type: text/plain; charset=utf-8\n" CODED,
     .behind = "\n"},
    {"form",
     .before = HEAD "Content-Type: application/x-www-form-urlencoded\n\na=",
     .behind = "\n"},
    {"utf-7", .before = TEXT("utf-7"), .behind = "\n"},
    {"utf-16",
     .before = HEAD "Content-Type: text/plain; charset=utf-16le\n" CODED,
     .behind = "\n", .pack = pack_utf16},
    {"iso-2022-jp", .before = TEXT("iso-2022-jp"), .behind = "\n"},
    {"big5", .before = TEXT("big5"), .behind = "\n"},
    {"windows-1251", .before = TEXT("windows-1251"), .behind = "\n"},
    {"unknown charset", .before = TEXT("x-none"), .behind = "\n"},
    {"mime", .before = MIXED, .behind = "\n--b--\n"},
    {"rfc822", .before = MIXED "Content-Type: message/rfc822\n\n",
     .behind = "\n--b--\n"},
    {"coded rfc822", .before = MIXED "Content-Type: message/rfc822\n" CODED,
     .behind = "\n--b--\n", .pack = pack_base64},
    {"feedback",
     .before =
         HEAD "Content-Type: multipart/report; report-type=feedback-report; "
              "boundary=b\n\n--b\n\nspam\n--b\nContent-Type: "
              "message/feedback-report\n\nFeedback-Type: abuse\n",
     .behind = "\n--b--\n"},
    {"xarf mail",
     .before = HEAD
     "X-XARF: PLAIN\nContent-Type: multipart/mixed; boundary=b\n\n"
     "--b\n\nabuse\n--b\nContent-Type: text/plain; name=report.txt\n\n",
     .behind = "\n--b--\n"},
    {"json",
     .before = MIXED "\nabuse\n--b\nContent-Type: application/json; "
                     "name=xarf.json\n\n",
     .behind = "\n--b--\n"},
    {"xml", .before = MIXED "\nabuse\n--b\nContent-Type: text/xml\n\n",
     .behind = "\n--b--\n"},
    {"infringement",
     .before = TEXT("utf-8") "<?xml version=\"1.0\"?>\n<Infringement>\n",
     .behind = "</Infringement>\n"},
    {"iodef",
     .before =
         MIXED "\nabuse\n--b\nContent-Type: application/xml; "
               "name=iodef.xml\n\n<?xml version=\"1.0\"?>\n"
               "<IODEF-Document xmlns=\"urn:ietf:params:xml:ns:iodef-1.0\""
               "><Incident>\n",
     .behind = "\n--b--\n"},
    {"csv",
     .before = MIXED "\nabuse\n--b\nContent-Type: text/csv; name=a.csv\n\n",
     .behind = "\n--b--\n"},
    {"csv rows",
     .before = MIXED "\nabuse\n--b\nContent-Type: text/csv; name=a.csv\n\n"
                     "timestamp,ip,port\n",
     .behind = "\n--b--\n"},
    {"zip", .before = MIXED "Content-Type: application/zip; name=a.zip\n" CODED,
     .behind = "\n--b--\n", .pack = pack_csv},
    {"sheet",
     .before =
         MIXED "Content-Type: application/octet-stream; name=a.xlsx\n" CODED,
     .behind = "\n--b--\n", .pack = pack_sheet},
    {"strings",
     .before =
         MIXED "Content-Type: application/octet-stream; name=a.xlsx\n" CODED,
     .behind = "\n--b--\n", .pack = pack_strings},
    {"pdf",
     .before = MIXED "Content-Type: application/pdf; name=a.pdf\n\n%PDF-1.4\n",
     .behind = "\n--b--\n"},
    {"pdf page",
     .before = MIXED "Content-Type: application/pdf; name=a.pdf\n" CODED,
     .behind = "\n--b--\n", .pack = pack_page},
    {"rtf",
     .before =
         MIXED "Content-Type: application/rtf; name=a.rtf\n\n{\\rtf1\\ansi ",
     .behind = "}\n--b--\n"},
    {"signed",
     .before =
         MIXED "Content-Type: application/pkcs7-mime; name=smime.p7m\n" CODED,
     .behind = "\n--b--\n", .pack = pack_base64},
    {"clearsigned",
     .before =
         TEXT("utf-8") "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n",
     .behind = "\n-----BEGIN PGP SIGNATURE-----\n\nYQ==\n-----END PGP "
               "SIGNATURE-----\n"},
    {.name = NULL},
};

GBytes *place_new_mail(const HostilePlace *place, const GString *text)
{
    g_autoptr(GString) packed = place->pack ? place->pack(text) : NULL;
    const GString *body = packed ? packed : text;
    GString *mail = g_string_sized_new(body->len + 4096);
    g_string_append(mail, place->before);
    for (size_t i = 0; i < body->len; i++)
        if (body->str[i] == '\n' && place->newline)
            g_string_append(mail, place->newline);
        else
            g_string_append_c(mail, body->str[i]);
    g_string_append(mail, place->behind);
    return g_string_free_to_bytes(mail);
}
