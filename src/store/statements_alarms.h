/*
 * statements_alarms.h - the statements of alarms.c, by name; part of the list
 * in statements.h.
 */
#pragma once

#define SQL_OF_ALARMS                                                          \
    SQL_ALARM_SET, SQL_ALARMS_DUE, SQL_ALARM_CLEAR, SQL_ALARMS_OVER,           \
        SQL_ALARM_REST, SQL_ALARM_AGAIN
