/* rules_scope.h - the places where limits are written, as the rules about limits see them.
 * Private to config/. */
#ifndef JW_CONFIG_RULES_SCOPE_H
#define JW_CONFIG_RULES_SCOPE_H

#include "config/loader.h"

/* One level: an instance of a job, a group, the whole fleet. */
struct scope {
    const struct limits *limits;
    struct sect *const *level; /* where its keys stand, the strongest first */
    size_t levels;
    struct place at;
    const char *kind, *name; /* of a group "group" and its name, of the fleet "service" and NULL */
    bool doubtful;           /* a line could not be used, so what is missing may have been meant */
    const struct scope *up;  /* the Job Object above, NULL: none */
};

/* The entry that holds for KEY (also "on_limit.KEY"), NULL: the default does. */
struct entry *scope_entry(const struct scope *s, const char *key);
struct place scope_place(const struct scope *s, const char *key);
bool scope_good(const struct scope *s, const char *key);
/* Written in the section itself, not in a template or [defaults], which serve others too. */
bool scope_own(const struct scope *s, const char *key);
/* Nobody wrote KEY with success, and nobody may have meant to. */
bool scope_lacks(const struct scope *s, const char *key);
/* Of two keys that do not go together the one to speak of: nearer to the job, else further down. */
const char *scope_later(const struct scope *s, const char *a, const char *b);

/* The key of a limit. */
const char *limit_key(enum limit_id id);
enum { LIMIT_TEXT = 96 };
/* What L sets the limit to, in words: "512M" "10m" "25%" "1.5 cpus". */
const char *limit_text(const struct limits *l, enum limit_id id, char out[LIMIT_TEXT]);
/* "[group:web]" or "[service]" of a level above a job. */
const char *scope_text(const struct scope *s, char out[LIMIT_TEXT]);

/* Keys of one level against each other; against the levels above; against the machine, where it is
 * known; all instances together. */
void rules_alone(struct loader *l, const struct scope *s);
void rules_nested(struct loader *l, const struct scope *s);
void rules_machine(struct loader *l, const struct scope *s);
void rules_machine_fleet(struct loader *l, const struct config *c);
void rules_sums(struct loader *l, const struct config *c);

#endif
