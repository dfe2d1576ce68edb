/*
 * The great senders.
 *
 * To add one: a row of FEEDS with its signs, the patterns of its lines, and a
 * mail of it in tests/report/golden/NAME. Signs are what nobody else writes:
 * the sender's domain, a Subject of fixed shape, whole phrases of its template.
 * Zone only where the sender documents one and its stamps lack it. A feed
 * whose lines general rules read right needs no patterns; then its row only
 * says what kind of sender it is.
 *
 * Authority: fail2ban's config/action.d, csf's templates, X-ARF 0.2, the
 * senders' own documentation, and what AbuseIO's and IntelMQ's parsers of
 * them expect.
 */
#include "report/feeds.h"

#include <stddef.h>

#define LOGIN  "connection/login_attack"
#define SCAN   "connection/port_scan"
#define WEB    "connection/vulnerability_scan"
#define DDOS   "connection/ddos"
#define SPAM   "messaging/spam"
#define BOT    "infrastructure/botnet"
#define HACKED "content/remote_compromise"
#define VIRUS  "content/malware"
#define PHISH  "content/phishing"

/* Services that are attacked, as fail2ban's jails and blocklist.de call them.
 * Those of mail may be about spam as well as logins and stand in no row. */
static const FeedKind SERVICES[] = {
    {"regbot", SPAM},     {"badbot", SPAM},        {"bots", SPAM},
    {"spam", SPAM},       {"recidive", NULL},      {"portscan", SCAN},
    {"psad", SCAN},       {"apacheddos", DDOS},    {"ddos", DDOS},
    {"auth", LOGIN},      {"ssh", LOGIN},          {"ftp", LOGIN},
    {"imap", LOGIN},      {"pop3", LOGIN},         {"sasl", LOGIN},
    {"dovecot", LOGIN},   {"courier", LOGIN},      {"sip", LOGIN},
    {"asterisk", LOGIN},  {"login", LOGIN},        {"webmin", LOGIN},
    {"roundcube", LOGIN}, {"vnc", LOGIN},          {"rdp", LOGIN},
    {"mysqld", LOGIN},    {"postfix-sasl", LOGIN}, {"noscript", WEB},
    {"overflows", WEB},   {"botsearch", WEB},      {"phpmyadmin", WEB},
    {"wordpress", WEB},   {"xmlrpc", WEB},         {"php-url", WEB},
    {"apache", WEB},      {"nginx", WEB},          {"http", WEB},
    {NULL, NULL},
};

static const FeedLine BLOCKLIST_DE[] = {
    {"%*abuse report about %a %* -- service: %k (%* RID: %r", LINE_SUBJECT,
     NULL},
    {"%*abuse report about %a - %t -- service: %k RID: %r", LINE_SUBJECT, NULL},
    {"%*with the IP: %a %*", LINE_BEGINS, NULL},
    {"%*method/service: %k on: %t", LINE_FILLS, NULL},
    {NULL, LINE_IGNORED, NULL},
};

static const FeedLine FAIL2BAN[] = {
    {"%*[Fail2Ban] %k: banned %a from %v", LINE_SUBJECT, NULL},
    {"%*[Fail2Ban] %k: banned %a", LINE_SUBJECT, NULL},
    {"The IP %a has just been banned by Fail2Ban%*", LINE_BEGINS, NULL},
    {"%* attempts against %k.", LINE_FILLS, NULL},
    {"%* attempts against %k", LINE_FILLS, NULL},
    {"%*abuse from the IP address %a which%*", LINE_BEGINS, NULL},
    {"%*abuse from the IP address %a, which%*", LINE_BEGINS, NULL},
    {NULL, LINE_IGNORED, NULL},
};

/* DShield's format 1: date, author, count, source, port, target, port,
 * protocol, flags, with tabs between. */
