#include "relay/derived.h"

#include "relay/facts_file.h"
#include "relay/history_build.h"

typedef struct {
    const Section *part;
    uint32_t month;
} Deriving;

static gpointer derive(gpointer data)
{
    const Deriving *deriving = data;
    return history_build_rows(deriving->part, deriving->month);
}

bool derived_write(DerivedMonth *derived, const Section *part, uint32_t month,
                   const char *path, GError **error)
{
    Deriving deriving = {part, month};
    GThread *thread = g_thread_new("derive", derive, &deriving);
    bool done = sections_replace_hashed(&STATE_LAYOUT, part, path,
                                        derived->part, error);
    derived->rows = g_thread_join(thread);
    return done;
}
