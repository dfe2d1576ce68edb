/*
 * role.h - who each cited address is, with the reason.
 */
#pragma once

#include "incident/incident.h"
#include "incident/table.h"

/* How the role of one mention was told, weakest first. */
typedef enum {
    TOLD_BY_NOTHING,
    TOLD_BY_PLACE,  /* whois, signature, host name, hop */
    TOLD_BY_LOG,    /* the grammar of a log line */
    TOLD_BY_COLUMN, /* the head of its table column */
    TOLD_BY_WORDS,  /* a label or a sentence that names it */
} ToldBy;

/* What a rule that lost to another would have told. */
typedef struct {
    Role role;
    int weight; /* 0: there is none */
    ToldBy told_by;
    const char *why, *words;
} Offer;

/* One place where an address stands. */
typedef struct {
    guint page, line, address; /* indices into the sheet */
    Role role;
    int weight; /* 1..100; 0 if nothing is told */
    ToldBy told_by;
    const char *why;   /* static: "label", "sentence", ... */
    const char *words; /* static: the row that fitted, or NULL */
    Offer second;      /* the weightiest of another role */
} Mention;

/* An address with all its mentions. */
typedef struct {
    IpAddress ip;
    GArray *mentions; /* of guint, indices into Cast.mentions, in order */
    Role role;
    int weight;
    guint telling; /* the mention that decided */
    char *why;
    bool is_guess; /* offender only because nobody else is */
    Loser *lost;   /* another role that something speaks for; or NULL */
} Player;

/* All addresses of a mail. */
typedef struct {
    GArray *mentions;   /* of Mention */
    GPtrArray *players; /* of Player, in order of first mention */
    GHashTable *by_ip;  /* IpAddress -> Player */
    bool is_unclear;    /* the offender had to be guessed among several */
} Cast;

/* Whom a mail of its kind may accuse. */
typedef enum {
    ACCUSES_NOBODY, /* a bounce, a receipt */
    ACCUSES_TOLD,   /* a question, a program's notice: only whom it names */
    ACCUSES,        /* with nobody told, the likeliest */
} Accusal;

/* Judge every address of the sheet. Statements have already named `named`
 * (array of IpAddress, may be empty); hints as incident_find. */
Cast *cast_new(const Sheet *sheet, const Report *report, const GArray *named,
               const GArray *hints, Accusal accusal);
void cast_free(Cast *cast);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Cast, cast_free)

const Mention *cast_mention(const Cast *cast, guint index);
const Player *cast_player(const Cast *cast, guint index);
/* The player of an address, or NULL. */
const Player *cast_find(const Cast *cast, const IpAddress *ip);

/* role_words.c: what label or sentence around an address says. */
void mention_read_label(const Page *page, Mention *mention);
void mention_read_phrase(const Page *page, Mention *mention);
/* A whole line or cell as a label; false if it is none. */
bool label_read(const char *folded, size_t length, Role *role, int *weight,
                const char **words);

/* role_owner.c: does the last of some words name a host (or anything, if the
 * address stands in brackets behind it) of the writer's (victim) or of the
 * reader's (offender)? owner becomes static words. */
Role owner_role(char *const *words, int last, bool is_any_noun,
                const char **owner);
/* role_scripts.c: words without blanks that touch the address. */
void mention_read_script(const Page *page, Mention *mention);

/* role_layout.c: what the shape of the line says; heading: the line that
 * stands over the list it may be part of. */
void mention_read_layout(const Page *page, guint heading, Mention *mention);
/* The heading for the lines after this one, going down a page. */
guint heading_next(const Page *page, guint line, guint heading);
/* Is it joined to the address before it: "A, B and C"? */
bool mention_continues_list(const Page *page, const Mention *mention);

/* What a doubtful address must be told with at least to be believed. */
#define WEIGHT_DOUBTFUL 60
/* Of what only a host's name spells: never enough to accuse. */
#define WEIGHT_HINT 10

/* Is it a member's? hints as incident_find. */
bool ip_is_hinted(const GArray *hints, const IpAddress *ip);
/* Change a player's role with its reason. */
void player_set_role(Player *player, Role role, const char *why);

/* role_guess.c: loopback, link-local and multicast name nobody outside. */
bool ip_is_nobody(const IpAddress *ip);

/* role_guess.c: what loopback, public resolvers and the hosts that brought
 * this mail are, unless words say otherwise. */
void cast_doubt(const Mail *mail, Cast *cast);
/* Accuse the likeliest address where none is accused. */
void cast_guess(const Sheet *sheet, Cast *cast);

/* Keep the stronger of what is known and what is offered. */
void mention_offer(Mention *mention, Role role, int weight, ToldBy told_by,
                   const char *why, const char *words);
