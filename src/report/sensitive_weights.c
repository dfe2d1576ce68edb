/*
 * How much stems speak for a matter.
 *
 * Phrases and pairs of halves (sensitive.c) know the letters they were
 * written for; the next officer finds other words. What all such letters
 * share is not wording but what they are made of: somebody with an office
 * asks who it was; somebody with a client wants money; somebody wants
 * somebody dead. So each class of stems that a mail holds adds a small
 * weight once, however often it is said, and the sum is held against two
 * bounds: from SURE on the matter is recognised, from MAYBE on a person looks
 * before anything leaves ("may-be-sensitive", flags.h).
 *
 * The weights were set by judgement, not fitted: a few hundred invented
 * letters would teach a fit the habits of their author. To change one: say
 * here why, and look at both sides of test_sensitive.c.
 */
#include "report/sensitive_stems.h"

static const struct {
    int authority, court, lawyer, life, child;
} WEIGHTS[STEM_COUNT] = {
    /* Two of who, what was done and what is wanted make a look; four are an
     * officer at work. One is any angry victim. */
    [STEM_OFFICE] = {.authority = 3, .court = 1},
    [STEM_RANK] = {.authority = 3, .court = 1},
    [STEM_IDENTITY] = {.authority = 3, .court = 1, .lawyer = 1},
    /* Complaints about fraud ask for an investigation, too. */
    [STEM_INQUIRY] = {.authority = 2, .court = 1},
    [STEM_CRIME] = {.authority = 2, .court = 1, .child = 1},
    [STEM_RECORDS] = {.authority = 2, .court = 1, .lawyer = 1},
    /* Everybody's "hereby"; but orders are made of it. */
    [STEM_FORM] = {.authority = 2, .court = 2, .lawyer = 1},
    /* Nobody writes of judges or attorneys to an abuse desk by chance. */
    [STEM_COURT] = {.authority = 1, .court = 5, .lawyer = 2},
    [STEM_COUNSEL] = {.court = 1, .lawyer = 5},
    /* Rights agents and victims claim as well. */
    [STEM_CLAIM] = {.court = 1, .lawyer = 3},
    /* Programs are killed and die, hence one alone is not enough; with fear,
     * a weapon or a family it is about people. */
    [STEM_KILL] = {.life = 4},
    [STEM_DEATH] = {.life = 3},
    [STEM_WEAPON] = {.life = 3},
    [STEM_THREAT] = {.authority = 1, .life = 3},
    [STEM_KIN] = {.life = 2, .child = 1},
    /* Children alone are schools, nakedness alone is spam. */
    [STEM_CHILD] = {.life = 1, .child = 3},
    [STEM_SEX] = {.life = 1, .child = 3},
    [STEM_IMAGE] = {.child = 1},
    /* Words that have no other use. */
    [STEM_PREDATOR] = {.child = 5},
};

/* Where two matters share classes, being sure takes more of them. */
static const StemScore BOUNDS[] = {
    {.sure = 10, .maybe = 5}, /* authority */
    {.sure = 9, .maybe = 5},  /* court */
    {.sure = 9, .maybe = 5},  /* lawyer */
    {.sure = 9, .maybe = 5},  /* life */
    {.sure = 7, .maybe = 5},  /* illegal images */
};

static int weight_of(Sensitive matter, StemClass class)
{
    switch (matter) {
    case SENSITIVE_AUTHORITY:
        return WEIGHTS[class].authority;
    case SENSITIVE_COURT:
        return WEIGHTS[class].court;
    case SENSITIVE_LAWYER:
        return WEIGHTS[class].lawyer;
    case SENSITIVE_LIFE:
        return WEIGHTS[class].life;
    case SENSITIVE_CHILD_ABUSE:
        return WEIGHTS[class].child;
    case SENSITIVE_DATA_SUBJECT:
    case SENSITIVE_PRESS:
    case SENSITIVE_ALL:
        break;
    }
    return 0;
}

bool sensitive_stem_counts(Sensitive matter, StemClass class)
{
    return weight_of(matter, class) > 0;
}

StemScore sensitive_stem_score(Sensitive matter, uint32_t classes)
{
    StemScore score = {.sure = 1, .maybe = 1}; /* of no stem: never reached */
    for (size_t i = 0; i < G_N_ELEMENTS(BOUNDS); i++)
        if (matter == (Sensitive)(1u << i))
            score = BOUNDS[i];
    for (unsigned class = 0; class < STEM_COUNT; class ++)
        if (classes & 1u << class)
            score.sum += weight_of(matter, (StemClass) class);
    return score;
}
