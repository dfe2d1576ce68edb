/*
 * markup.h - is a text HTML, whatever it is called?
 */
#pragma once

#include <stdbool.h>

/* Text that is called plain: does it begin like HTML and go on so? */
bool markup_begins(const char *text);

/* Text that is called HTML: is there any tag in it that HTML knows? "Name
 * <a@example.org>" is none. */
bool markup_has_tag(const char *text);
