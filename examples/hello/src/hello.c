#include <stdio.h>
#include <string.h>

#ifndef VERSION
#define VERSION "development"
#endif

int main(int argc, char **argv)
{
    if (argc > 2 || (argc == 2 && strncmp(argv[1], "--", 2) == 0 && strcmp(argv[1], "--version") != 0)) {
        fprintf(stderr, "usage: hello [--version | NAME]\n");
        return 2;
    }
    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        printf("hello %s\n", VERSION);
    else
        printf("Hello, %s!\n", argc == 2 ? argv[1] : "world");
    return 0;
}
