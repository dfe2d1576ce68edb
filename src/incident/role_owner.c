/*
 * Whose a host is: "our web server 192.0.2.1", "your customer's host
 * 192.0.2.1", "unseren Mailserver mit der IP-Adresse 192.0.2.1".
 *
 * Who writes was harmed, whom he writes to answers for the accused. A word of
 * possession counts if a word for a host follows it within three: "our logs
 * show 192.0.2.1" says nothing of whose the address is. Words for hosts are
 * stems, since languages bend them.
 *
 * To add one: a word to OURS or YOURS, a stem to HOSTS, all in lower case.
 */
#include "incident/role.h"

#include <string.h>

#define BETWEEN_MAX 3 /* words between possession and host */

static const char *const OURS[] = {
    /* en de */
    "our",
    "my",
    "unser",
    "unsere",
    "unserem",
    "unseren",
    "unserer",
    "unseres",
    "mein",
    "meine",
    "meinem",
    "meinen",
    "meiner",
    "meines",
    /* fr es pt it */
    "notre",
    "nos",
    "mon",
    "ma",
    "mes",
    "nuestro",
    "nuestra",
    "nuestros",
    "nuestras",
    "mi",
    "mis",
    "nosso",
    "nossa",
    "nossos",
    "nossas",
    "meu",
    "minha",
    "nostro",
    "nostra",
    "nostri",
    "nostre",
    "mio",
    "mia",
    "miei",
    "mie",
    /* nl sv da no */
    "onze",
    "ons",
    "mijn",
    "vår",
    "vårt",
    "våra",
    "vores",
    "min",
    "mitt",

    "mina",
    "våre",
    "vore",
    /* pl cs sk */
    "nasz",
    "nasza",
    "nasze",
    "naszego",
    "naszej",
    "naszemu",
    "naszym",
    "naszych",
    "naszą",
    "mój",
    "mojego",
    "mojej",
    "moim",
    "mojemu",
    "moją",
    "náš",
    "naše",
    "našeho",
    "našemu",
    "našem",
    "naším",
    "našich",
    "našim",
    "naši",
    "můj",
    "mého",
    "mému",
    "mém",
    "moje",
    "moji",
    "môj",
    "mojom",
    /* ru uk */
    "наш",
    "наша",
    "наше",
    "наши",
    "нашего",
    "нашему",
    "нашем",
    "нашим",
    "нашей",
    "нашу",
    "наших",
    "мой",
    "моего",
    "моему",
    "моём",
    "моем",
    "мою",
    "моей",
    "мои",
    "нашого",
    "нашому",
    /* fi hu ro */
    "palvelimemme",
    "meidän",
    "szerverünk",
    "nostru",
    "noastră",
    "nostri",
    /* the harmed, where somebody else passes his complaint on */
    "complainant's",
    "complainants",
    "reporter's",
    "klagerens",
    "klagers",
    "klager's",
};

static const char *const YOURS[] = {
    "your",    "ihr",    "ihre",    "ihrem",  "ihren",  "ihrer",   "ihres",
    "euer",    "eure",   "eurem",   "euren",  "eurer",  "dein",    "deine",
    "deinem",  "deiner", "votre",   "vos",    "su",     "sus",     "vuestro",
    "vuestra", "seu",    "sua",     "seus",   "suas",   "vosso",   "vossa",
    "vostro",  "vostra", "vostri",  "vostre", "suo",    "uw",      "jullie",
    "je",      "er",     "ert",     "din",    "ditt",   "deres",   "jeres",
    "wasz",    "wasza",  "waszego", "waszej", "waszym", "waszemu", "państwa",
    "váš",     "vaše",   "vašeho",  "vašemu", "vašem",  "vaším",   "vašich",
    "vaší",    "vaši",   "ваш",     "ваша",   "ваше",   "ваши",    "вашего",
    "вашему",  "вашем",  "вашим",   "вашей",  "вашу",   "ваших",   "teidän",
    "önök",
};

static const char *const HOSTS[] = {
    "server",    "serveur",       "servidor",   "serwer",      "serverov",
    "сервер",    "szerver",       "palvelin",   "host",        "хост",
    "machine",   "maschine",      "maszyn",     "máquina",     "macchina",
    "машин",     "rechner",       "computer",   "komputer",    "počítač",
    "компьютер", "ordinateur",    "ordenador",  "dator",       "system",
    "système",   "sistema",       "систем",     "firewall",    "pare-feu",
    "router",    "routeur",       "website",    "webseite",    "webserver",
    "webshop",   "site",          "sitio",      "sito",        "sajt",
    "сайт",      "webbplats",     "hjemmeside", "strona",      "strony",
    "stronę",    "stránk",        "mailserver", "mailhost",    "nameserver",
    "honeypot",  "sensor",        "address",    "adress",      "adresse",
    "adresa",    "adresy",        "adres",      "ip",          "ip's",
    "ips",       "ip-address",    "ip-adress",  "ip-adres",    "ip-адрес",
    "dirección", "direccion",     "indirizzo",  "endereço",    "адрес",
    "cím",       "postgres",      "mysql",      "database",    "datenbank",
    "base",      "application",   "applicati",  "anwendung",   "aplica",
    "app",       "shop",          "forum",      "blog",        "wiki",
    "gateway",   "proxy",         "proxies",    "balancer",    "loadbalancer",
    "vpn",       "nas",           "pbx",        "network",     "netz",
    "netwerk",   "nätverk",       "réseau",     "red",         "rete",
    "rede",      "sieci",         "sítě",       "сети",        "сеть",
    "range",     "subnet",        "netblock",   "infrastru",   "instance",
    "box",       "node",          "customer",   "kunde",       "client",
    "klient",    "клиент",        "cliente",    "subscriber",  "user",
    "device",    "gerät",         "appareil",   "dispositivo", "appliance",
    "endpoint",  "service",       "dienst",     "account",     "портал",
    "portal",    "telefonanlage", "kamera",     "camera",      "printer",
};

