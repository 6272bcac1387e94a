/* test_coming_from.c - docs/coming-from.md quotes the files config/examples/coming-from-*.ini; what
 * these say is the matter of other tests. */
#define _POSIX_C_SOURCE 200809L

#include "tests/config/fake.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 1 << 16, FILES_MAX = 32 };

struct text {
    char name[256];
    char text[TEXT_MAX];
};

static struct text doc, file[FILES_MAX];
static size_t files;

static void read_text(const char *folder, const char *name, struct text *ret)
{
    char path[1024];
    snprintf(ret->name, sizeof ret->name, "%s", name);
    snprintf(path, sizeof path, "%s/%s/%s", JW_SOURCE_DIR, folder, name);
    FILE *f = fopen(path, "rb");
    if (!f)
        fail_msg("%s cannot be read", path);
    size_t n = fread(ret->text, 1, TEXT_MAX - 1, f);
    fclose(f);
    assert_true(n > 0 && n < TEXT_MAX - 1);
    ret->text[n] = '\0';
}

static int read_all(void **state)
{
    (void)state;
    DIR *d = opendir(JW_SOURCE_DIR "/config/examples");
    assert_non_null(d);
    for (struct dirent *entry = readdir(d); entry; entry = readdir(d))
        if (strncmp(entry->d_name, "coming-from-", 12) == 0) {
            assert_true(files < FILES_MAX);
            read_text("config/examples", entry->d_name, &file[files++]);
        }
    closedir(d);
    read_text("docs", "coming-from.md", &doc);
    return 0;
}

static void block__of_the_document__stands_in_a_file(void **state)
{
    (void)state;
    size_t blocks = 0;
    for (char *at = strstr(doc.text, "```ini\n"); at; at = strstr(at, "```ini\n"), blocks++) {
        at += strlen("```ini\n");
        char *end = strstr(at, "```");
        bool found = false;
        assert_non_null(end);
        *end = '\0';
        for (size_t i = 0; i < files; i++)
            found = found || strstr(file[i].text, at);
        if (!found)
            fail_msg("in no file:\n%s", at);
        *end = '`';
        at = end + 3;
    }
    assert_true(blocks >= files);
}

static void section__of_a_file__stands_in_the_document(void **state)
{
    (void)state;
    for (size_t i = 0; i < files; i++) {
        size_t sections = 0;
        for (char *at = strstr(file[i].text, "\n["); at; at = strstr(at + 1, "\n["), sections++) {
            char *end = strstr(at + 1, "\n\n");
            char saved = end ? end[1] : '\0';
            if (end)
                end[1] = '\0';
            if (!strstr(doc.text, at))
                fail_msg("%s has what the document has not:%s", file[i].name, at);
            if (end)
                end[1] = saved;
        }
        assert_true(sections > 0);
    }
    assert_true(files >= 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(block__of_the_document__stands_in_a_file),
        cmocka_unit_test(section__of_a_file__stands_in_the_document),
    };
    return cmocka_run_group_tests(tests, read_all, NULL);
}
