# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # for tests; the variables of ackfs_setup
# The sandbox behind TLS.

# front_start: $front speaks TLS and both versions, and notes what it is asked.
front_start()
{
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=front \
		-addext subjectAltName=IP:127.0.0.1 -keyout "$dir/key.pem" \
		-out "$dir/ca.pem" 2>/dev/null
	node "$lib/http2.mjs" "$url" "$dir/ca.pem" "$dir/key.pem" \
		"$dir/asked" >"$dir/front.line" 2>>"$dir/sandbox.log" \
		</dev/null 3>&- &
	front_pid=$!
	wait_until test -s "$dir/front.line"
	front=https://127.0.0.1:$(cat "$dir/front.line")
}

front_stop()
{
	[ -z "${front_pid-}" ] || kill "$front_pid" || true
}
