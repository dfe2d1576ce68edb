/*
 * statements_alerts.h - the statements of alerts.c, by name; part of the list
 * in statements.h.
 */
#pragma once

#define SQL_OF_ALERTS                                                          \
    SQL_ALERT_ADD, SQL_ALERTS, SQL_ALERTS_OPEN, SQL_ALERTS_FRESH,              \
        SQL_ALERTS_TOLD, SQL_ALERT_NUMBERS, SQL_ALERTS_ALONE,                  \
        SQL_ALERT_TOLD_ALONE, SQL_ALERT_TOLD_LIST, SQL_ALERT_TOLD_AGAIN,       \
        SQL_ALERT_MAIL_ADD, SQL_CASE_OF_ALERT, SQL_ALERT_OF_CASE,              \
        SQL_ALERT_TAKE, SQL_MESSAGE_URGENT
