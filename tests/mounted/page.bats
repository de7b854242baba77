#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# index.html: what it says of the fleet, that it is sound, safe and cheap, and
# how a browser shows it.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/fleet.bash
source "$BATS_TEST_DIRNAME/../lib/fleet.bash"
# shellcheck source=tests/lib/browser.bash
source "$BATS_TEST_DIRNAME/../lib/browser.bash"
bats_require_minimum_version 1.5.0

hostile=$'a</td><script>document.title=1</script>"\' onload=x &lt;'

# One of each group, in one place.
plant_all()
{
	jq -n --arg hostile "$hostile" '{clusters: [
		{name: "web", nodes: 12, current_version: "1.32.1-aliyun.1",
			tags: [{key: "env", value: "prod"},
				{key: "<b>", value: "&amp;\"x\""}]},
		{name: "监控", nodes: 3},
		{name: "old", state: "inactive"},
		{name: "bad", state: "failed"},
		{name: "edge", state: "disconnected"},
		{name: "busy", state: "updating", nodes: 2},
		{name: $hostile, nodes: 1},
		{name: "\u001b[31m<i>\n\u202egpj"}]}' |
		curl -fsS --json @- "$url/_sandbox/clusters" >/dev/null
	wait_until all_listed
	draft half
	put num_of_nodes 3
	run ! bash -c 'echo 500 >"$1/num_of_nodes"' sh "$draft"
	draft ready
	fill_little
}

all_listed()
{
	[ "$(ls "$mnt/by-id" | wc -l)" -eq 8 ]
}

# row NAME JQ: of the row of that cluster.
row()
{
	rows ".rows[] | select(.name == \"$1\") | $2"
}

# renewed SECONDS: it says so of itself.
renewed()
{
	[ "$(rows .renewed)" = "$1" ]
}

@test "every cluster and draft, what needs a look first, and how many" {
	mount_sandbox refresh=1
	plant_all
	same 'a bad
a old
p busy
d half
d ready' "$(rows '.rows[:5][] | "\(.group) \(.name)"')"
	same 'o edge' "$(rows '.rows[-1] | "\(.group) \(.name)"')"
	same '10 All|2 Attention1 failed, 1 inactive|1 In progress1 updating|2 Drafts1 with an error|4 Running|1 Other1 disconnected' \
		"$(rows '.counts | [.all, .attention, .progress, .drafts,
			.running, .other] | join("|")')"
	same '2 need attention, 1 in progress, cn-beijing - ackfs' \
		"$(rows .title)"
	same en "$(rows .lang)"
	same "running 12 1.32.1-aliyun.1 $(
		cat "$mnt/clusters/web/cluster_id"
	) null" "$(row web '"\(.state) \(.nodes) \(.version) \(.id) \(.region)"')"
	holds "$(row web .tags)" '^<b>=&amp;"x" env=prod|^env=prod <b>=&amp;"x"'
	same "$mnt/clusters/web/" "$mnt/$(row web .dir)"
	same 'error "500" is not a whole number from 0 to 100' \
		"$(row half '.notes[0]')"
	n=$(grep -vc '^warning' "$mnt/clusters/half/check")
	holds "$(row half '.notes[1]')" "^check $n to fix, the first: [a-z_]+:"
	same 'check ready to commit' "$(row ready '.notes[]')"
	# an edit is shown beside what is there
	echo 5 >"$mnt/clusters/web/num_of_nodes"
	same '12 → 5 plan num_of_nodes edited, not committed' \
		"$(row web '"\(.nodes) \(.notes[])"')"
	rm "$mnt/clusters/web/num_of_nodes"
	same '12 ' "$(row web '"\(.nodes) \(.notes | join(","))"')"
}

