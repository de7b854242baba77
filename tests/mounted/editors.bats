#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016 # what gestures do is evaluated where f and d are set
# Editors, and the tools of an administrator: what each gesture comes to, in a
# draft and in a cluster that runs.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/fleet.bash
source "$BATS_TEST_DIRNAME/../lib/fleet.bash"
# shellcheck source=tests/lib/gesture.bash
source "$BATS_TEST_DIRNAME/../lib/gesture.bash"
bats_require_minimum_version 1.5.0

setup()
{
	ackfs_setup
	gesture_setup
}

teardown()
{
	gesture_teardown
}

patched()
{
	printf '%s\n' '--- num_of_nodes' '+++ num_of_nodes' '@@ -1 +1 @@' \
		-3 +5 | (cd "$d" && "$@")
}

# One in 200 of the names that BusyBox makes up looks like a word.
patiently()
{
	"$@" || "$@" || "$@"
}

@test "tools that make a new file and give it the name" {
	table 'a new file takes the name'
	gesture sed '-i s/3/5/' taken taken 'sed -i s/3/5/ "$f"'
	gesture sed '-i~ s/3/5/, a backup first' taken~ taken~ \
		'sed -i~ s/3/5/ "$f"'
	gesture perl '-i~ -pe s/3/5/' taken~ taken~ 'perl -i~ -pe s/3/5/ "$f"'
	gesture gawk '-i inplace, by its names' taken taken \
		'echo 5 >"$f.gawk.XyZ123" && mv "$f.gawk.XyZ123" "$f"'
	gesture mktemp 'FILE.XXXXXX, mv' taken taken \
		't=$(mktemp "$f.XXXXXX") && echo 5 >"$t" && mv "$t" "$f"'
	gesture mktemp '-p DIR, mv' taken taken \
		't=$(mktemp -p "$d") && echo 5 >"$t" && mv "$t" "$f"'
	gesture sh '>FILE.new, mv' taken taken 'echo 5 >"$f.new" && mv "$f.new" "$f"'
	gesture sh '>FILE.$$, mv -b' taken~ taken~ \
		'echo 5 >"$f.$$" && mv -b "$f.$$" "$f"'
	gesture install '-b' taken~ taken~ 'install -b "$work/num_of_nodes" "$f"'
	gesture 'busybox sed' '-i s/3/5/' taken taken \
		'patiently busybox sed -i s/3/5/ "$f"'
	gesture perl '-pi -e s/3/5/' taken taken 'perl -pi -e s/3/5/ "$f"'
	gesture patch '-p0 <changes' taken taken 'patched patch -p0'
	gesture 'busybox patch' '-p0 <changes' taken taken \
		'patiently patched busybox patch -p0'
	gesture rsync '-a work/ there/' taken taken 'rsync -a "$work/" "$d/"'
	gesture rsync '-ab, and a backup' taken~ taken~ \
		'rsync -ab "$work/" "$d/"'
	gesture rsync '-a --delay-updates' kept kept \
		'rsync -a --delay-updates "$work/" "$d/"'
	gesture python3 'mkstemp, fchmod, fsync, os.replace' taken taken \
		'python3 - "$d" <<-"PY"
			import os, sys, tempfile
			fd, name = tempfile.mkstemp(dir=sys.argv[1])
			os.write(fd, b"5\n")
			os.fchmod(fd, 0o644)
			os.fsync(fd)
			os.close(fd)
			os.replace(name, sys.argv[1] + "/num_of_nodes")
		PY'
}