static const FeedLine DSHIELD[] = {
    {"%t\t%*\t%*\t%a\t%p\t%v\t%P\t%x%*", LINE_IS_ROW, NULL},
    {"%t\t%*\t%*\t%a\t%*\t%v\t%P\t%x%*", LINE_IS_ROW, NULL},
    {NULL, LINE_IGNORED, NULL},
};

static const FeedLine LFD[] = {
    {"%*lfd on %*: blocked %a (%*", LINE_SUBJECT, NULL},
    {"%*lfd on %*: %a (%*) blocked%*", LINE_SUBJECT, NULL},
    {"%*lfd on %*: distributed %k attack%*", LINE_SUBJECT, NULL},
    {"Time: %t", LINE_BEGINS, NULL},
    {"IP: %a (%*", LINE_FILLS, NULL},
    {"IP: %a", LINE_FILLS, NULL},
    {"Failures: %* (%k)", LINE_FILLS, NULL},
    {"Blocked: %* [%k]", LINE_FILLS, NULL},
    {"%a (%*) # %*", LINE_IS_ROW, NULL},
    {"%t kernel: %*SRC=%a DST=%v %*PROTO=%x SPT=%p DPT=%P%*", LINE_IS_ROW,
     NULL},
    {NULL, LINE_IGNORED, NULL},
};

/* The switches of csf.conf by which it blocks. */
static const FeedKind LFD_KINDS[] = {
    {"LF_SSHD", LOGIN},     {"LF_FTPD", LOGIN},
    {"LF_SMTPAUTH", LOGIN}, {"LF_EXIMSYNTAX", SPAM},
    {"LF_POP3D", LOGIN},    {"LF_IMAPD", LOGIN},
    {"LF_HTACCESS", LOGIN}, {"LF_CPANEL", LOGIN},
    {"LF_WEBMIN", LOGIN},   {"LF_SU", LOGIN},
    {"LF_DIRWATCH", VIRUS}, {"LF_MODSEC", WEB},
    {"LF_CXS", WEB},        {"LF_SYMLINK", WEB},
    {"LF_APACHE_404", WEB}, {"LF_APACHE_403", WEB},
    {"LF_QOS", DDOS},       {"LF_DIST", LOGIN},
    {"PS_LIMIT", SCAN},     {"CT_LIMIT", DDOS},
    {"PORTKNOCK", SCAN},    {"LF_BIND", SCAN},
    {"sshd", LOGIN},        {"smtpauth", LOGIN},
    {"imapd", LOGIN},       {"pop3d", LOGIN},
    {"ftpd", LOGIN},        {"mod_security", WEB},
    {"cpanel", LOGIN},      {"htpasswd", LOGIN},
    {NULL, NULL},
};

static const FeedLine SPAMCOP[] = {
    {"%*[SpamCop (%a) id:%*", LINE_SUBJECT, NULL},
    {"Email from %a / %t", LINE_IS_ROW, NULL},
    {"%v is %a; %t", LINE_IS_ROW, NULL},
    {NULL, LINE_IGNORED, NULL},
};

/* The summary's rows: address, when and how long (by the hour, without year:
 * not read), then counts of traps, users, moles. */
static const FeedLine SPAMCOP_SUMMARY[] = {
    {"%a %* %*h/%*", LINE_IS_ROW, NULL},
    {"R %a %*", LINE_IS_ROW, NULL},
    {NULL, LINE_IGNORED, NULL},
};

static const FeedLine WEBIRON[] = {
    {"Offending/Source IP: %a", LINE_BEGINS, NULL},
    {"- Time: %t", LINE_FILLS, NULL},
    {"- Port: %P", LINE_FILLS, NULL},
    {"- Report ID: %r", LINE_FILLS, NULL},
    {"- Issue: %k", LINE_FILLS, NULL},
    {"- Targeted URL: %v", LINE_FILLS, NULL},
    {"- Requested URI: %k", LINE_FILLS, NULL},
    {NULL, LINE_IGNORED, NULL},
};

