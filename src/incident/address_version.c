/*
 * Numbers with three dots that are no addresses: of programs, of object
 * identifiers, of paragraphs. The word right before tells: "Chrome/124.0.0.0",
 * "version 1.2.3.4", "qBittorrent 4.1.4.1", "v1.2.3.4", "section 4.1.2.3".
 *
 * "Name/1.2.3.4" with a name in mixed letters is a program whatever its name;
 * in small letters it may be a path or a protocol ("check/192.0.2.7",
 * "tcp/192.0.2.7"), so that only programs known from logs count.
 */
#include "incident/address.h"

#include <string.h>

#define WORD_MAX 16

/* To add one: a word in small letters, to which digits are glued with a blank,
 * a slash or a dash. */
static const char *const WORDS[] = {
    "version", "ver",         "release",  "build",      "firmware",
    "rev",     "revision",    "chrome",   "firefox",    "edg",
    "edge",    "opr",         "opera",    "safari",     "chromium",
    "kernel",  "qbittorrent", "utorrent", "bittorrent", "transmission",
    "deluge",  "vuze",        "azureus",  "libtorrent", "nginx",
    "apache",  "openssh",     "openssl",  "php",        "curl",
    "wget",    "python",      "requests", "okhttp",     "masscan",
    "zgrab",   "nmap",        "lighttpd", "iis",        "oid",
    "snmp",    "section",     "chapter",  "clause",     "rfc",
    "article", "paragraph",   "driver",   "bios",       "routeros",
    "fortios", "panos",       "junos",
};

/* The letters that end right before a place, e.g. "version" of "Version: 1";
 * returns where they begin. */
static size_t word_before(Cursor in, size_t at, char word[WORD_MAX])
{
    while (at > 0 && cursor_at(in, at - 1) &&
           strchr(" \t:=-(/", cursor_at(in, at - 1)))
        at--;
    size_t length = 0;
    while (length + 1 < WORD_MAX && at > length &&
           g_ascii_isalpha(cursor_at(in, at - length - 1)))
        length++;
    for (size_t i = 0; i < length; i++)
        word[i] = g_ascii_tolower(cursor_at(in, at - length + i));
    word[length] = 0;
    return at - length;
}

/* Is the name glued on by a slash in mixed letters, as programs' are? */
static bool is_program_name(Cursor in, size_t at)
{
    if (at < 2 || cursor_at(in, at - 1) != '/')
        return false;
    size_t word = at - 1;
    bool has_upper = false, has_lower = false;
    while (word > 0 && at - word < WORD_MAX &&
           g_ascii_isalpha(cursor_at(in, word - 1))) {
        word--;
        has_upper = has_upper || g_ascii_isupper(cursor_at(in, word));
        has_lower = has_lower || g_ascii_islower(cursor_at(in, word));
    }
    return has_upper && has_lower &&
           (word == 0 || cursor_at(in, word - 1) != '/');
}

bool address_is_version(Cursor in, size_t at)
{
    if (is_program_name(in, at))
        return true;
    if (at >= 2 && cursor_has(in, at - 2, "\xc2\xa7"))
        return true;
    char word[WORD_MAX];
    size_t begin = word_before(in, at, word);
    if (strcmp(word, "is") == 0 || strcmp(word, "ist") == 0)
        word_before(in, begin, word);
    for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++)
        if (strcmp(word, WORDS[i]) == 0)
            return true;
    return false;
}
