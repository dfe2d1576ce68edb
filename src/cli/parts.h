/*
 * parts.h - what commands that judge mails hand to the pipeline.
 */
#pragma once

#include "intake/intake.h"

typedef struct {
    Policies *policies;
    Profiles *profiles;
    Templates *templates;
    History *history; /* NULL: nothing imported, every verdict undecidable */
    GArray *hints;
    Reader *reader;
} Parts;
void parts_clear(Parts *parts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Parts, parts_clear)

/* Load what the settings name. Call it while the process is small: it forks
 * the reader first. Errors: CONFIG, INVALID (damaged relay data), TEMPORARY. */
bool parts_load(const Settings *settings, Parts *parts, GError **error);

/* Load the rules alone: policies with profiles, and templates, each from a
 * NULL-terminated list of directories. Errors: CONFIG, DENIED, TEMPORARY. */
bool parts_load_rules(const GPtrArray *policies, const GPtrArray *templates,
                      Parts *parts, GError **error);

/* A desk of these parts without a store. Borrows both. */
Desk parts_desk(const Parts *parts, const Settings *settings);
