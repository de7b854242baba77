#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Each text for a person stands in the tables, in both languages.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
bats_require_minimum_version 1.5.0

@test "every message is in both languages, and every row is said" {
	run -0 "$top/tests/docs/texts" "$build"
	same '' "$output"
}

@test "a message without its Chinese is found" {
	cat >"$dir/one.c" <<-'END'
		ack_error_set(e, EINVAL, "name",
			"the name %s is " "not one", name);
		ack_buf_printf(out, "warning: nobody has said this\n");
	END
	run -1 "$top/tests/docs/texts" "$build" "$dir/one.c"
	holds "$output" 'one.c: no table has: the name %s is not one'
	holds "$output" 'one.c: no table has: warning: nobody has said this'
}
