/*
 * reference_bare.h - numbers of matters that stand without a label. Private
 * to report/.
 */
#pragma once

#include "report/study.h"

/* Add those of one block. */
void reference_read_bare(Study *study, const Block *block);
