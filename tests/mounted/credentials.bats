#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Where keys come from, and how they stay fresh: each source with its real
# protocol, played by tests/lib/cloud.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/cloud.bash
source "$BATS_TEST_DIRNAME/../lib/cloud.bash"
bats_require_minimum_version 1.5.0

role=acs:ram::1234567890123456:role/made-up
provider=acs:ram::1234567890123456:oidc-provider/made-up

use_metadata()
{
	unset ALIBABA_CLOUD_ECS_METADATA_DISABLED
	export ACKFS_ECS_METADATA_URL=$url
}

use_sts()
{
	export ALIBABA_CLOUD_STS_ENDPOINT=$url
}

mount_cloud()
{
	mount_start "$url" region=cn-beijing "$@"
}

# refused PATTERN...: it does not mount, and says all of these.
refused()
{
	run "$ackfs" "$url" "$mnt" -o "region=cn-beijing,state=$dir/state"
	[ "$status" -ne 0 ]
	for pattern in "$@"; do
		holds "$output" "$pattern"
	done
	no_mount_left
}

@test "environment: the official names, the CLI's, Terraform's" {
	cloud_start
	while read -r id secret; do
		export "$id=$key_id" "$secret=$key_secret"
		mount_cloud
		serves "environment.*, key LTAI\*\*\*\*0001$"
		mount_stop
		unset "$id" "$secret"
	done <<-'END'
		ALIBABA_CLOUD_ACCESS_KEY_ID ALIBABA_CLOUD_ACCESS_KEY_SECRET
		ALIBABACLOUD_ACCESS_KEY_ID ALIBABACLOUD_ACCESS_KEY_SECRET
		ALICLOUD_ACCESS_KEY_ID ALICLOUD_ACCESS_KEY_SECRET
		ALICLOUD_ACCESS_KEY ALICLOUD_SECRET_KEY
		ACCESS_KEY_ID ACCESS_KEY_SECRET
	END
}

@test "systemd's credentials directory" {
	cloud_start
	export CREDENTIALS_DIRECTORY=$dir/credentials
	(umask 077 && mkdir "$CREDENTIALS_DIRECTORY" &&
		echo "$key_id" >"$CREDENTIALS_DIRECTORY/access_key_id" &&
		echo "$key_secret" >"$CREDENTIALS_DIRECTORY/access_key_secret")
	mount_cloud
	serves "credentials directory $dir/credentials, key LTAI"
}

@test "OIDC in a pod; the token is read anew each time" {
	cloud_start
	use_sts
	echo rotated-0 >"$cloud/oidc_token"
	echo rotated-0 >"$dir/token"
	echo 3 >"$cloud/life"
	export ALIBABA_CLOUD_ROLE_ARN=$role
	export ALIBABA_CLOUD_OIDC_PROVIDER_ARN=$provider
	export ALIBABA_CLOUD_OIDC_TOKEN_FILE=$dir/token
	mount_cloud
	serves "OIDC, role $role, key STS\..*, expires in [0-3] s"
	echo rotated-1 >"$cloud/oidc_token"
	echo rotated-1 >"$dir/token"
	renewed()
	{
		[ "$(events keys)" -ge 3 ]
	}
	wait_until renewed
	same oidc "$(sources | sort -u)"
}

@test "profiles: AK, StsToken, and keys that CloudSSO cached" {
	cloud_start
	use_sts
	issue()
	{
		curl -fsS "$url/keys" | jq --arg mode "$1" '{name: $mode,
			mode: $mode, access_key_id: .AccessKeyId,
			access_key_secret: .AccessKeySecret,
			sts_token: .SecurityToken,
			sts_expiration: (.Expiration | fromdate)}'
	}
	profiles "$(jq -n --arg id "$key_id" --arg secret "$key_secret" \
		'{name: "main", mode: "AK", access_key_id: $id,
		access_key_secret: $secret}')" \
		"$(issue StsToken)" "$(issue CloudSSO)" "$(issue OAuth)"
	mount_cloud
	serves 'profile main \(AK\) of .*config.json, key LTAI'
	mount_stop
	for mode in StsToken CloudSSO OAuth; do
		mount_cloud profile=$mode
		serves "profile $mode \($mode\) of .*, key STS\."
		mount_stop
	done
}

