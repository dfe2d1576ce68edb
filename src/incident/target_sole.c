/*
 * "Le service visé est le bureau à distance (port 3389)" stands below the rows
 * it speaks of, in another paragraph, and "our SIP server (192.0.2.60, port
 * 5060/UDP)" above them. If a whole letter's own words name one attacked port
 * and no second, it is that of every row that names none. What only logs say
 * is not asked: there numbers behind "port" are mostly the visitor's.
 */
#include "incident/target_sole.h"

#include "incident/target_port.h"

#define LINES_MAX 400 /* a letter's own words are few */

static bool is_own_words(BlockKind kind)
{
    return kind == BLOCK_BODY || kind == BLOCK_QUOTED || kind == BLOCK_INNER ||
           kind == BLOCK_SUBJECT;
}

/* The only port that the letters of the mail name; 0 for several, -1 none. */
static int sole_port(const Sheet *sheet, const Cast *cast)
{
    int port = -1;
    guint looked = 0;
    for (guint i = 0; i < sheet->pages->len; i++) {
        const Page *page = sheet_page(sheet, i);
        if (!is_own_words(page->block->kind))
            continue;
        for (guint l = 0; l < page->lines->len && looked < LINES_MAX; l++) {
            const Line *line = page_line(page, l);
            if (line->kind != LINE_TEXT || line_begins_with_time(page, line))
                continue;
            looked++;
            ports_of_line(page, cast, line, &port);
            ports_before_slash(page, cast, line, &port);
        }
    }
    return port;
}

void target_sole(const Sheet *sheet, const Cast *cast, GPtrArray *incidents)
{
    int port = -1;
    bool is_known = false;
    for (guint i = 0; i < incidents->len; i++) {
        Incident *incident = incidents->pdata[i];
        if (incident->role != ROLE_OFFENDER || incident->target_port >= 0)
            continue;
        if (!is_known)
            port = sole_port(sheet, cast);
        is_known = true;
        if (port <= 0)
            return;
        incident->target_port = port;
        incident->port_is_prose = true;
    }
}
