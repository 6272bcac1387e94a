/* names.h - a table of names, each leading to something; ASCII case is ignored.  One thread.
 *
 * Keys and values belong to the caller and must outlive the table. */
#ifndef JW_CONFIG_NAMES_H
#define JW_CONFIG_NAMES_H

#include "common/status.h"
#include "common/str.h"

struct names;

struct names *names_new(void); /* NULL when out of memory */
void names_free(struct names *t);
/* Forgets all of them, keeps the memory. */
void names_clear(struct names *t);
/* What was added under KEY, or NULL. */
void *names_find(const struct names *t, struct str key);
/* VALUE is not NULL; KEY must not be in the table yet.  ST_OK or ST_NOMEM. */
enum st names_add(struct names *t, struct str key, void *value);
/* Adds it where KEY is not in the table yet, else *first is what was added under it; NULL: added. */
enum st names_claim(struct names *t, struct str key, void *value, void **first);

#endif
