/*
 * role_lost.h - the role that another one won against, for whoever asks why.
 */
#pragma once

#include "incident/role.h"

void mention_note_second(Mention *mention, const Offer *offer);
/* Before the player has its reason, unless somebody overruled its mentions. */
void player_note_lost(const Sheet *sheet, const Cast *cast, Player *player);
