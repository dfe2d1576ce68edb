/*
 * To add one: a row with the type as anybody writes it, lower case, without
 * blanks, '-' and '_'. A v4 class/type that is in category.h needs no row.
 */
#include "report/xarf.h"

#include "report/category.h"

#include <glib.h>
#include <string.h>

static const struct {
    const char *type, *category;
} TYPES[] = {
    {"authfailure", "connection/login_attack"},
    {"bot", "infrastructure/botnet"},
    {"botnet", "infrastructure/botnet"},
    {"botnetinfection", "connection/infected_host"},
    {"bruteforce", "connection/login_attack"},
    {"bulkmessaging", "messaging/bulk_messaging"},
    {"childabuse", "content/csam"},
    {"childsexualabusematerial", "content/csam"},
    {"childsexualexploitationmaterial", "content/csem"},
    {"compromisedaccount", "infrastructure/compromised_server"},
    {"compromisedmicrosoftexchange", "infrastructure/compromised_server"},
    {"compromisedserver", "infrastructure/compromised_server"},
    {"compromisedwebsite", "infrastructure/compromised_server"},
    {"copyright", "copyright/copyright"},
    {"csam", "content/csam"},
    {"csem", "content/csem"},
    {"cve", "vulnerability/cve"},
    {"ddos", "connection/ddos"},
    {"ddosamplification", "connection/ddos"},
    {"defacement", "content/remote_compromise"},
    {"dos", "connection/ddos"},
    {"exploit", "connection/vulnerability_scan"},
    {"fraud", "content/fraud"},
    {"harassment", "threat/harassment"},
    {"harvesting", "connection/reconnaissance"},
    {"infectedhost", "connection/infected_host"},
    {"infringement", "copyright/copyright"},
    {"infringment", "copyright/copyright"},
    {"ipspoof", "connection/ddos"},
    {"loginattack", "connection/login_attack"},
    {"malware", "content/malware"},
    {"malwareattack", "connection/infected_host"},
    {"malwaredistribution", "content/malware"},
    {"maliciousactivity", "connection/infected_host"},
    {"open", "vulnerability/open_service"},
    {"openservice", "vulnerability/open_service"},
    {"outdateddnssec", "vulnerability/misconfiguration"},
    {"phishing", "content/phishing"},
    {"phishingsite", "content/phishing"},
    {"portscan", "connection/port_scan"},
    {"potentiallycompromisedaccount", "infrastructure/compromised_server"},
    {"regbot", "messaging/spam"},
    {"rpz", "content/malware"},
    {"socialengineering", "content/fraud"},
    {"spam", "messaging/spam"},
    {"spamtrap", "messaging/spam"},
    {"spamvertised", "messaging/spam"},
    {"sqlinjection", "connection/sql_injection"},
    {"sslfreak", "vulnerability/misconfiguration"},
    {"sslpoodle", "vulnerability/misconfiguration"},
    {"trademark", "content/brand_infringement"},
    {"trap", "messaging/spam"},
    {"vulnerabilityscan", "connection/vulnerability_scan"},
    {"webattack", "connection/vulnerability_scan"},
    {"webcrawler", "connection/scraping"},
    {"webhack", "content/remote_compromise"},
};

/* Lower case, without what the generations write differently. */
static char *bare_name(const char *name)
{
    GString *bare = g_string_new(NULL);
    for (; *name && bare->len < 64; name++)
        if (g_ascii_isalnum(*name))
            g_string_append_c(bare, g_ascii_tolower(*name));
    return g_string_free(bare, FALSE);
}

/* "class/type" of v4, spelled as in category.h; static or NULL. */
static const char *category_of_v4(const char *report_class, const char *type)
{
    g_autofree char *wanted = bare_name(type);
    for (size_t i = 0; category_word(i); i++) {
        const char *word = category_word(i);
        const char *slash = strchr(word, '/');
        if (!slash ||
            g_ascii_strncasecmp(word, report_class, slash - word) != 0 ||
            report_class[slash - word] != '\0')
            continue;
        g_autofree char *known = bare_name(slash + 1);
        if (strcmp(known, wanted) == 0)
            return word;
    }
    return NULL;
}

const char *xarf_category(const char *report_class, const char *type)
{
    const char *category =
        report_class ? category_of_v4(report_class, type) : NULL;
    if (category)
        return category;
    g_autofree char *bare = bare_name(type);
    for (size_t i = 0; i < G_N_ELEMENTS(TYPES); i++)
        if (strcmp(TYPES[i].type, bare) == 0)
            return TYPES[i].category;
    return NULL;
}
