/*
 * table.h - the columns of the tables that stand in text.
 */
#pragma once

#include "incident/incident.h"
#include "incident/sheet.h"

/* What the head of a column says. */
typedef struct {
    Role role;
    int weight;
    const char *words;
    bool is_time;        /* of the event */
    bool is_target_port; /* of the harmed */
    bool is_bare_port;   /* the head says no more than "port" */
} Column;
typedef struct Tables Tables;
Tables *tables_new(const Page *page);
void tables_free(Tables *tables);
/* The head of the column that a place of a line stands in, or NULL. */
const Column *tables_column(const Tables *tables, guint line, uint32_t at);
/* Cells of a row stand side by side and are no list: do two places share one?
 * Places of a line that is no row do. */
bool tables_is_one_cell(const Tables *tables, guint line, uint32_t one,
                        uint32_t other);
/* Where the port of the harmed stands on a row; false if no column holds it. */
bool tables_target_port(const Tables *tables, guint line, uint32_t *at);
/* "Port :  ", "Puerto: " at a place: where what it says begins; 0 if no label
 * stands there that says no more than "port". */
size_t port_label(Cursor folded, size_t at);
/* Does the line belong to a table with heads? */
bool tables_has_line(const Tables *tables, guint line);