@test "profiles: RamRoleArn, and one that leads to another" {
	cloud_start
	use_sts
	profiles "$(jq -n --arg id "$key_id" --arg secret "$key_secret" \
		--arg role "$role" --arg sts "$url" '{name: "one",
		mode: "RamRoleArn", access_key_id: $id,
		access_key_secret: $secret, ram_role_arn: "\($role)-1",
		ram_session_name: "me", expired_seconds: 900,
		sts_endpoint: $sts}')" \
		"$(jq -n --arg role "$role" --arg sts "$url" '{name: "two",
		mode: "ChainableRamRoleArn", source_profile: "one",
		ram_role_arn: "\($role)-2", external_id: "x y&z",
		sts_endpoint: $sts}')"
	mount_cloud
	serves 'profile one \(RamRoleArn\) of .*, key STS\..*, expires in (59|60) min'
	same made-up-1 "$(sources)"
	mount_stop
	mount_cloud profile=two
	serves 'profile two \(ChainableRamRoleArn\) of .*, key STS\.'
	same $'made-up-1\nmade-up-1\nmade-up-2' "$(sources)"
}

@test "profiles: EcsRamRole, OIDC, CredentialsURI, External" {
	! under_valgrind || skip 'valgrind does not know pidfd_open(2)'
	cloud_start
	use_metadata
	use_sts
	echo made-up-jwt >"$dir/token"
	program "exec curl -fsS $url/keys | jq '{mode: \"StsToken\",
		access_key_id: .AccessKeyId, sts_token: .SecurityToken,
		access_key_secret: .AccessKeySecret, expiration: .Expiration}'"
	profiles '{"name": "ecs", "mode": "EcsRamRole"}' \
		"$(jq -n --arg token "$dir/token" --arg role "$role" \
		--arg provider "$provider" '{name: "oidc", mode: "oidc",
		oidc_token_file: $token, oidc_provider_arn: $provider,
		ram_role_arn: $role, ram_session_name: "me"}')" \
		"$(jq -n --arg uri "$url/keys" '{name: "uri",
		mode: "CredentialsURI", credentials_uri: $uri}')" \
		"$(jq -n --arg program "'$program' --quietly" '{name: "ext",
		mode: "External", process_command: $program}')"
	mount_cloud
	serves 'profile ecs \(EcsRamRole\) of .*, key STS\.'
	mount_stop
	for profile in oidc uri ext; do
		mount_cloud profile=$profile
		serves "profile $profile \(.*\) of .*, key STS\..*, expires in (59|60)"
		mount_stop
	done
	same $'metadata v2\noidc\nuri\nuri' "$(sources)"
}

@test "the INI file: access_key, ecs_ram_role, ram_role_arn" {
	cloud_start
	use_metadata
	use_sts
	mkdir "$HOME/.alibabacloud"
	(umask 077 && cat >"$HOME/.alibabacloud/credentials") <<-END
		[default]
		type = access_key
		access_key_id = $key_id
		access_key_secret = $key_secret
		# of the instance
		[ecs]
		type = ecs_ram_role
		role_name = made-up-role
		[role]
		type = ram_role_arn
		access_key_id = $key_id
		access_key_secret = $key_secret
		role_arn = $role
		role_session_name = me
	END
	mount_cloud
	serves 'section default \(access_key\) of .*/credentials, key LTAI'
	mount_stop
	for section in ecs role; do
		mount_cloud profile=$section
		serves "section $section \(.*\) of .*/credentials, key STS\."
		mount_stop
	done
	same $'metadata v2\nmade-up' "$(sources)"
}