static const FeedKind WEB_KINDS[] = {
    {"wp-login", LOGIN},
    {"xmlrpc", LOGIN},
    {"administrator/index", LOGIN},
    {"brute", LOGIN},
    {"login", LOGIN},
    {"referrer spam", SPAM},
    {"referer spam", SPAM},
    {"comment spam", SPAM},
    {"port scan", SCAN},
    {"scan", WEB},
    {"sql", "connection/sql_injection"},
    {"scrap", "connection/scraping"},
    {"dos", DDOS},
    {NULL, NULL},
};

static const FeedLine NETCRAFT[] = {
    {"%*Issue %r: %k", LINE_SUBJECT, NULL},
    {"%v [%a]", LINE_IS_ROW, NULL},
    {NULL, LINE_IGNORED, NULL},
};

static const FeedKind CONTENT_KINDS[] = {
    {"phish", PHISH},
    {"malware", VIRUS},
    {"virus", VIRUS},
    {"web shell", HACKED},
    {"webshell", HACKED},
    {"web-inject", VIRUS},
    {"fraud", "content/fraud"},
    {"fake shop", "content/fraud"},
    {"advance fee", "content/fraud"},
    {"defac", HACKED},
    {"portals", HACKED},
    {"spam", SPAM},
    {NULL, NULL},
};

/* By section; addresses alone in the free edition, with times below each in
 * the paid one. */
static const FeedLine HONEY_POT[] = {
    {"IPs Engaged In Harvesting%*", LINE_SECTION, SPAM},
    {"IPs Engaged In Email Spamming%*", LINE_SECTION, SPAM},
    {"IPs Engaged In Dictionary Attack%*", LINE_SECTION, SPAM},
    {"IPs Engaged In Comment Spamming%*", LINE_SECTION, SPAM},
    {"%*Suspicious IPs On Your Network%*", LINE_SECTION,
     "connection/reconnaissance"},
    {"---%*", LINE_SECTION, NULL},
    {"%a (%*)", LINE_FILLS, NULL},
    {"%a", LINE_FILLS, NULL},
    {"- Subject:%*", LINE_IGNORED, NULL},
    {"- From:%*", LINE_IGNORED, NULL},
    {"- %t", LINE_IS_ROW, NULL},
    {NULL, LINE_IGNORED, NULL},
};

/* "|date |id |virusname |ip |domain |Url|" between lines of '-'. The bar in
 * front is gone: it may as well be a mark of quoted text. */
static const FeedLine CLEAN_MX[] = {
    {"[%r](%a)%*", LINE_SUBJECT, NULL},
    {"%t|%*|%k|%a|%*|%v|", LINE_IS_ROW, NULL},
    {"%t|%*|%k|%a|%*|%v", LINE_IS_ROW, NULL},
    {NULL, LINE_IGNORED, NULL},
};

static const FeedLine ABUSE_CH[] = {
    {"URL: %v", LINE_BEGINS, NULL},
    {"IP address: %a", LINE_FILLS, NULL},
    {"IP: %a", LINE_FILLS, NULL},
    {"Threat: %k", LINE_FILLS, NULL},
    {"Malware: %k", LINE_FILLS, NULL},
    {"Port: %p", LINE_FILLS, NULL},
    {"First seen (%z): %t", LINE_FILLS, NULL},
    {"First seen: %t", LINE_FILLS, NULL},
    {"Date added (%z): %t", LINE_FILLS, NULL},
    {"Date added: %t", LINE_FILLS, NULL},
    {NULL, LINE_IGNORED, NULL},
};

static const FeedKind ABUSE_CH_KINDS[] = {
    {"malware_download", VIRUS},
    {"payload_delivery", VIRUS},
    {"botnet_cc", BOT},
    {"c2", BOT},
    {"botnet", BOT},
    {NULL, NULL},
};

