/*
 * incident.h - one cited event: who, against what, when.
 *
 * Third stage: Mail + Report in, Incident[] out. An address is where it stands
 * and in a role with a reason. A time is the set of all plausible readings of
 * the words, each with the reason why it is possible; nothing is ever assumed
 * silently. Only an offender is matched against the relay record.
 */
#pragma once

#include "base/ipaddress.h"
#include "report/report.h"

#define INCIDENTS_MAX 20000 /* more rows are counted and flagged, not kept */
#define READINGS_MAX  64    /* per time; all 27 whole-hour zones fit */

typedef enum {
    ROLE_UNKNOWN,
    ROLE_OFFENDER,
    ROLE_VICTIM,
    ROLE_REPORTER,
    ROLE_MAIL_RELAY, /* a hop in Received lines */
    ROLE_RESOLVER,
    ROLE_SINKHOLE,
    ROLE_BYSTANDER, /* whois bounds, traceroutes, other visitors */
    ROLE_COUNT
} Role;
const char *role_word(Role role); /* "offender" */

/* One possible meaning of the words; from == to for a stamp to the second. */
typedef struct {
    Instant from, to;
    char *why; /* "zone +0100 on the stamp", "no zone: 27 zones possible" */
} Reading;

typedef struct {
    Quote *quote;        /* the words; never NULL */
    bool certain;        /* zone, date order and year were all stated */
    GPtrArray *readings; /* of Reading, best first; empty if unreadable */
} CitedTime;
void cited_time_free(CitedTime *time);

typedef struct {
    IpAddress address;
    Quote *address_quote;
    int port;           /* of the accused; -1 if not cited */
    Quote *target;      /* host, address or URL that was harmed; or NULL */
    int target_port;    /* -1 if not cited */
    bool port_is_prose; /* it stands in a sentence, by no address or label; not
                           sent between processes */
    char *protocol;     /* "tcp", "udp", "icmp" or NULL */
    Role role;
    char *role_why;
    Loser *role_lost; /* another role, said once for each address; or NULL */
    CitedTime *time;  /* NULL if no time is cited for it */
    char *category;   /* of this event if it differs from the report's */
    uint32_t count;   /* how many lines of the mail say the same; >= 1 */
} Incident;
void incident_free(Incident *incident);

/* Open the time zones that mail mentions. Reads files: call once before a
 * sandbox closes. */
void incident_prepare(void);

/* Find the incidents of a report. hints may be NULL: addresses of members,
 * sorted by ip_compare, the strongest hint for who is meant. Adds flags to the
 * report ("time-after-mail", "no-time", "no-address", ...). Array of Incident,
 * offenders first; each (address, time) once, but twice if two ports of the
 * harmed are cited for that second. */
GPtrArray *incident_find(const Mail *mail, Report *report, const GArray *hints);

void incident_put(const Incident *incident, WireOut *out);
Incident *incident_get(WireIn *in);
