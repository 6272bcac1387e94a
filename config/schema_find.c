/* schema_find.c - looking keys up, and the nearest word to a wrong one. */
#include "config/schema.h"

#include <string.h>

enum { WORD_MAX = 40 }; /* no key or word is longer (a test says so) */

/* Byte by byte, as mostly the first few tell. */
static int compare_text(struct str a, const char *z)
{
    size_t i = 0;
    while (i < a.n && a.p[i] == z[i] && z[i])
        i++;
    return i == a.n ? -(z[i] != '\0') : (unsigned char)a.p[i] - (unsigned char)z[i];
}

static const struct field *find_exact(enum section s, struct str key)
{
    size_t low = 0, high = schema_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int c = (int)s - (int)schema[mid].section;
        if (c == 0)
            c = compare_text(key, schema[mid].key);
        if (c == 0)
            return &schema[mid];
        if (c < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}

static const struct field *find_here(enum section s, struct str key)
{
    struct str rest = key, head = str_cut(&rest, '.');
    if (!rest.p)
        return find_exact(s, key);
    if (rest.n == 0)
        return NULL;
    return str_is(head, "env")        ? find_exact(s, STR("env.NAME"))
           : str_is(head, "on_limit") ? find_exact(s, STR("on_limit.KEY"))
                                      : NULL;
}

static bool takes_limits(enum section s)
{
    return s == SECTION_SERVICE || s == SECTION_GROUP || s == SECTION_JOB;
}

bool schema_in(const struct field *f, enum section s)
{
    return f->section == s || (f->limit && takes_limits(s));
}

const struct field *schema_find(enum section s, struct str key)
{
    if (key.n == 0)
        return NULL;
    const struct field *f = find_here(s, key);
    if (!f)
        f = find_here(SECTION_JOB, key);
    return f && schema_in(f, s) ? f : NULL;
}

size_t schema_offset(const struct field *f, enum section s)
{
    static const size_t limits[SECTIONS] = {
        [SECTION_SERVICE] = offsetof(struct service_spec, limits),
        [SECTION_JOB] = offsetof(struct job_spec, limits),
        [SECTION_GROUP] = offsetof(struct group_spec, limits),
    };
    return f->offset + (f->limit ? limits[s] : 0);
}

const struct field *schema_limit(enum limit_id id)
{
    const struct field *f = schema;
    while (f < schema + schema_count && f->id != id)
        f++;
    return f; /* a test holds that each has its row */
}

enum limit_id schema_limit_id(struct str key)
{
    const struct field *f = find_exact(SECTION_JOB, key);
    return f ? f->id : LIMIT_NONE;
}

/* How many letters must be added, removed, changed or swapped with their neighbour.  Case counts
 * for nothing: it is the commonest slip. */
static size_t distance(struct str a, struct str b)
{
    size_t row[3][WORD_MAX + 1], *before = row[0], *last = row[1], *now = row[2];
    for (size_t j = 0; j <= b.n; j++)
        last[j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        now[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            char x = ascii_lower(a.p[i - 1]), y = ascii_lower(b.p[j - 1]);
            size_t best = last[j - 1] + (x != y);
            best = last[j] + 1 < best ? last[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && x == ascii_lower(b.p[j - 2]) && y == ascii_lower(a.p[i - 2]))
                best = before[j - 2] + 1 < best ? before[j - 2] + 1 : best;
            now[j] = best;
        }
        size_t *spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[b.n];
}

const char *nearest_word(struct str text, const char *const *words, size_t n)
{
    const char *best = NULL;
    size_t least = text.n < 3 ? 1 : text.n / 3 + 1; /* one letter in three may be wrong */
    if (text.n == 0 || text.n > WORD_MAX)
        return NULL;
    least = least > 4 ? 4 : least;
    for (size_t i = 0; i < n; i++) {
        struct str word = str_of(words[i]);
        size_t gap = word.n > text.n ? word.n - text.n : text.n - word.n;
        size_t d = word.n > WORD_MAX || gap >= least ? least : distance(text, word);
        if (d < least) {
            least = d;
            best = words[i];
        }
    }
    return best;
}

const char *nearer_word(struct str text, const char *best, const char *word)
{
    const char *pair[] = {best ? best : word, word};
    return nearest_word(text, pair, 2);
}

/* How many words, which '_' separates, TEXT has. */
static size_t count_words(struct str text)
{
    size_t n = 0;
    while (text.p) {
        str_cut(&text, '_');
        n++;
    }
    return n;
}

static bool has_word(struct str key, struct str word)
{
    while (key.p)
        if (str_ieq(str_cut(&key, '_'), word))
            return true;
    return false;
}

static bool has_words(struct str key, struct str text)
{
    while (text.p)
        if (!has_word(key, str_cut(&text, '_')))
            return false;
    return true;
}

/* The first of the shortest keys that have all the words of TEXT.  For a single word there must be
 * no other such key: 'limit' could be many. */
static const char *nearest_by_words(struct str text, const char *const *keys, size_t n)
{
    const char *best = NULL;
    size_t least = 0, hits = 0;
    if (text.n < 3 || text.n > WORD_MAX)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        struct str key = str_of(keys[i]);
        size_t words = count_words(key);
        if (!has_words(key, text))
            continue;
        hits++;
        if (!best || words < least) {
            best = keys[i];
            least = words;
        }
    }
    return hits == 1 || count_words(text) > 1 ? best : NULL;
}

static const char *nearest_key(struct str text, const char *const *keys, size_t n)
{
    const char *near = nearest_word(text, keys, n);
    return near ? near : nearest_by_words(text, keys, n);
}

const char *schema_nearest(enum section s, struct str key)
{
    const char *words[256];
    size_t n = 0;
    for (size_t i = 0; i < schema_count && n < sizeof words / sizeof *words; i++) {
        if (schema_in(&schema[i], s))
            words[n++] = schema[i].key;
    }
    return nearest_key(key, words, n);
}

const char *schema_nearest_limit(struct str text)
{
    const char *words[LIMIT_REACHABLE];
    for (int i = 0; i < LIMIT_REACHABLE; i++)
        words[i] = schema_limit((enum limit_id)i)->key;
    return nearest_key(text, words, LIMIT_REACHABLE);
}

void schema_hint(const struct field *f, struct str text, struct buf *out)
{
    if (f->type->hint)
        f->type->hint(f, text, out);
    else if (text.n == 0)
        buf_f(out, "write %s", f->type->syntax);
}