@test "ECS metadata: version 2, and version 1 where there is no other" {
	cloud_start
	use_metadata
	mount_cloud
	serves 'ECS instance role made-up-role, key STS\.'
	mount_stop
	echo v1 >"$cloud/imds"
	export ALIBABA_CLOUD_ECS_METADATA=made-up-role
	mount_cloud
	serves 'ECS instance role made-up-role, key STS\.'
	mount_stop
	same $'metadata v2\nmetadata v1' "$(sources)"
	export ALIBABA_CLOUD_IMDSV1_DISABLED=true
	refused 'ECS metadata: .*version 1 is turned off'
}

@test "a credentials URI" {
	cloud_start
	export ALIBABA_CLOUD_CREDENTIALS_URI=$url/keys
	mount_cloud
	serves 'credentials URI, key STS\.'
}

@test "none serves: every source is named, with its reason" {
	cloud_start
	use_metadata
	use_sts
	: >"$cloud/refuse"
	echo made-up-jwt >"$dir/token"
	export ALIBABA_CLOUD_ROLE_ARN=$role
	export ALIBABA_CLOUD_OIDC_PROVIDER_ARN=$provider
	export ALIBABA_CLOUD_OIDC_TOKEN_FILE=$dir/token
	export ALIBABA_CLOUD_CREDENTIALS_URI=$url/keys
	profiles "$(jq -n --arg program "$dir/none" '{name: "x",
		mode: "External", process_command: $program}')"
	refused 'environment: ALIBABA_CLOUD_ACCESS_KEY_ID is not set' \
		'credentials directory: CREDENTIALS_DIRECTORY is not set' \
		'OIDC: AssumeRole of .*: refused with NoPermission' \
		'aliyun CLI: profile x of .*: .*No such file' \
		'credentials file: .*/credentials: No such file' \
		'ECS metadata: refused with NoPermission' \
		'credentials URI: refused with NoPermission'
}

@test "a hundred fetches across three expiries, and not one fails" {
	cloud_start
	use_metadata
	echo 5 >"$cloud/life"
	mount_cloud
	for i in $(seq 50); do
		draft "test-$i"
		fill_little
		commit
		is_committed
		sleep 0.3
	done
	[ "$(events call)" -ge 100 ]
	[ "$(events keys)" -ge 4 ]
	# a machine that stops for a second renews too late, but fails no call
	[ "$(events expired)" -le 1 ]
	holds "$(cat "$mnt/status")" 'errors: 0'
}

@test "keys that the service calls expired are renewed, the call repeated" {
	cloud_start
	use_sts
	use_metadata
	mount_cloud
	draft test
	fill_little
	# in the background; it would meet the old keys, too
	wait_until grep -q /ram/check-service-role "$cloud/events"
	wait_until grep -qx 'calls: 2' "$mnt/status"
	: >"$cloud/expire"
	commit
	is_committed
	same 1 "$(events expired)"
	same 2 "$(events keys)"
	# keys of the environment have nowhere to come from
	mount_stop
	read -r id secret token < <(curl -fsS "$url/keys" | jq -r \
		'"\(.AccessKeyId) \(.AccessKeySecret) \(.SecurityToken)"')
	export ALIBABA_CLOUD_ACCESS_KEY_ID=$id
	export ALIBABA_CLOUD_ACCESS_KEY_SECRET=$secret
	export ALIBABA_CLOUD_SECURITY_TOKEN=$token
	log_expected=('no new keys: the source of the keys has no others yet')
	mount_cloud
	: >"$cloud/expire"
	draft other
	fill_little
	run -1 bash -c 'echo 1 >"$1"' _ "$draft/commit"
	holds "$(cat "$draft/error")" 'code: InvalidSecurityToken.Expired'
	same draft "$(cat "$draft/state")"
}