/* XML in the text: one day for all, no time of day. */
static const FeedLine SAFE_BROWSING[] = {
    {"<notification_message %*date=\"%t\"%*", LINE_BEGINS, NULL},
    {"<url_info url=\"%v\" ip=\"%a\"%*", LINE_IS_ROW, NULL},
    {"<url_info url=\"%h\"%*", LINE_IS_ROW, NULL},
    {NULL, LINE_IGNORED, NULL},
};

/* One source for all, in front of a table of what its sensors saw. */
static const FeedLine MYNETWATCHMAN[] = {
    {"myNetWatchman Incident [%r] Src:(%a)%*", LINE_SUBJECT, NULL},
    {"Source IP: %a", LINE_BEGINS, NULL},
    {"%*, %t, %v, %*, %P, %*, %p, %*", LINE_IS_ROW, NULL},
    {NULL, LINE_IGNORED, NULL},
};

static const FeedLine BITNINJA[] = {
    {"%*Your server %a has been registered as an attack source%*", LINE_SUBJECT,
     NULL},
    {"Timestamp (%z): %t", LINE_FILLS, NULL},
    {"Attack type: %k", LINE_FILLS, NULL},
    {"The source %a was %*", LINE_FILLS, NULL},
    {NULL, LINE_IGNORED, NULL},
};

