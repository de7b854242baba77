/* SPDX-License-Identifier: MIT */
/* How the page looks: the lines of page.css, which the build puts here. */
#ifndef PAGE_STYLE_H
#define PAGE_STYLE_H

extern const char *const page_style[]; /* NULL ends it */

#endif