/* Between possession and host these show that they do not belong together:
 * "my account from the IP address". */
static const char *const STOPS[] = {
    "from",    "by",    "to",    "at",     "on",    "in",   "with",  "of",
    "against", "is",    "was",   "are",    "were",  "has",  "and",   "via",
    "the",     "a",     "an",    "logs",   "log",   "show", "shows", "see",
    "saw",     "von",   "vom",   "aus",    "mit",   "auf",  "an",    "durch",
    "gegen",   "der",   "die",   "das",    "dem",   "den",  "ist",   "wurde",
    "wird",    "hat",   "zeigt", "zeigen", "de",    "du",   "des",   "depuis",
    "par",     "le",    "la",    "les",    "est",   "dans", "sur",   "avec",
    "contre",  "desde", "por",   "con",    "en",    "el",   "los",   "las",
    "es",      "ha",    "da",    "dal",    "dalla", "dall", "dalle", "il",
    "lo",      "è",     "o",     "do",     "dos",   "pelo", "pela",  "com",
    "é",       "foi",   "van",   "vanaf",  "door",  "het",  "een",   "met",
    "z",       "ze",    "od",    "przez",  "na",    "w",    "v",     "s",
    "se",      "с",     "от",    "на",     "в",     "из",   "по",    "från",
    "av",      "på",    "fra",   "af",     "som",   "har",  "we",    "wir",
    "nous",
};

/* Before "your host" these make it the harmed: a provider warns of attacks
 * against it, and the warning is passed on. */
static const char *const AGAINST[] = {
    "against", "gegen",   "contre", "contra", "contro",
    "tegen",   "przeciw", "proti",  "против", "przeciwko",
    "mot",     "mod",     "kohti",  "ellen",  "împotriva",
};

static bool is_against(const char *word)
{
    for (size_t i = 0; i < G_N_ELEMENTS(AGAINST); i++)
        if (strcmp(word, AGAINST[i]) == 0)
            return true;
    return false;
}

typedef enum { SAYS_NOTHING, SAYS_STOP, SAYS_OURS, SAYS_YOURS } Saying;

static void note_sayings(GHashTable *sayings, const char *const *list,
                         size_t count, Saying saying)
{
    for (size_t i = 0; i < count; i++)
        g_hash_table_replace(sayings, (char *)list[i], GINT_TO_POINTER(saying));
}

/* Word -> Saying; a word of two lists is what the later call says. */
static gpointer sayings_load(gpointer unused)
{
    GHashTable *sayings = g_hash_table_new(g_str_hash, g_str_equal);
    note_sayings(sayings, YOURS, G_N_ELEMENTS(YOURS), SAYS_YOURS);
    note_sayings(sayings, OURS, G_N_ELEMENTS(OURS), SAYS_OURS);
    note_sayings(sayings, STOPS, G_N_ELEMENTS(STOPS), SAYS_STOP);
    return sayings;
}

static Saying saying_of(const char *word)
{
    static GOnce once = G_ONCE_INIT;
    GHashTable *sayings = g_once(&once, sayings_load, NULL);
    return (Saying)GPOINTER_TO_INT(g_hash_table_lookup(sayings, word));
}

static bool is_host(const char *word)
{
    for (size_t i = 0; i < G_N_ELEMENTS(HOSTS); i++) {
        /* Short ones are whole words, others begin or end the word. */
        if (strlen(HOSTS[i]) < 4 ? strcmp(word, HOSTS[i]) == 0
                                 : g_str_has_prefix(word, HOSTS[i]) ||
                                       g_str_has_suffix(word, HOSTS[i]))
            return true;
    }
    return false;
}

Role owner_role(char *const *words, int last, bool is_any_noun,
                const char **owner)
{
    Saying saying = SAYS_NOTHING;
    int at = last;
    while (at > 0 && last - at <= BETWEEN_MAX && saying == SAYS_NOTHING)
        saying = saying_of(words[--at]);
    if (saying != SAYS_OURS && saying != SAYS_YOURS)
        return ROLE_UNKNOWN;
    /* Asked last: few words follow an owner, and the list is long. */
    if (!is_any_noun && !is_host(words[last]))
        return ROLE_UNKNOWN;
    if (saying == SAYS_YOURS && at > 0 && is_against(words[at - 1])) {
        *owner = "against your host";
        return ROLE_VICTIM;
    }
    *owner = saying == SAYS_OURS ? "our host" : "your host";
    return saying == SAYS_OURS ? ROLE_VICTIM : ROLE_OFFENDER;
}
