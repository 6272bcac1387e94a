/* main.c - runs the groups. */
#include "tests/win32/groups.h"

int main(void)
{
    return run_oserr() + run_path() + run_file() + run_glob() + run_zone() +
           run_watch();
}