@test "tools that write into the file" {
	table 'the file is written'
	gesture cp '-p' taken taken 'cp -p "$work/num_of_nodes" "$f"'
	gesture cp '-a' taken taken 'cp -a "$work/num_of_nodes" "$f"'
	gesture cp '-b, a backup first' taken~ taken~ \
		'cp -b "$work/num_of_nodes" "$f"'
	gesture 'busybox cp' '-p' taken taken \
		'busybox cp -p "$work/num_of_nodes" "$f"'
	gesture rsync '-a --inplace' taken taken \
		'rsync -a --inplace "$work/" "$d/"'
	gesture dd 'conv=notrunc' taken taken \
		'dd if="$work/num_of_nodes" of="$f" conv=notrunc status=none'
	gesture python3 'r+, write, truncate' taken taken \
		'python3 - "$f" <<-"PY"
			import sys
			with open(sys.argv[1], "r+") as f:
			    f.write("5\n")
			    f.truncate()
		PY'
	gesture tar '-x --overwrite' taken taken \
		'tar -C "$work" -c num_of_nodes | tar -C "$d" -x --overwrite'
	gesture truncate '-s 0, then >>' taken taken \
		'truncate -s 0 "$f" && echo 5 >>"$f"'
	gesture ex '%s/3/5/, wq' taken taken 'printf "%s\n" %s/3/5/ wq | ex "$f"'
	# that of busybox-static has it, that of busybox has not
	! busybox --list | grep -qx ed ||
		gesture 'busybox ed' '1s/3/5/, w, q' taken taken \
			'printf "%s\n" 1s/3/5/ w q | busybox ed "$f"'
	gesture sh 'set -C; echo 5 >|' taken taken \
		'sh -c "set -C; echo 5 >|\"\$1\"" sh "$f"'
	gesture chmod 'chown, touch -d; then >' taken taken \
		'chmod 600 "$f" && chown "$(id -u)" "$f" &&
		touch -d yesterday "$f" && echo 5 >"$f"'
}

# python, node, perl, tcl: a program of that language; its argument is $f, the
# directory of $work, and what it prints is shown where it fails.
python()
{
	/usr/bin/python3 -c "import fileinput, io, os, pathlib, shutil, sys, tempfile
f, work = sys.argv[1:]; d = os.path.dirname(f); new = work + '/num_of_nodes'
$1" "$f" "$work"
}

javascript()
{
	node -e "const fs = require('fs'); const [f, work] = process.argv.slice(1)
const fresh = work + '/num_of_nodes'; $1" "$f" "$work"
}

in_perl()
{
	perl -e 'use autodie; use Fcntl; use File::Copy; use File::Temp "tempfile";
($f, $work) = @ARGV; ($d = $f) =~ s,/[^/]*$,,; $new = "$work/num_of_nodes"; '"$1" \
		"$f" "$work"
}

tcl()
{
	printf '%s\n' 'lassign $argv f work' "$1" >"$work/script"
	tclsh "$work/script" "$f" "$work"
}