@test "renewing holds nothing up; when it fails the old keys stay" {
	needs_speed
	cloud_start
	export ALIBABA_CLOUD_CREDENTIALS_URI=$url/keys
	echo 8 >"$cloud/life"
	log_expected=('no new keys: credentials URI: refused')
	mount_cloud
	first=$(grep '^credentials:' "$mnt/status")
	: >"$cloud/refuse"
	echo 0.5 >"$cloud/delay"
	refusals()
	{
		[ "$(events refused)" -ge "$1" ]
	}
	wait_until refusals 1
	wait_until failing
	holds "$(cat "$mnt/error")" 'NoPermission'
	draft test
	fill_little
	commit
	is_committed
	same "${first%%, expires*}" \
		"$(grep '^credentials:' "$mnt/status" | sed 's/, expire.*//')"
	# while an answer takes long, everything else goes on
	echo 600 >"$cloud/life"
	echo 8 >"$cloud/delay"
	rm "$cloud/refuse"
	wait_until expiring
	for _ in $(seq 50); do
		timeout 4 cat "$mnt/status" >/dev/null
	done
	rm "$cloud/delay"
	fresh()
	{
		grep -q 'expires in [0-9]* min' "$mnt/status"
	}
	wait_until fresh
	lacks "$(cat "$mnt/status")" 'no new keys'
}

failing()
{
	grep -q 'no new keys: credentials URI: refused' "$mnt/status"
}

expiring()
{
	grep -qE 'expires in [0-9]+ s|expired' "$mnt/status"
}

@test "a file that changes is read again before the next call" {
	cloud_start
	key()
	{
		jq -n --arg id "$1" --arg secret "$2" '{name: "main",
			mode: "AK", access_key_id: $id,
			access_key_secret: $secret}'
	}
	profiles "$(key LTAI5tUnknownKeyId00001 nonsense)"
	mount_cloud
	draft test
	fill_little
	run -1 bash -c 'echo 1 >"$1"' _ "$draft/commit"
	holds "$(cat "$draft/error")" 'InvalidAccessKeyId.NotFound'
	profiles "$(key "$key_id" "$key_secret")"
	commit
	is_committed
	# broken: the old ones stay, and nothing of the file is told
	log_expected=('no new keys: aliyun CLI: .* is not JSON')
	printf '{"access_key_secret": "Planted' >"$HOME/.aliyun/config.json"
	draft other
	fill_little
	commit
	is_committed
	holds "$(cat "$mnt/status")" 'no new keys: aliyun CLI: .* is not JSON'
	lacks "$(cat "$mnt/status" "$mnt/error")" Planted
	# whole again, and open to others
	log_expected+=('can be read by others')
	profiles "$(key "$key_id" "$key_secret")"
	chmod 644 "$HOME/.aliyun/config.json"
	draft third
	fill_little
	commit
	holds "$(cat "$mnt/status")" 'warning: .*config.json can be read by others'
}

# It could be a program of theirs that runs as this user, or an account of
# theirs that passwords go to.
@test "what others could have written is not believed, nor run" {
	sandbox_start
	log_expected=('ALIBABA_CLOUD')
	unset ALIBABA_CLOUD_ACCESS_KEY_ID ALIBABA_CLOUD_ACCESS_KEY_SECRET
	printf '%s\n' '#!/bin/sh' ": >$dir/ran" "echo '$(jq -nc --arg id "$key_id" \
		--arg secret "$key_secret" '{mode: "AK", access_key_id: $id,
		access_key_secret: $secret}')'" >"$dir/program"
	chmod 755 "$dir/program"
	profiles "$(jq -n --arg run "$dir/program" '{name: "main",
		mode: "External", process_command: $run}')"
	config=$HOME/.aliyun/config.json
	while read -r mode owner says; do
		[ "$owner" = - ] || [ "$(id -u)" = 0 ] || continue
		chmod "$mode" "$config"
		[ "$owner" = - ] || chown "$owner" "$config"
		run -1 "$ackfs" "$url" "$mnt" -o "region=cn-beijing,state=$dir/state"
		holds "$output" "$says"
		[ ! -e "$dir/ran" ]
	done <<-'END'
		666 - can be written by others .mode 0666.
		620 - can be written by others .mode 0620.
		600 65534 belongs to user 65534
	END
	chown "$(id -u)" "$config"
	chmod 600 "$config"
	mount_start "$url" region=cn-beijing
	[ -e "$dir/ran" ]
}

