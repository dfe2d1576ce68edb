/*
 * role_log.h - roles by the grammar of logs: one line, and flows of two.
 */
#pragma once

#include "incident/role.h"

/* role_flow.c: the answer's direction of a flow accuses as the other does. */
#define WHY_ANSWER "the answer to a flow"
void flows_turn(const Sheet *sheet, GArray *mentions);
/* role_log.c: what the grammar of a log says; then less of whom it let in. */
void mention_read_log(const Page *page, Mention *mention);
void mention_weigh_log(const Page *page, Mention *mention);
/* A row of "source, target, port, port" or "source, port, target, port". */
typedef struct {
    guint source, target;              /* indices of the page's addresses */
    uint32_t source_port, target_port; /* where they stand */
} FlowRow;
bool flow_row_read(const Page *page, const Line *line, FlowRow *row);
/* A web server behind a proxy logs the proxy as its client, and the client's
 * own address at the end of the line. first: the line's first mention. */
void mentions_settle_proxy(const Page *page, GArray *mentions, guint first);
