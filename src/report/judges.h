/*
 * judges.h - one question about the mail each, answered into the report.
 *
 * Private to report/; read.c calls them in order.
 */
#pragma once

#include "report/study.h"

void language_judge(Study *study);
void language_prepare(void);
void category_judge(Study *study);
void sensitive_judge(Study *study);
void reference_judge(Study *study);
void deadline_judge(Study *study);
void sender_judge(Study *study);
void disposition_judge(Study *study);
/* Behind the disposition and the references: */
void returned_judge(Study *study);
void flags_judge(Study *study);
void unread_judge(Study *study);
void channel_judge(Study *study);
void demand_judge(Study *study);
/* Behind the category and the disposition: */
void works_judge(Study *study);
void accusation_judge(Study *study);