@test "languages, and their libraries" {
	table 'a call of a library'
	gesture python3 'open("w")' taken taken \
		'python "open(f, \"w\").write(\"5\n\")"'
	gesture python3 'pathlib, write_text' taken taken \
		'python "pathlib.Path(f).write_text(\"5\")"'
	gesture python3 'FileIO("r+"), unbuffered' taken taken \
		'python "io.FileIO(f, \"r+\").write(b\"5\n\")"'
	gesture python3 'os.pwrite, os.writev' taken taken \
		'python "h = os.open(f, os.O_WRONLY | os.O_TRUNC)
os.writev(h, [b\"5\", b\"\n\"]); os.pwrite(h, b\"5\", 0); os.close(h)"'
	gesture python3 'shutil.copyfile' taken taken 'python "shutil.copyfile(new, f)"'
	gesture python3 'shutil.copy2' taken taken 'python "shutil.copy2(new, f)"'
	gesture python3 'shutil.move' taken taken 'python "shutil.move(new, f)"'
	gesture python3 'fileinput, inplace' taken taken \
		'python "for l in fileinput.input(f, inplace=True): print(5)"'
	gesture python3 'fileinput, inplace, backup' taken~ taken~ \
		'python "for l in fileinput.input(f, inplace=True, backup=\".orig\"): print(5)"'
	gesture python3 'NamedTemporaryFile, rename' taken taken \
		'python "t = tempfile.NamedTemporaryFile(dir=d, delete=False)
t.write(b\"5\n\"); t.close(); os.rename(t.name, f)"'
	gesture python3 'os.sendfile from elsewhere' taken taken \
		'python "h = os.open(f, os.O_WRONLY | os.O_TRUNC)
os.sendfile(h, os.open(new, os.O_RDONLY), 0, 100)"'
	gesture python3 'mmap, shared' kept kept \
		'python "import mmap; mmap.mmap(os.open(f, os.O_RDWR), 2)[0:1] = b\"5\""'
	gesture node 'writeFileSync' taken taken \
		'javascript "fs.writeFileSync(f, \"5\\n\")"'
	gesture node 'promises.writeFile' taken taken \
		'javascript "fs.promises.writeFile(f, \"5\\n\")"'
	gesture node 'createWriteStream' taken taken \
		'javascript "fs.createWriteStream(f).end(\"5\\n\")"'
	gesture node 'copyFileSync' taken taken 'javascript "fs.copyFileSync(fresh, f)"'
	gesture node 'write-file-atomic, by its names' taken taken \
		'javascript "const t = f + \".\" + 3735928559; fs.writeFileSync(t, \"5\\n\")
fs.renameSync(t, f)"'
	gesture node 'r+, ftruncate, write' taken taken \
		'javascript "const h = fs.openSync(f, \"r+\"); fs.ftruncateSync(h)
fs.writeSync(h, \"5\\n\", 0); fs.fsyncSync(h); fs.closeSync(h)"'
	gesture perl 'open +<, truncate, print' taken taken \
		"in_perl 'open(\$h, \"+<\", \$f); truncate(\$h, 0); print \$h \"5\\n\"; close(\$h)'"
	gesture perl 'sysopen, syswrite' taken taken \
		"in_perl 'sysopen(\$h, \$f, O_WRONLY | O_TRUNC); syswrite(\$h, \"5\\n\")'"
	gesture perl 'File::Copy copy' taken taken "in_perl 'copy(\$new, \$f)'"
	gesture perl 'File::Copy move' taken taken \
		"in_perl 'move(\$new, \$f) or die \"move: \$!\"'"
	gesture perl 'File::Temp, rename' taken taken \
		"in_perl '(\$h, \$t) = tempfile(\"\$f.XXXXXX\"); print \$h 5; close(\$h); rename(\$t, \$f)'"
	gesture tclsh 'open w, puts' taken taken \
		'tcl "set h [open \$f w]; puts \$h 5; close \$h"'
	gesture tclsh 'open r+, chan truncate' taken taken \
		'tcl "set h [open \$f r+]; chan truncate \$h 0; puts \$h 5; close \$h"'
	gesture tclsh 'file copy -force' taken kept \
		'tcl "file copy -force \$work/num_of_nodes \$f"'
	gesture gcc '-E -P -o' taken taken 'echo 5 >"$work/x.c" && gcc -E -P -o "$f" "$work/x.c"'
}

@test "other programs that write a file" {
	table 'another program'
	gesture mawk 'print >' taken taken 'mawk -v f="$f" "BEGIN { print 5 > f }"'
	gesture sort '-o' taken taken 'sort -o "$f" "$work/num_of_nodes"'
	gesture shuf '-o' taken taken 'shuf -o "$f" "$work/num_of_nodes"'
	gesture uniq 'IN OUT' taken taken 'uniq "$work/num_of_nodes" "$f"'
	gesture iconv '-o' taken taken 'iconv -o "$f" "$work/num_of_nodes"'
	gesture tee '' taken taken 'echo 5 | tee "$f"'
	gesture sed 'w' taken taken 'sed -n "w $f" "$work/num_of_nodes"'
	gesture jq '>FILE.tmp, mv' taken taken 'jq ".+2" "$f" >"$f.tmp" && mv "$f.tmp" "$f"'
	gesture curl '-o' taken taken 'curl -s -o "$f" "file://$work/num_of_nodes"'
	gesture openssl '-out' taken taken 'echo NQo= | openssl base64 -d -out "$f"'
	gesture git 'show, into it' taken taken \
		'cd "$work" && git init -q && git add num_of_nodes && git show :num_of_nodes >"$f"'
	gesture git 'checkout-index --force' taken kept \
		'cd "$work" && git init -q && git add num_of_nodes && git --work-tree="$d" checkout-index --force num_of_nodes'
	gesture zsh '>, >|' taken taken 'zsh -fc "echo 4 >\"\$1\"; echo 5 >|\"\$1\"" zsh "$f"'
	gesture 'busybox ash' '>' taken taken 'busybox ash -c "echo 5 >\"\$1\"" ash "$f"'
	gesture 'busybox dd' 'conv=notrunc' taken taken \
		'busybox dd if="$work/num_of_nodes" of="$f" conv=notrunc'
	gesture 'busybox tee' '' taken taken 'echo 5 | busybox tee "$f"'
	gesture 'busybox awk' 'print >' taken taken \
		'busybox awk -v f="$f" "BEGIN { print 5 > f }"'
	gesture 'busybox sort' '-o' taken taken 'busybox sort -o "$f" "$work/num_of_nodes"'
	gesture patch '-b, and a backup' taken~ taken~ 'patched patch -b -p0'
	gesture sed '-i.bak' taken~ taken~ 'sed -i.bak s/3/5/ "$f"'
	gesture perl '-i.orig' taken~ taken~ 'perl -i.orig -pe s/3/5/ "$f"'
	gesture rsync '-b --suffix=.bak' taken~ taken~ \
		'rsync -Ib --suffix=.bak "$work/num_of_nodes" "$f"'
	gesture cp '--backup=numbered' taken~ taken~ \
		'cp --backup=numbered "$work/num_of_nodes" "$f"'
	gesture rsync '--temp-dir elsewhere' taken kept \
		'mkdir "$work/t" && rsync -I --temp-dir="$work/t" "$work/num_of_nodes" "$f"'
	gesture fallocate '-l 2' kept kept 'fallocate -l 2 "$f"'
}

@test "files beside the one that is written, by the names they get" {
	table 'written beside it, then renamed'
	while read -r tool name; do
		gesture "$tool" "$name" taken taken \
			"echo 5 >\"\$d/$name\" && mv \"\$d/$name\" \"\$f\""
	done <<-'END'
		GLib num_of_nodes.J3K2Q1
		GIO .goutputstream-A1B2C3
		Go .num_of_nodes1234567890
		Go num_of_nodes-1234567890
		Rust .tmpAbC123
		Ruby 20261201-123-abcdef
		PHP phpAbC123
		Java num_of_nodes12345678901234567890.tmp
		JetBrains num_of_nodes___jb_tmp___
		ansible .ansible_tmpa1b2c3d4num_of_nodes
		dos2unix d2utmpAbC123
		miller mlr-in-place-123
		sponge num_of_nodes.sponge
		augeas num_of_nodes.augnew
		rclone num_of_nodes.a1b2c3d4.partial
		Syncthing .syncthing.num_of_nodes.tmp
		unison .unison.num_of_nodes.a1b2c3.unison.tmp
		Salt __salt.tmp.a1b2c3
		Kate num_of_nodes.kate-swp
		Emacs #num_of_nodes#
		Emacs tmpAbC123
		Julia jl_AbC123
		Qt qt_temp.AbCdEf
		R file2a4e5f6b7c8d
		git .merge_file_AbC123
		Haskell tmp12345-0.txt
		yq temp1234567890
		npm num_of_nodes.3735928559
		vim 4913
	END
}

# rm of what was not edited would delete something that is there.
@test "tools that remove the file before they make it anew" {
	table 'the file is removed first; in what runs nothing can be'
	gesture install '-m 644' taken kept \
		'install -m 644 "$work/num_of_nodes" "$f"'
	gesture install '-C -m 600' taken kept \
		'install -C -m 600 "$work/num_of_nodes" "$f"'
	gesture cp '-p --remove-destination' taken kept \
		'cp -p --remove-destination "$work/num_of_nodes" "$f"'
	gesture mv 'from elsewhere' taken kept 'mv "$work/num_of_nodes" "$f"'
	gesture 'busybox mv' 'from elsewhere' taken kept \
		'busybox mv "$work/num_of_nodes" "$f"'
	gesture tar '-x' taken kept \
		'tar -C "$work" -c num_of_nodes | tar -C "$d" -x'
	gesture tar '-x --unlink-first --same-owner -p' taken kept \
		'tar -C "$work" -c num_of_nodes | tar -C "$d" -x -U -p'
	gesture 'busybox tar' 'x' taken kept \
		'busybox tar -C "$work" -c num_of_nodes |
		busybox tar -C "$d" -x'
	gesture ln '-sf' kept kept 'ln -sf "$work/num_of_nodes" "$f"'
	gesture ln '-f' kept kept 'ln -f "$work/num_of_nodes" "$f"'
}

@test "vim, nano and BusyBox vi, in a terminal" {
	table 'an editor in a terminal'
	gesture vim 'cc5, :wq' taken taken \
		'typed "^3" vim "$f" -- cc5 Escape :wq Enter'
	gesture vim 'backup backupcopy=no, cc5, :wq' taken taken \
		'typed "^3" vim -c "set backup backupcopy=no" "$f" -- \
			cc5 Escape :wq Enter'
	gesture nano '^K 5 ^O Enter ^X' taken taken \
		'typed "^3" nano "$f" -- C-k 5 C-o Enter C-x'
	gesture nano '-B, and a backup' taken~ taken~ \
		'typed "^3" nano -B "$f" -- C-k 5 C-o Enter C-x'
	gesture 'busybox vi' 'cc5, :wq' taken taken \
		'typed "^3" busybox vi "$f" -- cc5 Escape :wq Enter'
}

@test "editors say that a value was refused, and the old one stays" {
	for name in test web; do
		d=$mnt/clusters/$name f=$mnt/clusters/$name/num_of_nodes
		before=$(ls -A "$d")
		terminal '^3' vim "$f"
		keys cc500 Escape :w Enter
		wait_until shows 'E(514|512|667)'
		same 3 "$(cat "$f")"
		keys :q! Enter
		wait_until terminal_over
		holds "$(cat "$d/error")" '"500" is not a whole number'
		terminal '^3' nano "$f"
		keys C-k 500 C-o Enter
		wait_until shows 'Error writing'
		same 3 "$(cat "$f")"
		keys C-x n
		wait_until terminal_over
		same "$before" "$(ls -A "$d")"
	done
}

@test "what can only be read, in vim" {
	for file in README clusters/web/cluster_id schema/num_of_nodes; do
		terminal "$(head -c 12 "$mnt/$file")" vim "$mnt/$file"
		keys :q Enter
		wait_until terminal_over
	done
}

@test "BusyBox tar packs a draft and unpacks it into another" {
	fill
	old=$draft
	(cd "$old" && find . -maxdepth 1 -type f -size +0 -perm -u=rw \
		! -name request.json -exec busybox tar -cf "$dir/draft.tar" {} +)
	draft copy
	busybox tar -C "$draft" -xf "$dir/draft.tar"
	put name test
	put login_password "$sample_password"
	diff "$old/request.json" "$draft/request.json"
}

@test "git: a work tree that is a draft, its repository elsewhere" {
	export GIT_DIR=$dir/git GIT_WORK_TREE=$draft
	fill_little
	put num_of_nodes 3
	put vpcid vpc-2zegvl5etah5requ09nec
	cd "$draft"
	git init -q
	git config user.name x
	git config user.email x@example.com
	find . -maxdepth 1 -type f -size +0 -perm -u=rw ! -name request.json \
		-exec git add {} +
	git commit -qm one
	# what was not touched is not different
	git update-index --refresh
	git diff --quiet
	put num_of_nodes 8
	rm vpcid
	same $'num_of_nodes\nvpcid' "$(git diff --name-only)"
	git checkout -q .
	reads num_of_nodes 3
	reads vpcid vpc-2zegvl5etah5requ09nec
	put num_of_nodes 9
	git commit -qam two
	git checkout -q HEAD^
	reads num_of_nodes 3
	git checkout -q -
	reads num_of_nodes 9
	put num_of_nodes 10
	git stash -q
	reads num_of_nodes 9
	git stash pop -q
	reads num_of_nodes 10
	same num_of_nodes "$(git diff --name-only)"
	# and of what was exported, which is like any other
	unset GIT_DIR GIT_WORK_TREE
	mkdir "$dir/exported"
	cd "$dir/exported"
	cp "$draft/request.json" .
	git init -q
	git add .
	cp "$mnt/clusters/web/request.json" .
	git diff --stat | grep -q request.json
}

@test "make: cluster_id is a target, made once" {
	fill
	cp "$draft/request.json" "$dir/shop.json"
	touch -d yesterday "$dir/shop.json"
	sed 's/^  *\./\t/' >"$dir/Makefile" <<-'END'
		all: $(C)/shop/cluster_id
		$(C)/%/cluster_id: %.json
		  .mkdir -p $(@D)
		  .cp $< $(@D)/request.json
		  .echo $(PASSWORD) >$(@D)/login_password
		  .echo 1 >$(@D)/commit
	END
	made()
	{
		make -C "$dir" C="$mnt/clusters" PASSWORD="$sample_password" \
			"$@"
	}
	made
	[ -s "$mnt/clusters/shop/cluster_id" ]
	same 1 "$(count_requests POST /clusters)"
	made -q
	holds "$(made)" 'Nothing to be done'
	same 1 "$(count_requests POST /clusters)"
	# one that is refused is no target, and make says so
	cp "$dir/shop.json" "$dir/bad.json"
	faults '{"do": "status", "status": 400, "code": "ErrBad",
		"message": "no", "method": "POST", "path": "/clusters"}'
	run -2 make -C "$dir" C="$mnt/clusters" PASSWORD="$sample_password" \
		"$mnt/clusters/bad/cluster_id"
	[ ! -e "$mnt/clusters/bad/cluster_id" ]
}

@test "flock: of a file, of a directory, of what is only read" {
	for at in clusters/test clusters/web clusters/test/num_of_nodes \
		clusters/web/num_of_nodes clusters/web/state README clusters; do
		same 'mine 1' "$(flock "$mnt/$at" sh -c 'echo mine
			flock -n "$1" echo twice || echo $?' sh "$mnt/$at" |
			paste -sd" ")"
		same both "$(flock -s "$mnt/$at" flock -n -s "$mnt/$at" \
			echo both)"
	done
}

@test "find -newer and -size, ls -t: what was changed, what is set" {
	fill_little
	# the clock of other file systems ticks more seldom
	sleep 0.02
	touch "$dir/before"
	sleep 0.02
	put num_of_nodes 7
	put tags a=b
	# and what follows from them
	same "check digest error num_of_nodes plan request.json state tags" \
		"$(find "$draft" -newer "$dir/before" -type f -printf '%f\n' |
			sort | paste -sd' ')"
	same tags "$(cd "$draft" && ls -t num_of_nodes tags addons |
		head -n 1)"
	same "addons num_of_nodes snat_entry tags" \
		"$(find "$draft" -size +0 -perm -u=rw ! -name request.json \
			-type f -printf '%f\n' | sort | paste -sd' ')"
	same '' "$(find "$mnt/clusters/web" -newer "$dir/before" -type f)"
}

