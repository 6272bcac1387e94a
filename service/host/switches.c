/* switches.c - JOBWARDEN_TEST. */
#include "service/host/switches.h"

#include "common/str.h"

#include <stdlib.h>

struct switches switches_read(void)
{
    struct switches s = {0};
    const char *text = getenv("JOBWARDEN_TEST"); /* read once, before any other thread starts */
    struct str rest = str_of(text);
    while (rest.p) {
        struct str word = str_trim(str_cut(&rest, ','));
        if (str_is(word, "drop-packets"))
            s.drop_packets = true;
        else if (str_is(word, "suspended-spawn"))
            s.suspended = true;
        else if (str_is(word, "attribute-spawn"))
            s.no_suspended = true;
        else if (str_is(word, "look-often"))
            s.look_often = true;
        else if (word.n > 0)
            s.unknown = text;
    }
    return s;
}
