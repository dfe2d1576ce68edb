#include "base/errors.h"

G_DEFINE_QUARK(exitdesk - error - quark, desk_error)
