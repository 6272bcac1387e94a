/* environ.h - a worker's environment block: merged, sorted, names unique whatever their case. */
#ifndef JW_PROCESS_ENVIRON_H
#define JW_PROCESS_ENVIRON_H

#include "common/status.h"
#include "config/spec.h"

#include <wchar.h>

/* The service's own variables (all when INHERIT, otherwise those without which programs do not
 * work), then LAYER[0], LAYER[1] and so on; a later one replaces an earlier one.  A NULL layer is
 * empty. *ret is from malloc and ends with two NULs. */
enum st environ_make(bool inherit, const struct env_vars *const *layer, size_t layers,
                     wchar_t **ret, struct err *e);

/* The value of NAME in BLOCK, or NULL. */
const wchar_t *environ_get(const wchar_t *block, const wchar_t *name);

#endif
