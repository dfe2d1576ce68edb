/*
 * target_port.h - what ports stand around an accused address. Private to
 * target.c, target_port.c and role_flow.c.
 */
#pragma once

#include "incident/role.h"

#define NEAR_LINES 12  /* how far a label may stand */
#define LINE_BYTES 400 /* searched of a line */

/* One event whose target is looked for. */
typedef struct {
    const Sheet *sheet;
    const Cast *cast;
    const Page *page;
    const Mention *mention;
    Incident *incident;
} Aim;

/* Lines of the paragraph in the order of nearness, forwards first, up to those
 * that tell of another event. */
guint aim_lines(const Aim *aim, const Line *lines[2 * NEAR_LINES + 1]);

/* Words on a stretch of the page, or NULL. */
const char *page_find(const Page *page, uint32_t from, uint32_t to,
                      const char *words);
/* Do the words of a head or key name the port of the harmed? */
bool names_harmed_port(const char *folded, size_t length);
/* The number at a place as a port, -1 if it is none. */
int page_port(const Page *page, size_t at);
/* Does the line begin with a time, as logs do? */
bool line_begins_with_time(const Page *page, const Line *line);

/* The accused's own port: "srcport=4711", "port 4711" behind the address; -1. */
int port_of_accused(const Aim *aim);
/* The harmed's, by key, column or label: "DPT=22", "Destination port: 22". */
int port_of_harmed(const Aim *aim, const Tables *tables);
/* The port that a line's keys give its source or its target; -1. */
int port_of_line(const Page *page, const Line *line, bool is_target);
/* "(port 25)", ", TCP port 443" right behind a place. */
int port_behind(const Page *page, uint32_t at);
/* The ports that a line says in words, "port 22", "tcp/22", or before a slash,
 * "22/tcp", none of them an accused's own. *port, -1 at first, is the only one
 * then, 0 when several are cited. */
void ports_of_line(const Page *page, const Cast *cast, const Line *line,
                   int *port);
void ports_before_slash(const Page *page, const Cast *cast, const Line *line,
                        int *port);
/* The only port that the sentence cites. */
int port_of_sentence(const Aim *aim);
