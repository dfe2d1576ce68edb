/*
 * role_object.h - whose an address is that stands in an object of JSON.
 */
#pragma once

#include "incident/role.h"

/* Is an address the whole value of a key? Then it is part of no sentence. */
bool hit_is_json_value(const Page *page, const AddressHit *hit);

/* What the names of the objects around it say. */
void mention_read_object(const Page *page, Mention *mention);
