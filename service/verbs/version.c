/* version.c - which build this is. */
#include "service/host/logger.h"
#include "service/verbs/verbs.h"

int verb_version(const struct arguments *a)
{
    (void)a;
    print_out(STR("jobwarden " JOBWARDEN_VERSION "\n"));
    return EXIT_FINE;
}
