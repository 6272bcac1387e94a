# Every dependency is named, pinned and fetched here and nowhere else.
#
# With JOBWARDEN_DEPENDENCY_CACHE set (by ./dev), the source tarball is taken from that folder and
# must have the SHA-256 below; otherwise the commit is fetched from upstream, and git's own hash
# holds it. Either way a tree that differs stops the build.
#
# ./dev reads the rows of jw_pin() with a line-based script: keep one row on one line.

include(FetchContent)
set(FETCHCONTENT_QUIET ON)
set(JOBWARDEN_DEPENDENCY_CACHE "" CACHE PATH "Folder with the source tarballs of the dependencies")

#      name   Debian source  tarball                          SHA-256 of the tarball
set(JW_PINS
  "libuv  libuv1   libuv1_1.50.0.orig.tar.gz        ec9de6ecf2a780fd2afb3b007947d2cd57c3bb17f3b9e721a66774980d35cd4d"
  "inih   libinih  libinih_59.orig.tar.gz           062279922805f5e9a369551a08d5ddb506140fe50774183ffdbb7c22bb97e3f4"
  "cmocka cmocka   cmocka_1.1.7.orig.tar.xz         810570eb0b8d64804331f82b29ff47c790ce9cd6b163e98d47a4807047ecad82"
  "yyjson yyjson   yyjson_0.10.0+ds.orig.tar.xz     ae6fde69a193e10afab426ef13f113d6903446405f9db9ee98bfb572bd6c961a")

set(JW_UPSTREAM_libuv  GIT_REPOSITORY https://github.com/libuv/libuv GIT_TAG 8fb9cb919489a48880680a56efecff6a7dfb4504)
set(JW_UPSTREAM_inih   GIT_REPOSITORY https://github.com/benhoyt/inih GIT_TAG 23acf2dd5af5287b0f170908c607560ab3995dae)
set(JW_UPSTREAM_cmocka URL https://cmocka.org/files/1.1/cmocka-1.1.7.tar.xz
                       URL_HASH SHA256=810570eb0b8d64804331f82b29ff47c790ce9cd6b163e98d47a4807047ecad82)
set(JW_UPSTREAM_yyjson GIT_REPOSITORY https://github.com/ibireme/yyjson GIT_TAG 9ddba001a4ea88e93b46932e5c5b87b222e19a5f)

# Declares NAME. Its own CMakeLists.txt is not entered when SOURCE_ONLY is given.
function(jw_declare name)
  cmake_parse_arguments(D "SOURCE_ONLY" "" "" ${ARGN})
  set(from ${JW_UPSTREAM_${name}})
  if(JOBWARDEN_DEPENDENCY_CACHE)
    foreach(pin IN LISTS JW_PINS)
      separate_arguments(pin UNIX_COMMAND "${pin}")
      list(GET pin 0 which)
      if(which STREQUAL name)
        list(GET pin 2 file)
        list(GET pin 3 sha)
        set(from URL "${JOBWARDEN_DEPENDENCY_CACHE}/${file}" URL_HASH "SHA256=${sha}")
      endif()
    endforeach()
  endif()
  set(only)
  if(D_SOURCE_ONLY)
    set(only SOURCE_SUBDIR no-build-files-wanted)
  endif()
  FetchContent_Declare(${name} ${from} ${only} DOWNLOAD_EXTRACT_TIMESTAMP OFF)
endfunction()

# inih: lines up to the loader's limit on the heap, line numbers, no inline comments (a ';' inside
# a command is part of it), no indented continuation, every error reported.
jw_declare(inih SOURCE_ONLY)
FetchContent_MakeAvailable(inih)
add_library(inih STATIC "${inih_SOURCE_DIR}/ini.c")
target_include_directories(inih SYSTEM PUBLIC "${inih_SOURCE_DIR}")
target_compile_definitions(inih PUBLIC INI_ALLOW_INLINE_COMMENTS=0 INI_ALLOW_MULTILINE=0
  INI_USE_STACK=0 INI_ALLOW_REALLOC=1 INI_INITIAL_ALLOC=1024 INI_MAX_LINE=262144
  INI_HANDLER_LINENO=1 INI_CALL_HANDLER_ON_NEW_SECTION=1 INI_STOP_ON_FIRST_ERROR=0)

jw_declare(yyjson SOURCE_ONLY)
FetchContent_MakeAvailable(yyjson)
add_library(yyjson STATIC "${yyjson_SOURCE_DIR}/src/yyjson.c")
target_include_directories(yyjson SYSTEM PUBLIC "${yyjson_SOURCE_DIR}/src")

if(WIN32)
  set(LIBUV_BUILD_SHARED OFF CACHE INTERNAL "")
  set(LIBUV_BUILD_TESTS OFF CACHE INTERNAL "")
  set(LIBUV_BUILD_BENCH OFF CACHE INTERNAL "")
  jw_declare(libuv)
  FetchContent_MakeAvailable(libuv)
  add_library(libuv INTERFACE)
  target_include_directories(libuv SYSTEM INTERFACE "${libuv_SOURCE_DIR}/include")
  target_link_libraries(libuv INTERFACE uv_a)
endif()

if(JOBWARDEN_TESTS)
  jw_declare(cmocka SOURCE_ONLY)
  FetchContent_MakeAvailable(cmocka)
  add_library(cmocka STATIC "${cmocka_SOURCE_DIR}/src/cmocka.c")
  target_include_directories(cmocka SYSTEM PUBLIC "${cmocka_SOURCE_DIR}/include")
  if(WIN32)
    target_compile_definitions(cmocka PRIVATE HAVE_MALLOC_H=1 HAVE_INTTYPES_H=1 HAVE_IO_H=1
      HAVE_STRICMP=1 HAVE_STRING_H=1 HAVE_TIME_H=1 HAVE_STDIO_H=1 HAVE_STDINT_H=1)
    if(MINGW)
      target_compile_definitions(cmocka PRIVATE HAVE_STRINGS_H=1)
    endif()
  else()
    target_compile_definitions(cmocka PRIVATE HAVE_CLOCK_REALTIME=1 HAVE_CLOCK_GETTIME=1
      HAVE_STRUCT_TIMESPEC=1 HAVE_TIME_H=1 HAVE_UNISTD_H=1 HAVE_INTTYPES_H=1 HAVE_STRSIGNAL=1
      HAVE_SIGNAL_H=1 HAVE_STRINGS_H=1 HAVE_MALLOC_H=1 _GNU_SOURCE=1)
  endif()
endif()