@test "HUP looks everywhere again" {
	cloud_start
	use_sts
	use_metadata
	mount_cloud
	serves 'ECS instance role'
	profiles "$(jq -n --arg id "$key_id" --arg secret "$key_secret" \
		'{name: "main", mode: "AK", access_key_id: $id,
		access_key_secret: $secret}')"
	kill -HUP "$daemon_pid"
	moved()
	{
		grep -q '^credentials: profile main (AK)' "$mnt/status"
	}
	wait_until moved
	grep -q 'the keys come from another place now: profile main' \
		"$dir/ackfs.log"
}

@test "a program that hangs is killed with the mount, not waited for" {
	! under_valgrind || skip 'valgrind does not know pidfd_open(2)'
	cloud_start
	program "echo \$\$ >$dir/pid; exec sleep 1000"
	profiles "$(jq -n --arg program "$program" '{name: "ext",
		mode: "External", process_command: $program}')"
	mount_spawn "$url" ,region=cn-beijing
	started()
	{
		[ -s "$dir/pid" ]
	}
	wait_until started
	kill -TERM "$daemon_pid"
	expect_exit 1 "$daemon_pid"
	daemon_pid=""
	wait_until gone "$(cat "$dir/pid")"
	grep -q 'the search for credentials ended' "$dir/ackfs.log"
	# the same when it runs beside a mount
	program "[ ! -e $dir/hang ] || { echo \$\$ >$dir/pid; exec sleep 1000; }
		echo '{\"access_key_id\": \"$key_id\",
		\"access_key_secret\": \"$key_secret\"}'"
	mount_cloud
	: >"$dir/hang"
	: >"$dir/pid"
	kill -HUP "$daemon_pid"
	wait_until started
	serves 'profile ext'
	mount_stop
	wait_until gone "$(cat "$dir/pid")"
}

@test "one state directory for an account, whichever keys it has" {
	cloud_start
	use_metadata
	for _ in 1 2; do
		run -0 "$ackfs" "$url" "$mnt" -o region=cn-beijing
		fusermount3 -u "$mnt"
		wait_until no_process_left
	done
	same 1 "$(find "$XDG_STATE_HOME/ackfs" -mindepth 1 -maxdepth 1 | wc -l)"
	find "$XDG_STATE_HOME/ackfs" | grep -q '_ecs-role-made-up-role$'
}

