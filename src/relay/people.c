#include "relay/people.h"

#include "relay/people_file.h"

#include "base/digest.h"
#include "base/errors.h"

#include <errno.h>
#include <string.h>

struct People {
    GMappedFile *file;
    const PeopleRelay *relays;
    const PeopleRun *runs;
    const char *text;
    size_t relay_count, run_count, text_bytes;
};

void people_close(People *people)
{
    if (!people)
        return;
    g_mapped_file_unref(people->file);
    g_free(people);
}

static GMappedFile *map(const char *path, GError **error)
{
    g_autoptr(GError) cause = NULL;
    GMappedFile *file = g_mapped_file_new(path, FALSE, &cause);
    if (file)
        return file;
    bool is_missing = g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    g_set_error(error, DESK_ERROR,
                is_missing ? DESK_ERROR_MISSING : DESK_ERROR_DENIED,
                is_missing ? "no contacts and families are known yet: import "
                             "server descriptors with their consensuses (%s)"
                           : "cannot read %s",
                path);
    return NULL;
}

People *people_open(const char *directory, GError **error)
{
    g_autofree char *path = g_build_filename(directory, PEOPLE_NAME, NULL);
    g_autoptr(GMappedFile) file = map(path, error);
    if (!file)
        return NULL;
    Section sections[PEOPLE_SECTIONS];
    if (!sections_open(&PEOPLE_LAYOUT, g_mapped_file_get_contents(file),
                       g_mapped_file_get_length(file), path, sections, error))
        return NULL;
    const Section *text = &sections[PEOPLE_TEXT];
    if (text->count > 0 &&
        ((const char *)text->items)[text->count - 1] != '\0') {
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID, "%s is damaged",
                    path);
        return NULL;
    }
    People *people = g_new(People, 1);
    *people = (People){
        .file = g_steal_pointer(&file),
        .relays = sections[PEOPLE_RELAYS].items,
        .runs = sections[PEOPLE_RUNS].items,
        .text = text->items,
        .relay_count = sections[PEOPLE_RELAYS].count,
        .run_count = sections[PEOPLE_RUNS].count,
        .text_bytes = text->count,
    };
    return people;
}

size_t people_relay_count(const People *people)
{
    return people ? people->relay_count : 0;
}

const Fingerprint *people_relay(const People *people, size_t index)
{
    return (const Fingerprint *)people->relays[index].fingerprint;
}

Instant people_newest(const People *people)
{
    uint32_t newest = 0;
    for (size_t i = 0; people && i < people->run_count; i++)
        if (people->runs[i].kind == SAID_ROSTER)
            newest = MAX(newest, people->runs[i].to);
    return newest ? (Instant)newest : INSTANT_NONE;
}

size_t people_run_count(const People *people)
{
    return people->run_count;
}

/* ---- one relay ---------------------------------------------------------- */

typedef struct {
    const PeopleRun *at, *end;
} Runs;

static Runs runs_at(const People *people, size_t index)
{
    size_t first = people->relays[index].first_run;
    size_t end = index + 1 < people->relay_count
                     ? people->relays[index + 1].first_run
                     : people->run_count;
    if (first > end || end > people->run_count)
        return (Runs){0};
    return (Runs){people->runs + first, people->runs + end};
}

static Runs runs_of(const People *people, const Fingerprint *relay)
{
    size_t low = 0, high = people ? people->relay_count : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(people->relays[middle].fingerprint, relay->bytes,
                           FINGERPRINT_BYTES);
        if (order == 0)
            return runs_at(people, middle);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return (Runs){0};
}

/* The run that says it then, or the last before. Of two that hold, the one
 * that began later: the other goes on around it. */
static const PeopleRun *run_at(Runs runs, SaidKind kind, Instant when)
{
    const PeopleRun *best = NULL;
    for (const PeopleRun *run = runs.at; run < runs.end; run++) {
        if (run->kind != kind || run->from > when)
            continue;
        Instant until = MIN((Instant)run->to, when);
        Instant best_until = best ? MIN((Instant)best->to, when) : 0;
        if (!best || until > best_until ||
            (until == best_until && run->from > best->from))
            best = run;
    }
    return best;
}