@test "names in natural order; a sentence once; what is over is no alarm" {
	mount_sandbox refresh=1
	for name in team-10 team-2 team-1; do
		plant_one "$name" '{"nodes": 3}' >/dev/null
	done
	appears team-1
	looks_there team-10
	same 'team-1 team-2 team-10' "$(rows '[.rows[].name] | join(" ")')"
	# no row is of another region
	same '' "$(rows '.rows[].region // empty')"

	draft test
	put region_id cn-hangzhou
	run ! commit
	first=$(head -n 1 "$draft/error")
	n=$(grep -vc '^warning' "$draft/check")
	same "$first" "$(grep -v '^warning' "$draft/check" | head -n 1)"
	same "error $first|check $n to fix" "$(row test '.notes | join("|")')"
	same 'cn-hangzhou cn-beijing' \
		"$(row test .region) $(row team-2 .region)"

	# red as long as the edit waits; then team-2 just runs
	draft=$mnt/clusters/team-2
	put num_of_nodes 4
	run ! bash -c 'echo x >"$1/num_of_nodes"' sh "$draft"
	same 'error bad' "$(row team-2 '"\(.notes[0][:5]) \(.classes[0])"')"
	rm "$draft/num_of_nodes"
	run ! bash -c 'echo x >"$1/num_of_nodes"' sh "$draft"
	same 'error note' "$(row team-2 '"\(.notes[0][:5]) \(.classes[0])"')"
	same 'test|team-1 team-2 team-10' "$(rows '[.rows[].name] |
		"\(.[0])|\(.[1:] | join(" "))"')"
}

@test "a create: its progress, then why it failed; renewed sooner meanwhile" {
	sandbox_start --speed 4
	mount_sandbox refresh=1
	renewed 60
	faults '{"do": "fail_task", "path": "/clusters"}'
	draft test
	fill
	commit
	wait_until test -e "$draft/progress"
	renewed 10
	holds "$(row test '"\(.group) \(.value)"')" '^p [0-9]+$'
	holds "$(row test .progress)" '^[0-9]+% [0-9]+% .*[0-9]s$'
	wait_until grep -qx failed "$draft/state"
	wait_until grep -q IpNotEnough "$draft/error"
	same "a failed error $(head -n 1 "$draft/error")" \
		"$(row test '"\(.group) \(.state) \(.notes[])"')"
	wait_until renewed 60
	same '1 needs attention, cn-beijing - ackfs' "$(rows .title)"
}

@test "sound HTML, with no cluster, one, and one of each" {
	mount_sandbox refresh=1
	sound()
	{
		# it would open the file for writing, too
		tidy -q -e <"$mnt/index.html" 2>"$dir/tidy" ||
			{ cat "$dir/tidy" && false; }
		same '' "$(cat "$dir/tidy")"
	}
	sound
	holds "$(rows .empty)" 'There is no cluster yet.*mkdir clusters/NAME'
	draft one
	sound
	same '1 All' "$(rows .counts.all)"
	rmdir "$draft"
	plant_all
	sound
	same 10 "$(rows '.rows | length')"
}

@test "the list: read when somebody looks, never waited for, its age told" {
	mount_sandbox refresh=1
	wait_until grep -q 'list read [0-9]* s ago' "$mnt/index.html"
	plant_one late >/dev/null
	# nothing but the page is read
	wait_until grep -q '>late<' "$mnt/index.html"
	faults '{"do": "delay", "ms": 20000, "times": 1000}'
	before=$SECONDS
	wait_until grep -q 'being renewed' "$mnt/index.html"
	[ $((SECONDS - before)) -lt 10 ]
}

@test "a list that fails is told at the top" {
	mount_service refresh=1
	log_expected=('could not be listed')
	service_says GET 403 '{"code": "Forbidden", "message": "<b>not</b> you"}'
	failed()
	{
		ls "$mnt/clusters" >/dev/null
		[ -n "$(rows '.alerts[]')" ]
	}
	wait_until failed
	holds "$(rows '.alerts[]')" '^error .*<b>not</b> you'
	same '[false]' "$(rows '.over | tostring')"
	wait_until grep -q 'the last attempt failed' "$mnt/index.html"
	# what somebody tried is another matter, and no alarm
	run ! mkdir "$mnt/here"
	both()
	{
		same '[false,true]' "$(rows '.over | tostring')"
	}
	wait_until both
	same "error $(head -n 1 "$mnt/error")" "$(rows '.alerts[1]')"
}

