/*
 * mailport.h - is it about a mail server whose port nobody cites?
 */
#pragma once

#include "incident/incident.h"
#include "incident/sheet.h"

/* Does the text speak of handing in mail, while an offender's target port is
 * not cited with him? */
bool mail_port_is_missing(const Sheet *sheet, const GPtrArray *incidents);
