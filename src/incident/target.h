/*
 * target.h - what an accused did it to: host, port, protocol, as logs,
 * labels, tables and sentences around one mention of him say.
 */
#pragma once

#include "incident/role.h"

/* Fill the target, target_port, port and protocol of the incident from the
 * mention. tables: those of the mention's page. Where a mail cites several
 * ports in a sentence, none is taken: a letter must not speak of one of them
 * as if it were all. */
void target_read(const Sheet *sheet, const Cast *cast, const Tables *tables,
                 const Mention *mention, Incident *incident);
