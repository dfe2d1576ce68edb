/*
 * What no letter may promise or admit, in the words that people use for it.
 *
 * Nobody can say who used Tor, cut off one of its users, or keep it from
 * happening again; a relay that begins to keep logs is no longer safe to run;
 * and a sentence that takes the blame is worth more to a lawyer than to the
 * reader. Only words that cannot mean anything else are listed: "we cannot
 * identify" has none of them. Without the word "we" a denial would be caught.
 *
 * To add one: a row, in small letters, with single blanks.
 */
#include "reply/own.h"

#include <string.h>

static const char *const PROMISES[] = {
    /* en */
    "we will identify",
    "we'll identify",
    "we will find out who",
    "we have identified the user",
    "we have blocked the user",
    "we blocked the user",
    "we will block the user",
    "the user has been blocked",
    "the user was blocked",
    "we have warned the user",
    "we will warn the user",
    "we have suspended the",
    "we have terminated the",
    "we will terminate the",
    "account has been suspended",
    "will not happen again",
    "won't happen again",
    "we guarantee",
    "we accept liability",
    "we are liable",
    "we accept responsibility",
    "we take responsibility",
    "we admit",
    "we will compensate",
    "we will keep logs",
    "we will start logging",
    "we have started logging",
    "we will monitor the traffic",
    "we will hand over",
    /* de */
    "werden den verursacher ermitteln",
    "werden den nutzer ermitteln",
    "haben den nutzer gesperrt",
    "haben den kunden gesperrt",
    "haben den benutzer gesperrt",
    "nutzer wurde gesperrt",
    "kunde wurde gesperrt",
    "haben den nutzer verwarnt",
    "wird nicht wieder vorkommen",
    "kommt nicht wieder vor",
    "wird nicht mehr vorkommen",
    "wir garantieren",
    "wir haften",
    "übernehmen die haftung",
    "übernehmen die verantwortung",
    "werden künftig protokollieren",
    "werden den verkehr überwachen",
    /* fr */
    "ne se reproduira plus",
    "nous garantissons",
    "nous avons bloqué l'utilisateur",
    "l'utilisateur a été bloqué",
    "nous identifierons",
    "nous allons identifier",
    "nous assumons la responsabilité",
    "nous reconnaissons notre",
    "nous allons conserver les journaux",
    /* es */
    "no volverá a ocurrir",
    "no volverá a suceder",
    "garantizamos",
    "hemos bloqueado al usuario",
    "el usuario ha sido bloqueado",
    "vamos a identificar",
    "identificaremos",
    "asumimos la responsabilidad",
    /* it */
    "non si ripeterà",
    "non accadrà più",
    "garantiamo",
    "abbiamo bloccato l'utente",
    "l'utente è stato bloccato",
    "identificheremo",
    "ci assumiamo la responsabilità",
    /* pt */
    "não voltará a acontecer",
    "não se repetirá",
    "garantimos",
    "bloqueámos o utilizador",
    "bloqueamos o usuário",
    "o utilizador foi bloqueado",
    "assumimos a responsabilidade",
    /* nl */
    "zal niet meer gebeuren",
    "zal niet opnieuw gebeuren",
    "wij garanderen",
    "we garanderen",
    "hebben de gebruiker geblokkeerd",
    "gebruiker is geblokkeerd",
    "zullen de gebruiker identificeren",
    "aanvaarden aansprakelijkheid",
    /* pl */
    "nie powtórzy się",
    "się nie powtórzy",
    "gwarantujemy",
    "zablokowaliśmy użytkownika",
    "użytkownik został zablokowany",
    "zidentyfikujemy",
    "ponosimy odpowiedzialność",
    /* cs */
    "nebude se to opakovat",
    "už se to nebude opakovat",
    "zaručujeme",
    "garantujeme",
    "zablokovali jsme uživatele",
    "uživatel byl zablokován",
    "přijímáme odpovědnost",
    /* sv */
    "kommer inte att hända igen",
    "vi garanterar",
    "har spärrat användaren",
    "har blockerat användaren",
    "användaren har spärrats",
    "kommer att identifiera",
    "vi tar på oss ansvaret",
};

guint promise_count(void)
{
    return G_N_ELEMENTS(PROMISES);
}

const char *promise_at(guint index)
{
    g_assert(index < G_N_ELEMENTS(PROMISES));
    return PROMISES[index];
}

const char *promise_in(const char *folded)
{
    for (guint i = 0; i < G_N_ELEMENTS(PROMISES); i++)
        if (strstr(folded, PROMISES[i]))
            return PROMISES[i];
    return NULL;
}
