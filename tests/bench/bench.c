/* bench.c - chooses figures and prints them. */
#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    void (*run)(size_t samples);
    size_t samples;
} figures[] = {
    {"restart", figure_restart, 7},
    {"start", figure_start, 5},
    {"packets", figure_packets, 9},
    {"memory", figure_memory, 3},
    {"limits", figure_limits, 7},
    {"sampler", figure_sampler, 9},
    {"health", figure_health, 7},
    {"control", figure_control, 5},
    {"status", figure_status, 25},
    {"reload", figure_reload, 15},
};

void die(const char *what)
{
    fprintf(stderr, "bench: %s (Windows error %lu)\n", what, GetLastError());
    exit(1);
}

double now_ms(void)
{
    LARGE_INTEGER t, f;
    QueryPerformanceCounter(&t);
    QueryPerformanceFrequency(&f);
    return (double)t.QuadPart * 1000.0 / (double)f.QuadPart;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *v, size_t n)
{
    qsort(v, n, sizeof *v, by_value);
    return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

void report_ratio(const char *name, const char *unit, const struct sample *s, size_t n,
            bool more_is_better, const char *aim)
{
    double floor[SAMPLES_MAX], ours[SAMPLES_MAX], ratio[SAMPLES_MAX];
    for (size_t i = 0; i < n; i++) {
        floor[i] = s[i].floor;
        ours[i] = s[i].ours;
        ratio[i] = s[i].floor > 0 ? s[i].ours / s[i].floor : 0;
    }
    double f = median(floor, n), o = median(ours, n), r = median(ratio, n);
    printf("%-34s %12.2f %12.2f %-10s %5.2f (%.2f-%.2f)  aim %s %s\n", name, o, f, unit, r,
           ratio[0], ratio[n - 1], more_is_better ? "at least" : "at most", aim);
    fflush(stdout);
}

void report_more(const char *name, const char *unit, const struct sample *s, size_t n,
                 const char *aim)
{
    double floor[SAMPLES_MAX], ours[SAMPLES_MAX], more[SAMPLES_MAX];
    for (size_t i = 0; i < n; i++) {
        floor[i] = s[i].floor;
        ours[i] = s[i].ours;
        more[i] = s[i].ours - s[i].floor;
    }
    double f = median(floor, n), o = median(ours, n), m = median(more, n);
    printf("%-34s %12.2f %12.2f %-10s %+5.2f (%+.2f to %+.2f)%s%s\n", name, o, f, unit, m,
           more[0], more[n - 1], aim ? "  aim at most " : "", aim ? aim : "");
    printf("%-34s %.2f-%.2f, floor %.2f-%.2f\n", "  least-greatest", ours[0], ours[n - 1],
           floor[0], floor[n - 1]);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    printf("%-34s %12s %12s %-10s ratio (least-greatest)\n", "figure", "jobwarden", "floor",
           "unit");
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        bool wanted = argc < 2;
        for (int a = 1; a < argc; a++)
            wanted = wanted || strcmp(argv[a], figures[i].name) == 0;
        if (wanted)
            figures[i].run(figures[i].samples);
    }
    return 0;
}
