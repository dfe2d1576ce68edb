#include "base/errors.h"
#include "base/log.h"
#include "daemon/daemon.h"

#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>

static const char USAGE[] =
    "Example:  exitdeskd -C /etc/exitdesk\n"
    "          exitdeskd -C ./exitdesk.yaml -D ./data -v\n"
    "\n"
    "exitdeskd receives complaints by LMTP, files them, and answers them as\n"
    "the policies and the members allow. It runs in the foreground and logs\n"
    "to standard error. See exitdeskd(8).\n"
    "\n"
    "  -C, --config PATH   directory with exitdesk.yaml, or that file\n"
    "                      (default /etc/exitdesk)\n"
    "  -D, --data DIR      data directory, instead of the setting\n"
    "  -v, --verbose       log more\n"
    "  -V, --version       print the version\n"
    "  -h, --help          print this\n";

/* What whoever started us should do about it (sysexits.h). */
static int exit_status(const GError *error)
{
    if (error->domain != DESK_ERROR)
        return EX_SOFTWARE;
    switch ((DeskErrorCode)error->code) {
    case DESK_ERROR_TEMPORARY:
    case DESK_ERROR_CONFLICT:
    case DESK_ERROR_BROKEN:
        return EX_TEMPFAIL;
    case DESK_ERROR_LIMIT:
    case DESK_ERROR_INVALID:
        return EX_DATAERR;
    case DESK_ERROR_MISSING:
        return EX_NOINPUT;
    case DESK_ERROR_DENIED:
        return EX_NOPERM;
    case DESK_ERROR_CONFIG:
        return EX_CONFIG;
    }
    return EX_SOFTWARE;
}

int main(int argc, char **argv)
{
    static const struct option OPTIONS[] = {
        {"config", required_argument, NULL, 'C'},
        {"data", required_argument, NULL, 'D'},
        {"verbose", no_argument, NULL, 'v'},
        {"version", no_argument, NULL, 'V'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    DaemonOptions options = {0};
    for (int c; (c = getopt_long(argc, argv, "C:D:vVh", OPTIONS, NULL)) != -1;)
        switch (c) {
        case 'C':
            options.config = optarg;
            break;
        case 'D':
            options.data = optarg;
            break;
        case 'v':
            log_set_level(LOG_LEVEL_DEBUG);
            break;
        case 'V':
            puts("exitdeskd " EXITDESK_VERSION);
            return EX_OK;
        case 'h':
            fputs(USAGE, stdout);
            return EX_OK;
        default:
            fputs(USAGE, stderr);
            return EX_USAGE;
        }
    if (optind < argc) {
        fprintf(stderr, "exitdeskd: \"%s\" is not an option\n%s", argv[optind],
                USAGE);
        return EX_USAGE;
    }
    g_autoptr(GError) error = NULL;
    if (daemon_run(&options, &error))
        return EX_OK;
    fprintf(stderr, "exitdeskd: %s\n", error->message);
    return exit_status(error);
}
