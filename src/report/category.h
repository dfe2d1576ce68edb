/*
 * category.h - what a complaint is about, as "class/type".
 *
 * The first seven classes are XARF v4's (xarf.org, schemas/v4 of 2026-03-20);
 * legal, threat and service are ours for what XARF has no word for. One line
 * each; the list is the authority for policies, templates and lint.
 *
 * Generic attacks on web applications (path traversal, XSS, exploit attempts,
 * comment spam tools) have no type of their own in XARF and are
 * connection/vulnerability_scan; SQL injection has its own.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define CATEGORY_UNKNOWN "unknown" /* nothing in the mail decides */

/* X(word, meaning) for every category. */
#define CATEGORIES(X)                                                          \
    X("messaging/spam", "unsolicited mail or messages")                        \
    X("messaging/bulk_messaging", "unwanted newsletters and list mail")        \
    X("connection/login_attack", "guessing passwords of any service")          \
    X("connection/port_scan", "knocking at ports")                             \
    X("connection/ddos", "floods, amplification, denial of service")           \
    X("connection/infected_host", "a host that behaves like malware")          \
    X("connection/reconnaissance", "probing for systems and their data")       \
    X("connection/scraping", "copying a site by robots")                       \
    X("connection/sql_injection", "SQL in web requests")                       \
    X("connection/vulnerability_scan", "probing and exploiting of web "        \
                                       "applications")                         \
    X("content/phishing", "pages or mail that steal credentials")              \
    X("content/malware", "malware that is offered or sent")                    \
    X("content/csam", "sexual abuse of children, images or film")              \
    X("content/csem", "sexual exploitation of children otherwise")             \
    X("content/exposed_data", "stolen or private data on display")             \
    X("content/brand_infringement", "trademark, brand, counterfeit")           \
    X("content/fraud", "fraud, fake shops, card misuse, scams")                \
    X("content/remote_compromise", "defaced or remotely controlled site")      \
    X("content/suspicious_registration", "domain registered to deceive")       \
    X("copyright/copyright", "copyright otherwise")                            \
    X("copyright/p2p", "file sharing: BitTorrent, eDonkey")                    \
    X("copyright/cyberlocker", "file hosters")                                 \
    X("copyright/link_site", "pages of links to copies")                       \
    X("copyright/ugc_platform", "user uploads on platforms")                   \
    X("copyright/usenet", "news groups")                                       \
    X("vulnerability/cve", "a known hole in a reachable system")               \
    X("vulnerability/open_service", "an open resolver, database, share")       \
    X("vulnerability/misconfiguration", "weak TLS and other mistakes")         \
    X("infrastructure/botnet", "a bot or its command server")                  \
    X("infrastructure/compromised_server", "a server taken over")              \
    X("reputation/blocklist", "a listing on a blocklist")                      \
    X("reputation/threat_intelligence", "indicators of a feed")                \
    X("legal/court", "court orders, injunctions, summons")                     \
    X("legal/police", "police, prosecutors, investigations")                   \
    X("legal/preservation", "requests to keep data")                           \
    X("legal/subpoena", "subpoenas and demands for subscriber data")           \
    X("legal/data_subject_request", "GDPR access, erasure, objection")         \
    X("legal/dsa_order", "orders under Regulation (EU) 2022/2065")             \
    X("threat/violence", "threats against people")                             \
    X("threat/harassment", "harassment, stalking, insult, doxing")             \
    X("threat/suicide", "somebody may harm themselves")                        \
    X("threat/bomb", "bomb and attack threats")                                \
    X("service/vandalism", "wiki, forum and chat vandalism, game cheating")    \
    X("service/blocked_service", "a service asks to be left alone or blocks "  \
                                 "the exit")                                   \
    X(CATEGORY_UNKNOWN, "nothing in the mail decides")

/* Is it one of the list? */
bool category_is_known(const char *category);
/* The words in the order above, NULL after the last; static. */
const char *category_word(size_t index);
/* "guessing passwords of any service", or NULL for a word not known. */
const char *category_meaning(const char *category);
