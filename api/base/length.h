/* SPDX-License-Identifier: MIT */
/* How many elements an array has. */
#ifndef ACK_LENGTH_H
#define ACK_LENGTH_H

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#endif