@test "diff -r of two drafts, and of two clusters" {
	fill
	old=$draft
	draft copy
	cp "$old/request.json" "$draft/request.json"
	put login_password "$sample_password"
	put num_of_nodes 9
	differ()
	{
		diff -rq --no-dereference -x request.json -x plan -x check \
			-x error -x digest "$@" 2>"$dir/refused" |
			sed 's/^Files .*\/\([^/]*\) differ$/\1/' | paste -sd' '
	}
	same num_of_nodes "$(differ "$old" "$draft")"
	same '' "$(cat "$dir/refused")"
	plant_one web2 '{"nodes": 4}' >/dev/null
	appears web2
	web=$mnt/clusters/web
	names=$(differ "$web" "$mnt/clusters/web2")
	holds " $names " ' cluster_id .* num_of_nodes '
	lacks "$names" 'addons|proxy_mode|kubernetes_version'
	# with what live/ has of them: it asks, and comes to an end
	timeout 60 diff -r "$web" "$mnt/clusters/web2" >"$dir/all" \
		2>"$dir/refused" || [ $? -eq 1 ]
	grep -q '^diff -r .*/live/nodes.json' "$dir/all"
	same '' "$(cat "$dir/refused")"
}

@test "modes, owners and times: taken or refused, never unknown" {
	id=$(cat "$mnt/clusters/web/cluster_id")
	run -0 /usr/bin/python3 - "$mnt" "$id" <<-'PY'
		import errno, os, sys
		top, ident = sys.argv[1:]
		calls = {
		    "chmod": lambda p: os.chmod(p, 0o600),
		    "chown to its owner": lambda p: os.chown(
		        p, os.getuid(), -1, follow_symlinks=False),
		    "utimens": lambda p: os.utime(
		        p, (1, 1), follow_symlinks=False),
		    "touch": lambda p: os.utime(p, follow_symlinks=False),
		}
		places = ["", "README", "status", "index.html", "schema",
		          "schema/tags", "clusters", "by-id", "by-id/" + ident,
		          "live", "live/web", "live/web/detail.json",
		          "clusters/web", "clusters/web/num_of_nodes",
		          "clusters/web/vpcid", "clusters/web/state",
		          "clusters/web/live", "clusters/web/delete",
		          "clusters/test", "clusters/test/login_password",
		          "clusters/test/commit", "clusters/test/tags"]
		for place in places:
		    path = os.path.join(top, place)
		    before = os.lstat(path)
		    for name, call in calls.items():
		        if name == "chmod" and os.path.islink(path):
		            continue
		        call(path)
		    after = os.lstat(path)
		    # they are what they are
		    assert before.st_mode == after.st_mode, place
		    assert after.st_mtime > 1e9, place
		    try:
		        os.chown(path, 12345, -1, follow_symlinks=False)
		        sys.exit(f"given away: {place}")
		    except OSError as e:
		        assert e.errno == errno.EPERM, (place, e)
		fd = os.open(top + "/clusters/test/tags", os.O_WRONLY)
		os.fchmod(fd, 0o600)
		os.fchown(fd, os.getuid(), os.getgid())
		os.utime(fd)
		os.close(fd)
	PY
}