@test "secrets in broken files of every kind are told nowhere" {
	cloud_start
	use_metadata
	use_sts
	marker=PlantedMarker7531
	mkdir -p "$HOME/.aliyun" "$HOME/.alibabacloud" "$dir/credentials"
	export CREDENTIALS_DIRECTORY=$dir/credentials
	echo "id $marker" >"$dir/credentials/access_key_id"
	echo "$marker" >"$dir/credentials/access_key_secret"
	: >"$cloud/refuse"
	echo "$marker" >"$dir/token"
	export ALIBABA_CLOUD_ROLE_ARN=$role ALICLOUD_SECRET_KEY=$marker
	export ALIBABA_CLOUD_OIDC_PROVIDER_ARN=$provider
	export ALIBABA_CLOUD_OIDC_TOKEN_FILE=$dir/token
	export ALIBABA_CLOUD_CREDENTIALS_URI="$url/nowhere?key=$marker"
	export ALIBABA_CLOUD_ACCESS_KEY_SECRET=$marker
	program "echo $marker; echo $marker >&2; exit 1"
	while IFS= read -r json; do
		printf '%s' "$json" >"$HOME/.aliyun/config.json"
		while IFS= read -r ini; do
			printf '%b' "$ini" >"$HOME/.alibabacloud/credentials"
			refused 'no credentials were found'
			none_of 'what it wrote' "$marker" "$key_secret" \
				<<<"$output"
		done <<-END
			[default]\n$marker
			[$marker
			[default]\ntype = $marker
			[default]\ntype=access_key\naccess_key_secret = $marker
			[default]\ntype=access_key\naccess_key_id = $marker é
		END
	done <<-END
		{"current": "x", "profiles": [{"name": "x", "mode": "AK", "access_key_secret": "$marker"}]}
		{"current": "x", "profiles": [{"name": "x", "mode": "$marker"}]}
		{"profiles": [{"access_key_secret": "$marker"
		$marker
		{"current": "x", "profiles": [{"name": "x", "mode": "External", "process_command": "$program $marker"}]}
		{"current": "x", "profiles": [{"name": "x", "mode": "External", "process_command": "sh -c '$marker"}]}
		{"current": "x", "profiles": [{"name": "x", "mode": "RamRoleArn", "access_key_id": "$key_id", "access_key_secret": "$marker", "ram_role_arn": "$role"}]}
		{"current": "x", "profiles": [{"name": "x", "mode": "StsToken", "access_key_id": "i", "access_key_secret": "$marker"}]}
		{"current": "x", "profiles": [{"name": "x", "mode": "CredentialsURI", "credentials_uri": "ftp://$marker"}]}
	END
}

@test "the secrets of a whole life are told nowhere" {
	cloud_start
	use_sts
	echo 3 >"$cloud/life"
	profiles "$(jq -n --arg id "$key_id" --arg secret "$key_secret" \
		--arg role "$role" '{name: "main", mode: "RamRoleArn",
		access_key_id: $id, access_key_secret: $secret,
		ram_role_arn: $role, external_id: "PlantedMarker7531"}')"
	log_expected=('^ackfs: *unique: [0-9]+, error: -[0-9]+ \(' 'no new keys')
	mount_spawn "$url" ,region=cn-beijing -d
	wait_until answers_or_died
	answers
	for name in one two; do
		: >"$cloud/expire"
		draft $name
		fill_little
		commit
		is_committed
	done
	: >"$cloud/refuse"
	: >"$cloud/expire"
	draft three
	fill_little
	run -1 bash -c 'echo 1 >"$1"' _ "$draft/commit"
	ids=$(jq -r 'select(.what == "keys") | .key_id' "$cloud/events")
	[ "$(wc -l <<<"$ids")" -ge 3 ]
	for id in $ids; do
		none_of 'the log' "$id" <"$dir/ackfs.log"
	done
	{
		# wait and watch would block while anything is under way
		find "$mnt" "$dir/state" -type f -perm /444 ! -name wait \
			! -name watch -print0 |
			xargs -0 cat
		cat "$dir/ackfs.log"
		tr '\0' '\n' <"/proc/$daemon_pid/cmdline"
	} | none_of 'a file' "$key_secret" PlantedMarker7531 security-token
}

@test "keys that were used up are not in the daemon's memory" {
	cloud_start
	use_sts
	profiles "$(jq -n --arg id "$key_id" --arg secret "$key_secret" \
		--arg role "$role" '{name: "main", mode: "RamRoleArn",
		access_key_id: $id, access_key_secret: $secret,
		ram_role_arn: $role}')"
	mount_cloud
	: >"$cloud/expire"
	serves RamRoleArn
	same 2 "$(events keys)"
	mapfile -t gone < <(jq -rs --arg secret "$key_secret" '$secret,
		.[0].secret, .[0].token' "$cloud/secrets")
	same 3 "${#gone[@]}"
	for secret in "${gone[@]}"; do
		same 0 "$(memory_holds "$secret")"
	done
	# and the search finds what is there
	same yes "$(memory_holds "$(jq -rs '.[1].token' "$cloud/secrets")" |
		sed 's/^[1-9][0-9]*$/yes/')"
}

# memory_holds TEXT: how often it stands in what the daemon may write to.
memory_holds()
{
	/usr/bin/python3 - "$daemon_pid" <<-PY
		import sys
		needle, found = b"$1", 0
		with open(f"/proc/{sys.argv[1]}/maps") as maps, \
		     open(f"/proc/{sys.argv[1]}/mem", "rb", 0) as mem:
		    for line in maps:
		        where, mode = line.split()[:2]
		        start, end = (int(x, 16) for x in where.split("-"))
		        if not mode.startswith("rw") or end - start > 1 << 30:
		            continue
		        try:
		            mem.seek(start)
		            found += mem.read(end - start).count(needle)
		        except OSError:
		            pass
		print(found)
	PY
}
