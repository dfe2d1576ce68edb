/*
 * keeper.h - the processes behind a Courier; internal to courier/.
 */
#pragma once

#include "courier/submit.h"

/* Never returns: fork a worker, and a new one when it dies, until the desk
 * closes its end of fd. Runs in a process of its own. */
void keeper_run(int fd, const SubmitConfig *config) G_GNUC_NORETURN;
