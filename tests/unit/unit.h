/* SPDX-License-Identifier: MIT */
/* cmocka, with the headers it wants before its own. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/length.h"

#endif
