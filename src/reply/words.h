/*
 * words.h - the words that a template may use, with their values for a case.
 *
 * The closed list is in words.c. Each value is typed and checked when it is
 * made; nothing of the complaint's own text is among them except an address,
 * a port, an instant and a reference, each read and written anew.
 */
#pragma once

#include "reply/reply.h"

typedef struct LetterWords LetterWords;

/* Values for a case. Errors: INVALID (a value that cannot stand in a letter:
 * a control character, too long; names the word). */
LetterWords *letter_words_new(const ReplyContext *context, GError **error);
void letter_words_free(LetterWords *words);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LetterWords, letter_words_free)

/* Two of them, as the lists of a digest have them (digest_words.h): the cited
 * addresses, and the reporter's own number of the matter. Yours, or NULL. */
char *word_incident_address(const ReplyContext *context);
char *word_reference(const ReplyContext *context);

/* As template_expand() asks for them; borrows words. */
TemplateValues letter_words_values(LetterWords *words);

/* The claims that an expansion asked for since the words were made; array of
 * Claim, yours. */
GPtrArray *letter_words_take_claims(LetterWords *words);
