/* SPDX-License-Identifier: MIT */
#include "sandbox/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/error.h"

static int failed(struct ack_error *e, const char *path, const char *what)
{
	int err = errno;

	return ack_error_set(
		e, err, NULL, "%s: %s: %s.", path, what, strerror(err));
}

static int read_lines(const char *path, const char *text, size_t len,
	state_line_fn line, void *arg, struct ack_error *e, size_t *complete)
{
	unsigned long number = 0;

	*complete = 0;
	while (*complete < len) {
		const char *start = text + *complete;
		const char *end = memchr(start, '\n', len - *complete);
		struct ack_error inner;

		if (!end)
			break;
		number++;
		ack_error_clear(&inner);
		int rc = line(arg, start, (size_t)(end - start), &inner);
		if (rc < 0)
			return ack_error_set(e, -rc, NULL,
				"%s: line %lu: %s To start without the old "
				"clusters, move the file away.",
				path, number, inner.message);
		*complete += (size_t)(end - start) + 1;
	}
	return 0;
}

int state_file_open(struct state_file *f, const char *path, state_line_fn line,
	void *arg, struct ack_error *e)
{
	struct stat st;
	size_t complete = 0;
	int rc = 0;

	f->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (f->fd < 0)
		return failed(e, path, "cannot be opened");
	if (flock(f->fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK
			       ? ack_error_set(e, EBUSY, NULL,
					 "%s: another ack-sandbox uses it.",
					 path)
			       : failed(e, path, "cannot be locked");
	if (fstat(f->fd, &st) < 0)
		return failed(e, path, "cannot be examined");
	if (!S_ISREG(st.st_mode))
		return ack_error_set(
			e, EINVAL, NULL, "%s: it is not a file.", path);
	if (st.st_size > 0) {
		size_t len = (size_t)st.st_size;
		char *text = mmap(NULL, len, PROT_READ, MAP_PRIVATE, f->fd, 0);

		if (text == MAP_FAILED)
			return failed(e, path, "cannot be read");
		rc = read_lines(path, text, len, line, arg, e, &complete);
		munmap(text, len);
	}
	f->len = (off_t)complete;
	if (rc == 0 && ftruncate(f->fd, f->len) < 0)
		rc = failed(e, path, "cannot be repaired");
	return rc;
}

void state_file_close(struct state_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

int state_file_append(
	struct state_file *f, const struct ack_buf *line, struct ack_error *e)
{
	size_t done = 0;

	while (f->fd >= 0 && done < line->len) {
		ssize_t n = pwrite(f->fd, line->data + done, line->len - done,
			f->len + (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			int rc = failed(
				e, "The state file", "cannot be written");

			/* Should this fail too, the next line overwrites. */
			(void)!ftruncate(f->fd, f->len);
			return rc;
		}
		done += (size_t)n;
	}
	f->len += (off_t)done;
	return 0;
}
