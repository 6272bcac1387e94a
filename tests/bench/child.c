/* child.c - the least worker: says that it runs by a semaphore, then ends or holds.
 * `bench_child NAME [hold]` */
#include <string.h>
#include <windows.h>

int main(int argc, char **argv)
{
    HANDLE started = argc > 1 ? OpenSemaphoreA(SEMAPHORE_MODIFY_STATE, FALSE, argv[1]) : NULL;
    if (!started)
        return 2;
    ReleaseSemaphore(started, 1, NULL);
    if (argc > 2 && strcmp(argv[2], "hold") == 0)
        Sleep(INFINITE);
    return 0;
}