@test "its size is that of its text, for whoever stats, opens or copies it" {
	mount_sandbox refresh=1
	plant_all
	for _ in 1 2 3; do
		cp "$mnt/index.html" "$dir/cp"
		busybox cp "$mnt/index.html" "$dir/busybox"
		tar -C "$mnt" -cf "$dir/tar" index.html
		tar -xOf "$dir/tar" >"$dir/untarred"
		for file in cp busybox untarred; do
			same '</html>' "$(tail -n 1 "$dir/$file")"
		done
	done
	/usr/bin/python3 - "$mnt" <<-'PY'
		import os, sys, time
		top = sys.argv[1]
		fd = os.open(top + "/index.html", os.O_RDONLY)
		size = os.fstat(fd).st_size
		os.mkdir(top + "/clusters/more")
		time.sleep(1.1)
		assert os.fstat(fd).st_size == size
		text = os.pread(fd, 1 << 20, 0)
		assert len(text) == size, (len(text), size)
		assert b">more<" not in text
		os.close(fd)
		st = os.stat(top + "/index.html")
		with open(top + "/index.html", "rb") as f:
		    text = f.read()
		assert b">more<" in text
		assert len(text) == st.st_size, (len(text), st.st_size)
		assert st.st_mtime > time.time() - 60
	PY
	# the same is so of the other texts that change by themselves
	exec {fd}<"$mnt/status"
	before=$(stat -L -c %s "/proc/self/fd/$fd")
	for i in $(seq 12); do
		mkdir "$mnt/clusters/n-$i"
	done
	same "$before" "$(stat -L -c %s "/proc/self/fd/$fd")"
	same "$before" "$(wc -c <&"$fd")"
	exec {fd}<&-
	ends 'open EPERM' write "$mnt/index.html" x
	ends 'unlink EPERM' unlink "$mnt/index.html"
}

@test "10,000 clusters: bounded, the rest counted, ls -l as fast as ever" {
	needs_speed
	export WAIT_SECONDS=200
	mount_sandbox refresh=86400 qps=10000 timeout=120
	plant '{"count": 10000, "clusters": [{"name": "zz-bad",
		"state": "failed"}]}' >/dev/null
	one_refresh
	same '10,001 All' "$(rows .counts.all)"
	same '500 zz-bad' "$(rows '"\(.rows | length) \(.rows[0].name)"')"
	same '9,501 of 10,001 are not on this page; ls clusters lists all.' \
		"$(rows .more)"
	[ "$(stat -c %s "$mnt/index.html")" -lt 800000 ]
	n=$(count_requests)
	/usr/bin/python3 - "$mnt" <<-'PY'
		import os, sys, time
		begin = time.monotonic()
		for _ in range(2000):
		    os.stat(sys.argv[1] + "/index.html")
		took = time.monotonic() - begin
		print(f"# a stat takes {took * 500:.0f} us", file=sys.stderr)
		assert took < 10, took
	PY
	same "$n" "$(count_requests)"
}

