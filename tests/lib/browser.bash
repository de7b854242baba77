# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables of ackfs_setup
# index.html as a browser sees it: headless Chromium, in a network where there
# is nobody, since it has a lot to ask on its own account.

# browse URL [FLAG...]: the DOM that it makes of it, unless a flag asks for
# something else.
browse()
{
	local url=$1

	shift
	rm -rf "$dir/profile"
	[ $# -gt 0 ] || set -- --dump-dom
	unshare --net timeout 100 chromium --headless --no-sandbox --disable-gpu \
		--disable-quic --no-first-run --disable-background-networking \
		--disable-component-update --disable-sync \
		--disable-dev-shm-usage --hide-scrollbars \
		--user-data-dir="$dir/profile" "$@" "$url" \
		2>>"$dir/chromium.log" </dev/null 3>&-
}

# rows JQ [FILE]: a list of what each row of the page says; see tests/lib/page.
rows()
{
	"$lib/page" "${2:-$mnt/index.html}" | jq -r "$1"
}

# asks FILE: the addresses that a page made the browser ask for, as its own
# log tells; what comes from no page is the browser's own business.
asks()
{
	jq -r '.constants.logEventTypes.URL_REQUEST_START_JOB as $start |
		.events[] | select(.type == $start) | .params | select(.url and
			.initiator != "not an origin") | .url' "$1"
}

# corner PNG: the colour of its first pixel, as hex digits.
corner()
{
	python3 - "$1" <<-'PY'
		import sys, zlib
		png, at, data = open(sys.argv[1], "rb").read(), 8, b""
		while at < len(png):
		    size = int.from_bytes(png[at:at + 4], "big")
		    if png[at + 4:at + 8] == b"IDAT":
		        data += png[at + 8:at + 8 + size]
		    at += size + 12
		print(zlib.decompress(data)[1:4].hex())
	PY
}

# with_look FILE: a copy of the page that may run look.js.
with_look()
{
	sed -e '/Content-Security-Policy/d' -e '/http-equiv="refresh"/d' \
		-e '/<\/body>/,$d' "$1"
	printf '<script>\n'
	cat "$lib/look.js"
	printf '</script>\n</body>\n</html>\n'
}
