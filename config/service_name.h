/* service_name.h - which service a job file is of, however broken the file is.  Pure. */
#ifndef JW_CONFIG_SERVICE_NAME_H
#define JW_CONFIG_SERVICE_NAME_H

#include "common/str.h"
#include "config/spec.h"

enum service_name {
    SERVICE_NAME_FOUND,
    SERVICE_NAME_DEFAULT, /* none is given, and no other file could give one */
    SERVICE_NAME_UNCLEAR  /* what stands there is no plain name, or another file may have it: only
                             the loader knows */
};

/* The `name` of [service] in BYTES, a job file, with a NUL behind it.  No other mistake matters;
 * included files are not looked at, and no ${...} is replaced.  RET is untouched unless it was
 * found. */
enum service_name service_name_of(struct str bytes, char ret[NAME_MAX_BYTES + 1]);

#endif