const Feed FEEDS[] = {
    {.name = "blocklist.de",
     .signs = {{SIGN_FROM, "blocklist.de"},
               {SIGN_TEXT, "The attack was reported to the Blocklist"},
               {SIGN_SUBJECT, "%*abuse report about %a %* -- service: %*"}},
     .sender = SENDER_AUTOMATED,
     .sender_why = "a report of blocklist.de",
     .lines = BLOCKLIST_DE,
     .kinds = SERVICES},
    {.name = "dshield",
     .signs = {{SIGN_SUBJECT, "FORMAT DSHIELD USERID %*"}},
     .sender = SENDER_AUTOMATED,
     .sender_why = "a report in DShield's format",
     .category = SCAN,
     .lines = DSHIELD},
    {.name = "fail2ban-notice",
     .signs = {{SIGN_SUBJECT, "%*[Fail2Ban] %*: started on %*"},
               {SIGN_SUBJECT, "%*[Fail2Ban] %*: stopped on %*"}},
     .sender = SENDER_AUTOMATED,
     .sender_why = "a notice of fail2ban",
     .no_complaint = "a notice that fail2ban started or stopped"},
    {.name = "fail2ban",
     .signs = {{SIGN_SUBJECT, "%*[Fail2Ban] %*: banned %a%*"},
               {SIGN_TEXT, "banned by Fail2Ban after"},
               {SIGN_TEXT, "generated by Fail2Ban"},
               {SIGN_TEXT, "Lines containing failures of "}},
     .sender = SENDER_AUTOMATED,
     .sender_why = "a report of fail2ban",
     .events_in_log = true,
     .lines = FAIL2BAN,
     .kinds = SERVICES},
    {.name = "lfd-notice",
     .signs = {{SIGN_SUBJECT, "%*lfd on %*: SSH login alert for %*"},
               {SIGN_SUBJECT, "%*lfd on %*: Excessive resource usage%*"},
               {SIGN_SUBJECT, "%*lfd on %*: Suspicious process running%*"},
               {SIGN_SUBJECT, "%*lfd on %*: System Integrity%*"}},
     .sender = SENDER_AUTOMATED,
     .sender_why = "a notice of csf's lfd",
     .no_complaint = "a notice of lfd about its own machine"},
    {.name = "lfd",
     .signs = {{SIGN_SUBJECT, "%*lfd on %*: %*blocked%*"},
               {SIGN_SUBJECT, "%*lfd on %*: %*attack%*"}},
     .sender = SENDER_AUTOMATED,
     .sender_why = "a report of csf's lfd",
     .zone_in_time = true,
     .lines = LFD,
     .kinds = LFD_KINDS},
    {.name = "spamcop-summary",
     .signs = {{SIGN_SUBJECT, "%*SpamCop%*summary%*"}},
     .sender = SENDER_AUTOMATED,
     .sender_why = "a summary of SpamCop",
     .category = SPAM,
     .lines = SPAMCOP_SUMMARY},
    {.name = "spamcop",
     .signs = {{SIGN_SUBJECT, "%*[SpamCop (%*) id:%*"},
               {SIGN_HEADER, "X-SpamCop-sourceip"},
               {SIGN_FROM, "reports.spamcop.net"}},
     .sender = SENDER_AUTOMATED,
     .sender_why = "a report of SpamCop",
     .category = SPAM,
     .lines = SPAMCOP},
    {.name = "webiron",
     .signs = {{SIGN_FROM, "webiron.com"}, {SIGN_TEXT, "Offending/Source IP:"}},
     .sender = SENDER_AUTOMATED,
     .sender_why = "a report of WebIron",
     .category = WEB,
     .lines = WEBIRON,
     .kinds = WEB_KINDS},
    {.name = "netcraft",
     .signs = {{SIGN_FROM, "netcraft.com"}},
     .sender = SENDER_AUTOMATED,
     .sender_why = "a report of Netcraft's takedown service",
     .lines = NETCRAFT,
     .kinds = CONTENT_KINDS},
    {.name = "honey-pot",
     .signs = {{SIGN_HEADER, "Honey-Pot-Monitor-ID"},
               {SIGN_SUBJECT, "%*Project Honey Pot Monitor Report%*"}},
     .sender = SENDER_AUTOMATED,
     .sender_why = "a report of Project Honey Pot",
     .lines = HONEY_POT},
    {.name = "clean-mx",
     .signs = {{SIGN_SUBJECT, "%*[clean-mx-%*](%*"},
               {SIGN_FROM, "clean-mx.de"}},
     .sender = SENDER_AUTOMATED,
     .sender_why = "a report of Clean-MX",
     .lines = CLEAN_MX,
     .kinds = CONTENT_KINDS},
    {.name = "abuse.ch",
     .signs = {{SIGN_FROM, "abuse.ch"}},
     .sender = SENDER_AUTOMATED,
     .sender_why = "a report of abuse.ch",
     .category = VIRUS,
     .zone = "UTC, as abuse.ch documents for its feeds",
     .zone_source = "urlhaus.abuse.ch/api, feodotracker.abuse.ch/blocklist, "
                    "threatfox.abuse.ch/export: \"(UTC)\" in every head",
     .lines = ABUSE_CH,
     .kinds = ABUSE_CH_KINDS},
    {.name = "safe-browsing",
     .signs = {{SIGN_SUBJECT, "%*Safe Browsing Report for %*"},
               {SIGN_TEXT, "<notification_message asn="}},
     .sender = SENDER_AUTOMATED,
     .sender_why = "a report of Google Safe Browsing",
     .category = VIRUS,
     .lines = SAFE_BROWSING},
    {.name = "mynetwatchman",
     .signs = {{SIGN_FROM, "mynetwatchman.com"},
               {SIGN_SUBJECT, "%*myNetWatchman Incident [%*"}},
     .sender = SENDER_AUTOMATED,
     .sender_why = "a report of myNetWatchman",
     .category = SCAN,
     .lines = MYNETWATCHMAN},
    {.name = "bitninja",
     .signs = {{SIGN_FROM, "bitninja.io"}, {SIGN_FROM, "bitninja.com"}},
     .sender = SENDER_AUTOMATED,
     .sender_why = "a report of BitNinja",
     .zone = "UTC, as BitNinja writes in its reports",
     .zone_source = "the heads of its incident lists: \"Timestamp (UTC)\"",
     .lines = BITNINJA,
     .kinds = WEB_KINDS},
    {.name = NULL},
};