@test "extended attributes: not supported, and asked for once" {
	mount_stop
	log_expected=('Function not implemented')
	mount_spawn "$url" ,region=cn-beijing -d
	wait_until answers_or_died
	/usr/bin/python3 - "$mnt" <<-'PY'
		import errno, os, sys
		path = sys.argv[1] + "/README"
		def no(call, *args):
		    try:
		        call(*args)
		        sys.exit(f"{call} worked")
		    except OSError as e:
		        assert e.errno == errno.ENOTSUP, e
		for _ in range(5):
		    no(os.getxattr, path, "user.x")
		    no(os.listxattr, path)
		    no(os.setxattr, path, "user.x", b"1")
		    no(os.removexattr, path, "user.x")
		    no(os.getxattr, sys.argv[1], "security.selinux")
	PY
	for call in GET LIST SET REMOVE; do
		same 1 "$(grep -c "opcode: ${call}XATTR" "$dir/ackfs.log")"
	done
}

@test "statfs never waits: df while the service is silent" {
	fill
	faults '{"do": "delay", "ms": 20000, "times": 1000}'
	(echo 1 >"$draft/commit") 2>/dev/null 3>&- &
	writer=$!
	wait_until grep -q committing "$draft/state"
	before=$SECONDS
	for _ in $(seq 50); do
		stat -f "$mnt/live/web" >/dev/null
		df "$mnt" >/dev/null
		busybox df "$mnt" >/dev/null
	done
	[ $((SECONDS - before)) -lt 10 ]
	same '0 0 255' "$(stat -f -c '%b %f %l' "$draft")"
	kill "$writer"
	wait "$writer" || true
}
