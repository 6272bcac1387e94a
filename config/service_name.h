/* service_name.h - which service a job file is of, however broken the file is.  Pure. */
#ifndef JW_CONFIG_SERVICE_NAME_H
#define JW_CONFIG_SERVICE_NAME_H

#include "common/str.h"
#include "config/spec.h"

/* The `name` of [service] in BYTES, a job file, with a NUL behind it.  No other mistake matters;
 * included files are not looked at, and no ${...} is replaced.  False, and RET is untouched: there
 * is none, or what stands there is no name. */
bool service_name_of(struct str bytes, char ret[NAME_MAX_BYTES + 1]);

#endif
