/*
 * To add one: a row. Addresses are counted through, since a scanner that
 * compares each with each shows it only where they differ.
 */
#include "generators.h"

#include <string.h>

const Generator GENERATORS[] = {
    {"one word", .unit = "a"},
    {"digits", .unit = "7"},
    {"dots", .unit = "."},
    {"blanks", .unit = " "},
    {"words", .unit = "abuse "},
    {"one address", .unit = "1.1.1.1"},
    {"addresses", .unit = "192.0.2.7 "},
    {"dotted ones", .unit = "1."},
    {"colons", .unit = ":"},
    {"hex groups", .unit = "abcd:"},
    {"ipv6 of its own", .unit = "%6\n"},
    {"open brackets", .unit = "["},
    {"open parentheses", .unit = "("},
    {"nested parentheses", .unit = "(", .close = ")"},
    {"double quotes", .unit = "\""},
    {"single quotes", .unit = "'"},
    {"escapes", .unit = "\\\""},
    {"commas", .unit = ","},
    {"semicolons", .unit = ";"},
    {"equals", .unit = "="},
    {"open tags", .unit = "<"},
    {"half tags", .unit = "<a "},
    {"half comments", .unit = "<!-- "},
    {"nested tags", .unit = "<div>", .close = "</div>"},
    {"tables of tables", .unit = "<table><tr><td>",
     .close = "</td></tr></table>"},
    {"attributes", .unit = "a=\"b\" ", .head = "<a "},
    {"links", .unit = "<a href=\"http://192.0.2.7/\">x</a>\n"},
    {"entities", .unit = "&amp;"},
    {"half entities", .unit = "&"},
    {"declared entities", .unit = "<!ENTITY a%n \"&a;&a;\">\n",
     .head = "<?xml version=\"1.0\"?>\n<!DOCTYPE a [\n"},
    {"xml elements",
     .unit = "<Source><IP_Address>192.0.2.7</IP_Address></Source>\n",
     .head = "<?xml version=\"1.0\"?>\n<Infringement>\n"},
    {"json depth", .unit = "{\"a\":[", .close = "]}"},
    {"json members", .unit = "\"a%n\": \"192.0.2.7\",\n", .head = "{\n"},
    {"json values",
     .unit = "{\"Source\":{\"IP\":\"%a\",\"Type\":\"ip-address\"}},\n",
     .head = "{\"XARF\":\"4\",\"Report\":[\n"},
    {"months", .unit = "May April December "},
    {"weekdays", .unit = "Monday, Tuesday, Friday, "},
    {"days", .unit = "2026-04-30 "},
    {"two numbers", .unit = "01/02/03 04:05 "},
    {"clocks", .unit = "12:00:00 "},
    {"zones", .unit = "UTC CEST +0200 Europe/Berlin "},
    {"zone sentences", .unit = "All times are US Central (GMT+8).\n"},
    {"date fields", .unit = "Date: Thu, 30 Apr 2026 12:00:00 +0000\n"},
    {"from fields", .unit = "From: a@example.com\n"},
    {"header flood", .unit = "X-%n: a\n"},
    {"folds", .unit = "X: a\n b\n\tc\n"},
    {"parameters", .unit = "; a%n=b"},
    {"encoded words", .unit = "=?utf-8?B?YQ==?= "},
    {"half encoded words", .unit = "=?utf-8?B?"},
    {"mailboxes", .unit = "\"A\" <a%n@example.com>, "},
    {"received", .unit = "Received: from a (b [192.0.2.%n]) by c.example.org; "
                         "Thu, 30 Apr 2026 12:00:00 +0000\n"},
    {"quote marks", .unit = ">"},
    {"quote ladder", .unit = "> > > a\n"},
    {"quoted headers", .unit = "> From: a\n> Sent: b\n\n"},
    {"forwards", .unit = "---------- Forwarded message ---------\n"
                         "From: a@example.com\nSubject: x\n\n"},
    {"originals", .unit = "-----Original Message-----\n"},
    {"signatures", .unit = "-- \nx\n"},
    {"dashes", .unit = "-"},
    {"dash lines", .unit = "--\n"},
    {"look-alike boundaries", .unit = "--b%n\n"},
    {"boundaries", .unit = "--b\n\n"},
    {"opened parts",
     .unit = "--b\nContent-Type: multipart/mixed; boundary=b%n\n\n"},
    {"base64",
     .unit = "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh\n"},
    {"soft breaks", .unit = "=3D=\n"},
    {"percent codes", .unit = "%%41"},
    {"line ends", .unit = "\n"},
    {"carriage returns", .unit = "\r"},
    {"both line ends", .unit = "\r\n"},
    {"tabs", .unit = "\t"},
    {"zero widths", .unit = "\xe2\x80\x8b"},
    {"combining marks", .unit = "\xcc\x81"},
    {"accents", .unit = "Z\xcc\x81\xc3\xa9"},
    {"chinese", .unit = "\xe6\x94\xbb\xe5\x87\xbb"},
    {"chinese dates", .unit = "2026\xe5\xb9\xb4"
                              "4\xe6\x9c\x88"
                              "30\xe6\x97\xa5"},
    {"right to left", .unit = "\xd7\xa9\xd7\x9c\xe2\x80\xae"},
    {"bombs", .unit = "\xf0\x9f\x92\xa3"},
    {"keys", .unit = "src=192.0.2.7 dst=198.51.100.9 "},
    {"keys in one line", .unit = "key%n=value "},
    {"rows of one cell", .unit = "\"a%n\"\n"},
    {"row of all cells", .unit = "\"a%n\","},
    {"half open cells", .unit = "a,\"b\n"},
    {"cells of bars", .unit = "a | b\n"},
    {"feed rows", .unit = "\"%t\",\"%a\",\"22\",\"ssh\"\n",
     .head = "\"timestamp\",\"ip\",\"port\",\"tag\"\n"},
    {"columns", .unit = "time%n ip%n  ", .head = "Source IP   Time   Port\n"},
    {"column table", .unit = "%a      %t    22\n",
     .head = "Source IP        Time                   Port\n"},
    {"log lines", .unit =
                      "Apr 30 12:00:00 host sshd[%n]: Failed password for root "
                      "from %a port 4711 ssh2\n"},
    {"web log", .unit =
                    "%a - - [30/Apr/2026:12:00:00 +0000] \"GET /%n HTTP/1.1\" "
                    "404 12\n"},
    {"log of one", .unit = "%t 192.0.2.7:4711 -> 198.51.100.9:22 tcp\n"},
    {"addresses, then times", .unit = "%a\n\n%t\n\n"},
    {"addresses in one line", .unit = "%a, "},
    {"times in one line", .unit = "%t, "},
    {"pairs in one line", .unit = "%a %t "},
    {"ranges", .unit = "192.0.2.1 - 192.0.2.9 - "},
    {"networks", .unit = "192.0.2.0/24/24/"},
    {"dashes of digits", .unit = "1-2-3-"},
    {"defanged", .unit = "192[.]0[.]2[.]7 hxxp://"},
    {"urls", .unit = "http://192.0.2.7/a?b=http://"},
    {"names of hosts", .unit = "a.192-0-2-7.example."},
    {"at signs", .unit = "a@"},
    {"labels", .unit = "Source IP: \n"},
    {"labelled", .unit = "Source: %a\nReport-Type: x\n\n"},
    {"fields", .unit = "a: b\n"},
    {"whois", .unit = "inetnum: 192.0.2.0 - 192.0.2.255\nnetname: X\n"},
    {"deadlines", .unit = "please answer within 24 hours by 2026-05-04. "},
    {"references", .unit = "Ticket ID: %n case #%n "},
    {"demands", .unit = "please provide the name and send us your logs, "},
    {"channels",
     .unit = "reply to a%n@example.com or https://example.com/%n?t=x "},
    {"works", .unit = "Title: Film %n\nFilename: film%n.mkv\n"},
    {"sheet rows",
     .unit = "<row><c t=\"inlineStr\"><is><t>%a</t></is></c></row>\n",
     .head = "<worksheet><sheetData>\n"},
    {"shared strings", .unit = "<si><t>%n</t></si>\n", .head = "<sst>\n"},
    {"drawn words", .unit = "(a%n) Tj 0 -12 Td\n"},
    {"pgp frames",
     .unit = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n- a\n"},
    {"pdf objects", .unit = "%n 0 obj\n<</Type/Page/Parent 1 0 R>>\nendobj\n",
     .head = "%%PDF-1.4\n"},
    {"pdf depth", .unit = "<<[", .close = ">>]",
     .head = "%%PDF-1.4\n1 0 obj\n"},
    {.name = NULL},
};

/* Spread, so that neighbours share no network. */
static void append_address(GString *text, guint number)
{
    guint32 spread = number * 2654435761u;
    g_string_append_printf(text, "%u.%u.%u.%u", 1 + spread % 223,
                           (spread >> 8) & 255, (spread >> 16) & 255,
                           (spread >> 24) & 255);
}

static void append_second(GString *text, guint number)
{
    guint second = number % 86400, day = 1 + number / 86400 % 28;
    g_string_append_printf(text, "2026-04-%02u %02u:%02u:%02u", day,
                           second / 3600, second / 60 % 60, second % 60);
}

static void append_unit(GString *text, const char *unit, guint number)
{
    for (const char *at = unit; *at; at++) {
        if (*at != '%') {
            g_string_append_c(text, *at);
            continue;
        }
        switch (*++at) {
        case 'n':
            g_string_append_printf(text, "%u", number);
            break;
        case 'a':
            append_address(text, number);
            break;
        case '6':
            g_string_append_printf(text, "2001:db8::%x:%x", number >> 16,
                                   number & 0xffff);
            break;
        case 't':
            append_second(text, number);
            break;
        case '%':
            g_string_append_c(text, '%');
            break;
        default:
            g_assert_not_reached();
        }
    }
}

GString *generator_new_text(const Generator *generator, size_t bytes)
{
    GString *text = g_string_sized_new(bytes + 1024);
    if (generator->head)
        append_unit(text, generator->head, 0);
    size_t close_bytes = generator->close ? strlen(generator->close) : 0;
    guint count = 0;
    while (text->len + count * close_bytes < bytes)
        append_unit(text, generator->unit, count++);
    for (guint i = 0; generator->close && i < count; i++)
        append_unit(text, generator->close, i);
    return text;
}
