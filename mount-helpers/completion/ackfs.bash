# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Completion of ackfs, mount.ackfs and ack-sandbox in bash. What can be given
# comes from --help, so it is what the installed program takes.

_ackfs_regions=$(printf '%s\n' \
	cn-beijing cn-zhangjiakou cn-huhehaote cn-wulanchabu cn-hangzhou \
	cn-shanghai cn-nanjing cn-fuzhou cn-shenzhen cn-heyuan cn-guangzhou \
	cn-chengdu cn-qingdao cn-wuhan-lr cn-zhengzhou-jva cn-zhongwei \
	cn-hongkong ap-northeast-1 ap-northeast-2 ap-southeast-1 \
	ap-southeast-3 ap-southeast-5 ap-southeast-7 ap-southeast-8 \
	eu-central-1 eu-west-1 eu-west-2 us-west-1 us-east-1 us-southeast-1 \
	na-south-1 me-central-1 me-east-1 cn-north-2-gov-1 cn-heyuan-acdr-1 \
	cn-wulanchabu-gic-1 cn-shanghai-finance-1 cn-beijing-finance-1 \
	cn-shenzhen-finance-1 cn-hangzhou-finance)

# The names of the profiles of the aliyun CLI.
_ackfs_profiles()
{
	local file=${ALIBABA_CLOUD_CONFIG_FILE-}

	sed -n 's/^.*[{,[:blank:]]"name"[[:blank:]]*:[[:blank:]]*"\([^"\\]*\)".*$/\1/p' \
		"${file:-$HOME/.aliyun/config.json}" 2>/dev/null
}

# The mount options that the program takes, with a = where a value follows.
_ackfs_options()
{
	"$1" --help 2>/dev/null | sed -n 's/^  -o \([a-z_]*=\{0,1\}\).*/\1/p'
}

# What may stand after OPTION=; a word that begins with / is a kind of file.
_ackfs_values()
{
	case $1 in
	region) printf '%s\n' "$_ackfs_regions" ;;
	profile) _ackfs_profiles ;;
	body) printf 'classic\nnodepools\n' ;;
	endpoint_type) printf 'vpc\npublic\n' ;;
	lang) printf 'en\nzh\n' ;;
	log) printf '%s\n' error warning info debug ;;
	preflight) printf 'on\noff\n' ;;
	uid) id -u ;;
	gid) id -G | tr ' ' '\n' ;;
	umask) printf '%s\n' 022 027 077 ;;
	esac
}

# _ackfs_reply PREFIX WORDS BEGUN: those words, a line each, that go on from
# what is begun, less what bash has split off before it. They are not expanded,
# and quoted where the shell would: a file may say what they are.
_ackfs_reply()
{
	local prefix=$1 begun=$3 split=$1 word

	case $COMP_WORDBREAKS in
	*=*) split=${prefix##*=} ;;
	esac
	while IFS= read -r word; do
		[ -z "$word" ] || [[ $word != "$begun"* ]] ||
			COMPREPLY+=("$split$(printf '%q' "$word")")
	done <<<"$2"
}

_ackfs_mount_options()
{
	local token=$1 item=${1##*,} before='' name

	[ "$item" = "$token" ] || before=${token%,*},
	if [ "$item" = "${item%%=*}" ]; then
		compopt -o nospace
		_ackfs_reply "$before" "$(_ackfs_options "$2")" "$item"
		return
	fi
	name=${item%%=*}
	before+=$name=
	item=${item#*=}
	case $name in
	state | ca)
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -- "$item")
		;;
	*)
		compopt -o nospace
		_ackfs_reply "$before" "$(_ackfs_values "$name")" "$item"
		;;
	esac
}

# The word as it was typed, whatever bash has split it at, and the one before.
_ackfs_words()
{
	local line=${COMP_LINE:0:COMP_POINT}

	token=${line##*[[:blank:]]}
	line=${line%"$token"}
	line=${line%"${line##*[![:blank:]]}"}
	previous=${line##*[[:blank:]]}
	given=$line
}

# How many arguments that are no options stand in $given.
_ackfs_arguments()
{
	local word skip=true count=0

	for word in $given; do
		if $skip; then
			skip=false
		elif [ "$word" = -o ]; then
			skip=true
		elif [[ $word != -* ]]; then
			count=$((count + 1))
		fi
	done
	return $count
}

# The command of `ackfs run`, and its arguments.
_ackfs_command()
{
	compopt -o filenames
	if [ "$previous" = -- ]; then
		mapfile -t COMPREPLY < <(compgen -c -- "$token")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$token")
	fi
}

_ackfs()
{
	local token previous given run=0 flags='--hand-over --help --schema --version'

	COMPREPLY=()
	_ackfs_words
	if [[ $given =~ ^[^[:blank:]]+[[:blank:]]+run([[:blank:]]|$) ]]; then
		run=1
		flags=--
	fi
	if [[ $run = 1 && $given =~ [[:blank:]]--([[:blank:]]|$) ]]; then
		_ackfs_command
		return
	fi
	if [ "$previous" = -o ]; then
		_ackfs_mount_options "$token" ackfs
		return
	fi
	if [[ $token = -* ]]; then
		# shellcheck disable=SC2086 # words
		_ackfs_reply '' "$(printf '%s\n' -f -d -o $flags)" "$token"
		return
	fi
	_ackfs_arguments
	case $run$? in
	00)
		_ackfs_reply '' "run"$'\n'"sandbox"$'\n'"$_ackfs_regions" "$token"
		;;
	11)
		_ackfs_reply '' "sandbox"$'\n'"$_ackfs_regions" "$token"
		;;
	01)
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -d -- "$token")
		;;
	esac
}

_ack_sandbox()
{
	local token previous given

	COMPREPLY=()
	_ackfs_words
	case $previous in
	--state | --kubeconfig)
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -- "$token")
		;;
	--speed) _ackfs_reply '' $'1\n10\n100' "$token" ;;
	--port | --key) ;;
	*)
		_ackfs_reply '' "$(ack-sandbox --help 2>/dev/null |
			sed -n 's/^  \(--[a-z]*\).*/\1/p')" "$token"
		;;
	esac
}

complete -F _ackfs ackfs mount.ackfs
complete -F _ack_sandbox ack-sandbox