static void put_digest(const uint8_t *digest, bool is_micro,
                       char out[PEOPLE_DIGEST_HEX])
{
    g_autofree char *hex =
        hex_new(digest, is_micro ? SHA256_BYTES : SHA1_BYTES);
    g_strlcpy(out, hex, PEOPLE_DIGEST_HEX);
}

static bool tell(const People *people, const PeopleRun *run, Said *out)
{
    *out = (Said){0};
    if (!run || run->text >= people->text_bytes)
        return false;
    out->text = people->text + run->text;
    out->named = (Interval){run->from, run->to};
    if (run->kind == SAID_ROSTER)
        return true;
    out->is_micro = run->kind == SAID_FAMILY_MICRO;
    put_digest(run->first, out->is_micro, out->first);
    put_digest(run->last, out->is_micro, out->last);
    return true;
}

bool people_contact(const People *people, const Fingerprint *relay,
                    Instant when, Said *out)
{
    return tell(people, run_at(runs_of(people, relay), SAID_CONTACT, when),
                out);
}

static const PeopleRun *family_run(Runs runs, Instant when)
{
    const PeopleRun *full = run_at(runs, SAID_FAMILY, when);
    const PeopleRun *micro = run_at(runs, SAID_FAMILY_MICRO, when);
    if (!full || !micro)
        return full ? full : micro;
    return MIN((Instant)micro->to, when) > MIN((Instant)full->to, when) ? micro
                                                                        : full;
}

bool people_family(const People *people, const Fingerprint *relay, Instant when,
                   Said *out)
{
    return tell(people, family_run(runs_of(people, relay), when), out);
}

/* ---- roster ------------------------------------------------------------- */

/* "NICK FLAGS ADDRESS ..."; what does not read so is left out. */
static void read_roster(const char *text, Roster *out)
{
    Text rest = text_of_bytes(text, strlen(text)), word;
    if (word_take(&rest, &word) && text_length(&word) < sizeof out->nickname)
        memcpy(out->nickname, word.at, text_length(&word));
    if (word_take(&rest, &word)) {
        out->is_exit = memchr(word.at, 'e', text_length(&word)) != NULL;
        out->is_bad_exit = memchr(word.at, 'b', text_length(&word)) != NULL;
    }
    while (out->count < ROSTER_ADDRESSES_MAX && word_take(&rest, &word))
        if (ip_parse(word.at, text_length(&word), &out->addresses[out->count]))
            out->count++;
}

bool people_roster(const People *people, const Fingerprint *relay, Instant when,
                   Roster *out)
{
    Said said;
    *out = (Roster){0};
    if (!tell(people, run_at(runs_of(people, relay), SAID_ROSTER, when), &said))
        return false;
    read_roster(said.text, out);
    out->listed = said.named;
    return true;
}

/* ---- families ----------------------------------------------------------- */

Family *people_family_new(const char *text)
{
    Family *family = family_new();
    Text rest = text_of_bytes(text, strlen(text)), line;
    if (*text != '\n' && line_take(&rest, &line))
        family_read_relays(family, line);
    else if (*text == '\n')
        rest.at++;
    if (line_take(&rest, &line))
        family_read_ids(family, line);
    return family;
}

Families *people_families(const People *people, Instant when)
{
    Families *families = families_new();
    for (size_t i = 0; people && i < people->relay_count; i++) {
        const PeopleRun *run = family_run(runs_at(people, i), when);
        Said said;
        if (!run || when - (Instant)run->to > PEOPLE_CURRENT_S ||
            !tell(people, run, &said) || !*said.text)
            continue;
        families_add(families,
                     (const Fingerprint *)people->relays[i].fingerprint,
                     people_family_new(said.text));
    }
    return families;
}
