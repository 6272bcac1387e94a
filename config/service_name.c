/* service_name.c - one key looked for, line by line. */
#include "config/service_name.h"

#include "config/lines.h"
#include "config/value.h"

#include <string.h>

/* "[NAME]", also with something behind it, which the loader would refuse. */
static bool is_section(struct str line, const char *name)
{
    if (line.n == 0 || line.p[0] != '[')
        return false;
    struct str rest = {line.p + 1, line.n - 1};
    return str_is(str_trim(str_cut(&rest, ']')), name);
}

enum service_name service_name_of(struct str bytes, char ret[NAME_MAX_BYTES + 1])
{
    struct lines lines = text_lines_of(bytes);
    struct str line;
    bool here = false, includes = false;
    while (text_lines_next(&lines, &line)) {
        line = str_trim(line);
        if (line.n > 0 && line.p[0] == '[')
            here = is_section(line, "service");
        includes = includes || is_section(line, "include");
        struct str value = line, key = str_trim(str_cut(&value, '='));
        if (!here || !value.p || !str_is(key, "name"))
            continue;
        value = str_trim(value);
        if (!name_valid(value))
            return SERVICE_NAME_UNCLEAR;
        memcpy(ret, value.p, value.n);
        ret[value.n] = '\0';
        return SERVICE_NAME_FOUND;
    }
    return includes ? SERVICE_NAME_UNCLEAR : SERVICE_NAME_DEFAULT;
}