@test "Chromium: hostile names are texts, and nothing is asked for or run" {
	mount_sandbox refresh=1
	plant_all
	browse "file://$mnt/index.html" --dump-dom \
		--log-net-log="$dir/net.json" >"$dir/dom.html"
	# what it made of the page is what the page says
	same "$("$lib/page" "$mnt/index.html" | jq -cS '.rows')" \
		"$("$lib/page" "$dir/dom.html" | jq -cS '.rows')"
	same "$hostile" "$(rows '.rows[].name | select(test("onload"))' \
		"$dir/dom.html")"
	# no parameter has such a name: it is that of the directory
	same '%1B[31m<i>%0A%E2%80%AEgpj' "$(rows '.rows[].name |
		select(test("gpj"))' "$dir/dom.html")"
	same '' "$(rows '.tags[] | select(IN("img", "iframe", "svg",
		"object", "form"))' "$dir/dom.html")"
	same 1 "$(grep -c '<script' "$dir/dom.html")"
	same '' "$(rows '.attributes[] | select(startswith("on"))' \
		"$dir/dom.html")"
	same '' "$(rows '.addresses[] | select(test(
		"^(data:image/svg|#|clusters/|README$|status$|error$|schema/$)")
		| not)' "$dir/dom.html")"
	# each of them is there
	while read -r at; do
		name=$(printf %b "${at//%/\\x}")
		[ -e "$mnt/$name" ] || {
			printf 'no such file: %s\n' "$name"
			return 1
		}
	done < <(rows '.addresses[] | select(test("^[a-zR]") and
		(startswith("data:") | not))')
	same '' "$(asks "$dir/net.json" | grep -v '^file:\|^data:' || true)"
	# nor does a script run that is another by one letter
	sed 's/^field.value/ &/' "$mnt/index.html" >"$dir/other.html"
	browse "file://$dir/other.html" | grep -q '<p class="search" hidden'
	# the log would have told
	sed -e '/Content-Security-Policy/d' \
		-e "s|</body>|<img src=\"$url/x.png\" alt=\"\">&|" \
		"$mnt/index.html" >"$dir/asks.html"
	browse "file://$dir/asks.html" --dump-dom \
		--log-net-log="$dir/net.json" >/dev/null
	same "$url/x.png" "$(asks "$dir/net.json" |
		grep -v '^file:\|^data:')"
}

@test "Chromium: the search hides rows, and outlives the reload" {
	mount_sandbox refresh=1
	plant_all
	# left NAME: which rows are not hidden, and the count
	left()
	{
		grep -A1 '<tr class="[a-z]"\( hidden=""\)\?>' "$dir/$1.html" |
			grep -v ' hidden=""' |
			sed -n 's/.*href="clusters\/\([^"]*\)\/"><bdi>.*/\1/p'
		grep -o '<output>[^<]*' "$dir/$1.html" | tr -d ' '
	}
	while IFS='|' read -r words names; do
		sed "s/<input /<input value=\"$words\" /" "$mnt/index.html" \
			>"$dir/copy.html"
		browse "file://$dir/copy.html" >"$dir/found.html"
		same "${names// /$'\n'}" "$(left found)"
	done <<-'END'
		PROD web|web <output>1/10
		FIX half|half <output>1/10
		監|<output>0/10
	END
	with_look "$mnt/index.html" |
		sed 's/^<\/body>/<script>if (!field.value) {field.value = "edge";\
			field.dispatchEvent(new Event("input"));\
			location.reload();}<\/script>&/' >"$dir/copy.html"
	browse "file://$dir/copy.html" --dump-dom --virtual-time-budget=5000 \
		>"$dir/found.html"
	same $'edge\n<output>1/10' "$(left found)"
}

@test "Chromium: filters, contrast, no sideways scrolling on a phone" {
	mount_sandbox refresh=1
	plant_all
	with_look "$mnt/index.html" >"$dir/copy.html"
	looks()
	{
		local what=$1

		shift
		browse "file://$dir/copy.html$what" --dump-dom "$@" |
			grep -o '<title>[^<]*' | sed 's/<title>//'
	}
	seen=$(looks '' --window-size=1300,900)
	printf '# light %s\n' "$seen" >&3
	same true "$(jq '.shown == 10 and .texts > 50 and .least >= 4.5 and
		(.wide | not) and (.dark | not)' <<<"$seen")"
	seen=$(looks '#attention' --window-size=390,800 --force-dark-mode \
		--blink-settings=preferredColorScheme=0)
	printf '# dark %s\n' "$seen" >&3
	same true "$(jq '.shown == 2 and .texts > 50 and .least >= 4.5 and
		(.wide | not) and .dark' <<<"$seen")"
	# the page itself, unaltered
	browse "file://$mnt/index.html" --window-size=390,800 \
		--force-dark-mode --blink-settings=preferredColorScheme=0 \
		--screenshot="$dir/dark.png"
	same 121518 "$(corner "$dir/dark.png")"
}
