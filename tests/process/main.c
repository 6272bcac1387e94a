/* main.c - runs the groups; as the sender of Ctrl+C starts its own executable, it is that too. */
#include "service/process/ctrl.h"
#include "service/win32/wide.h"
#include "tests/process/lab.h"

#include <stdlib.h>
#include <string.h>

int wmain(int argc, wchar_t **argv);

int wmain(int argc, wchar_t **argv)
{
    char *verb = argc > 1 ? utf8_of(argv[1]) : NULL;
    bool sender = verb && strcmp(verb, CTRL_VERB) == 0;
    free(verb);
    if (sender)
        return ctrl_helper_main(argc, argv);
    return run_cmdline() + run_environ() + run_launch() + run_arguments() + run_spawn() +
           run_handles() + run_ctrl() + run_rungs() + run_surrounded();
}
