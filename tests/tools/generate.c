/* generate.c - writes the files that are made from the schema. */
#include "config/reference.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *path;
    void (*make)(struct buf *out);
} files[] = {{"docs/reference.md", reference_markdown},
             {"docs/limits.md", reference_limits},
             {"config/sample.ini", reference_sample},
             {"tests/fuzz/loader.dict", reference_dictionary}};

static bool write_file(const char *path, struct str text)
{
    FILE *f = fopen(path, "wb");
    if (!f) {
        perror(path);
        return false;
    }
    bool written = fwrite(text.p, 1, text.n, f) == text.n;
    bool closed = fclose(f) == 0;
    if (!written || !closed)
        perror(path);
    return written && closed;
}

int main(int argc, char **argv)
{
    if (argc != 2 || strcmp(argv[1], "docs") != 0) {
        fputs("usage: generate docs   (from the root of the repository)\n", stderr);
        return 2;
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct buf text = {0};
        files[i].make(&text);
        bool ok = buf_ok(&text) && write_file(files[i].path, buf_view(&text));
        buf_free(&text);
        if (!ok)
            return 1;
    }
    return 0;
}
