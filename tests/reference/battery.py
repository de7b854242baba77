# SPDX-License-Identifier: MIT
"""Bad inputs, and some good ones that look bad: what is tried on every
parameter, then for each type, for names of drafts, and for commit."""

MALFORMED = (
    b"\xff", b"\xff\xfe3\0", b"\xfe\xff\x003", b"\x80", b"\xc0\xaf",
    b"\xc0\x80", b"\xe0\x80\xaf", b"\xf0\x80\x80\xaf", b"\xed\xa0\x80",
    b"\xed\xbf\xbf", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xe4\xb8",
    b"\xf0\x9f\x98", b"\xc3\x28", b"\xb2\xe2\xca\xd4")
CONTROLS = tuple(bytes([c]) for c in (*range(1, 32), 127)) + (
    b"\xc2\x80", b"\xc2\x85", b"\xc2\x9b")
BLANKS = (b" ", b"\t", b"\r", b"\r\n", b"\n", b"\n\n", b" \n", b"\r\r\n")
ODD = tuple(c.encode() for c in (
    "\ufeff", "\u00a0", "\u200b", "\u202e", "\u2028", "\u0085", "\u0301",
    "\U0001f600"))
QUOTES = (b'"', b"'", b"`", b"#c", b";", b"\\", b"|", b"&", b"&&", b">x")
INJECTED = (
    b'","region_id":"x', b'"}', b'\\"', b"\\u0000", b"\\u0022", b"${HOME}",
    b"$(id)", b"`id`", b"%s%n%x", b"%00", b"{{7*7}}", b"<script>",
    b"'; DROP", b"../../etc/passwd", b"?x=1", b"&a=b", b"#f", b"%2f", b"/..")
ALONE = (
    b"", b"\n", b"\n\n", b" ", b"\t", b" \r\n", b"\0", b"\0" * 16,
    b"/etc/passwd", b"file:///etc/passwd", b"@/etc/passwd", b"../../etc",
    b"NaN", b"Infinity", b"null", b"undefined", b"[]", b"{}", b"[", b"{",
    b"]", b"}", b"true", b"-0", b"0x10", b"1e999", b"****", b"*", b"-", b"--",
    b"a" * 65537, b"a" * (1 << 20), b" " * 65536, b" " * 65537,
    "集".encode() * 21846, b"[" * 1000, b"[" * 60000, b"[]" * 1000,
    b'{"a":' * 100)


def common(right):
    """Of a value that is right: bytes around and within it."""
    yield from ALONE
    for odd in MALFORMED + ODD:
        yield from (odd, right + odd, odd + right)
    for odd in CONTROLS:
        yield right[:1] + odd + right[1:]
    for odd in BLANKS + QUOTES + (b"\0",):
        yield from (right + odd, odd + right)
    for odd in INJECTED + (b"\0evil", b"\0\n", b"\nevil\n"):
        yield right + odd
    yield from (b'"' + right + b'"', b"'" + right + b"'",
                b'["' + right + b'"]', right + b" " + right,
                right + b"," + right, right + b"\n" + right, right.upper(),
                right.lower(), right * 40)


def lines(text):
    return tuple(line.encode() for line in text.split("\n") if line)


INTEGERS = lines("""
-1\n-0\n+3\n03\n0003\n3.0\n3.\n.3\n3e0\n0x3\n0b11\n0o3\n3_000\n3,000
３\n٣\n三\n101\n100\n0\n100.5\n1000\n2147483647\n2147483648\n-2147483648
-2147483649\n4294967295\n4294967296\n4294967299\n9007199254740993
9223372036854775807\n9223372036854775808\n-9223372036854775808
18446744073709551615\n18446744073709551616\n18446744073709551619
3 4\n3;4\n3k\n3GiB\n3%\n3u\n$3\n--3\n3*1\n[3]\n"3"\ninf\nnan\n½\n2²
0x8000000000000000\n1e308\n1e309\ntrue\nnone\n−3\n24\n25\n28\n29\n12\n60
""") + (b"1" + b"0" * 100, b"9" * 4000)
BOOLEANS = lines("""
true\nTrue\nTRUE\ntRuE\nyes\nYES\ny\nY\non\nON\n1\nfalse\nFALSE\nno\nn\nN\noff
Off\n0\nt\nf\ntru\ntruee\ntruе\ntrue,\ntrue false\n!true\nenable\nenabled
disable\n是\n真\n✓\n"true"\n[true]\n00\n01\n+1\n-1\n2\n1.0\nyes!\nｔｒｕｅ
ＴＲＵＥ\nTRUE\u0307\noﬀ
""") + (b"true\nfalse", b"1\n1", b"on\0")
CHOICES = lines("""
IPVS\nIpvs\nipvs\niptables\nnftables\niptables|ipvs\nip6tables\nprepaid
PrePaid\nPostPaid\nmonth\nMONTH\nMonth\nWeek\n年\nStatic\nstatic\nnone\nnone
linux\nLinux\ncloud_SSD\ncloud_ssd\nmanagedkubernetes\nManagedKubernetes
my-test-Kubernetes-cluster\n*\nany\nіpvs\nipvs ipvs\nipvs,iptables\n"ipvs"
CentOS\ncentos\nAliyunLinux3\naliyunlinux3\nSomethingNew\nsome thing\n-x
x.y_z-1\nx/y\nx:y\n集群\nDefault\ndefault
""") + (b"x" * 64, b"x" * 65)
PASSWORDS = lines("""
Aa1!xyz\nAa1!xyzw\nonlylettershere\nONLYCAPITALS\n12345678901\n!@#$%^&*()
onlysmall1\nONLYCAPS1\nSmallCaps\nsmall!!!!\nTest@1900ackfs\n密码Aa1!密码
😀Aa1!xyzw\nAa1! with blanks\n Aa1!leading\nAa1!'quotes'\nAa1!"quotes"
Aa1!\\back\\slash\n/Aa1!leading\n-Aa1!leading\ntest@19****\n********
Aa1xyzwq\nAAAAaaaa\naaaa1111\nAAAA1111\n        \n\u00c4a1!xyzw
""") + (b"Aa1!" + b"x" * 26, b"Aa1!" + b"x" * 27, b"Aa1!" + b"x" * 28,
        b"Aa1!" + b"x" * 296, b"Aa1!\txyzw", b"Aa1!\nxyzw", b"Aa1!\x7fxyzw",
        b"Aa1!xyzw\r", b"Aa1!xyzw\r\n", b"Aa1!xyz\0")
IDENTIFIERS = lines("""
vpc\nvpc-\nVPC-2ze\nvpc-2ZE\nvpc-2ze\nvpc-2ze/..\nvpc-2ze?x=1\nvpc-2ze&a=b
vpc-2ze#f\nvpc-2ze%2f\nvpc-a vpc-b\nvpc-a,vpc-b\nvsw-2ze\nvpc-2ze****
vpc-****\nvpc_2ze\nvpc--2ze\nvpc-2z-e\n-vpc\nvpc-集\nvpc-２\ncn-beijing
cn-beijing.evil.com\ncn-beijing@evil\ncn-beijing:8443\n127.0.0.1
169.254.169.254\n[::1]\nhttp://x\ncn-beijing/\n//cn-beijing\nCN-BEIJING
cn_beijing\ncn beijing\ncn-beijing\\\n1\na\n-\n..\n.
""") + (b"vpc-" + b"a" * 60, b"vpc-" + b"a" * 61, b"a" * 64, b"a" * 65,
        b"vpc-" + b"a" * 1000)
NETWORKS = lines("""
10.0.0.0\n10.0.0.0/\n10.0.0.0/33\n10.0.0.0/-1\n10.0.0.0/016\n10.0.0.0/+16
10.0.0.0/255.0.0.0\n10.0.0.1/16\n10.0.0/16\n012.0.0.0/8\n0xa.0.0.0/8
10.0.0.0.0/16\n10.0.0.256/16\n256.0.0.0/8\n10.0.0.0/16,10.1.0.0/16
10.0.0.0/16 10.1.0.0/16\n0.0.0.0/0\n127.0.0.0/8\n169.254.0.0/16\n224.0.0.0/4
8.8.8.0/24\n10.0.0.0/32\n10.0.0.0/7\n8.0.0.0/7\n::/0\nfd00::/8
::ffff:10.0.0.0/112\n１０.0.0.0/8\n10。0。0。0/8\n167772160/8\n10.0.0.0/8
10.0.0.0/9\n10.0.0.0/28\n10.0.0.0/29\n172.16.0.0/12\n172.16.0.0/11
172.32.0.0/16\n172.31.0.0/16\n172.15.0.0/16\n192.168.0.0/16\n192.168.0.0/15
192.169.0.0/16\n192.168.255.0/24\n192.168.255.240/28\n10.0.0.0/16/16
10.0.0.0\\16\n10.0.0.0 /16\n10.0.0.0/ 16\n10.0.0.0/16.0\n10..0.0/16\n/16
1e1.0.0.0/8\n10.0.0.00/8\n10.0.0.0/8x\nx10.0.0.0/8\n4294967306.0.0.0/8
""")
VERSIONS = lines("""
1\n1.\n1.2\n1.2.\n1.2.3\nv1.2.3\nV1.2.3\n1.2.3.4\n1.2.x\n1.2.*\n1.2.3-
1.2.3-aliyun\n1.2.3-aliyun.\n1.2.3-aliyun.1\n1.2.3-aliyun.1.2\n1.2.3-aliyun.x
1.2.3-Aliyun.1\n1.2.3-other.1\n1.2.3+aliyun.1\n-1.2.3\n1.-2.3\n1.2.3 1.2.4
1.2.3,1.2.4\nlatest\nstable\n1.２.3\n1..3\n.1.2\n1.2.3-rc.1\n1.2.3_aliyun.1
1000.2.3\n999.999.999-aliyun.999\n1.2.3-aliyun.1000\n=1.2.3\n>=1.2.3\n~1.2.3
^1.2.3\n1,2,3\n1.2.3/\n1.2.3-aliyun.1\\
""")
WORDS = lines("""
["a"\n["a",\n["a",]\n[,"a"]\n["a" "b"]\n['a']\n[a]\n[null]\n[1]\n[true]\n[{}]
[["a"]]\n["a",null]\n["a\\u0000"]\n["\\ud800"]\n["\\udc00\\ud800"]\n["\\x41"]
["a"] // c\n["a"] /* c */\n# c\n["a"]["b"]\n["a"] b\nb ["a"]\n["a","a"]\na a
a,a\na,,b\n,a\na,\na;b\na|b\na b c d\n["a b"]\n["a,b"]\n[""]\n[" "]\n{"a":1}
"a"\n'a'\n["a]\n"a","b"\n[\\"a\\"]\na/b\na=b\na:b\na@b\n集\n["集"]
vsw-a\nvsw-a,vsw-b,vsw-c\nvsw-a,vsw-b,vsw-c,vsw-d\nvsw-a vsw-a\nvpc-a
["vsw-a","vsw-b"]\n["vsw-a" ,\t"vsw-b"]\nvsw-A\nvsw-\nvsw\napiserver,kcm
apiserver Apiserver\nsomething-new\nAPISERVER
""") + (b"[" * 33 + b"]" * 33, b"[" * 1000 + b"]" * 1000,
        b"[" * 30000 + b"]" * 30000, b"a\r\nb\r\n", b"a\n\nb\n\n", b"\na",
        b'["a"]\n["b"]\n', b'["a"]\nb\n', b'[\n"a",\n"b"\n]\n',
        b" ".join(b"w%d" % i for i in range(20001))[:65000],
        b",".join(b"w%d" % i for i in range(11)))
OBJECTS = WORDS + lines("""
k=v\nk=\n=v\nk\nk=v=w\nk = v\n k=v \nk=v k=w\nk=v,l=w\nk:v\n{"key":"k"}
{"key":"k","value":"v"}\n[{"key":"k","value":"v"}]\n[{"key":"k"},{"key":"k"}]
{"key":"k","value":1}\n{"key":1}\n{"key":null}\n{"key":"k","value":null}
{"key":"k","key":"l"}\n{"key":"k","other":"x"}\n{"Key":"k"}\n{"value":"v"}
{}\n[{}]\n[{"key":"k"}\n{"key":"k"\n{"key":\n{"key"\n{"key":"k"}}\n{"key":"k",}
{key:"k"}\n{'key':'k'}\n{"key":"a=b"}\n{"key":"[a]"}\n{"key":" a"}
{"key":"a\\nb"}\n{"key":"a\\u001b[31m"}\n{"key":"a","value":"\\u202e"}
aliyun=1\naliyunx=1\nacs:x=1\nhttp://x=1\nhttps://x=1\nk=aliyun\nk=acs:x
k=http://x\nAliyun=1\nackfs-token=forged\n集=群\n😀=😀\nkey=value:NoSchedule
key:NoSchedule\nkey=:NoSchedule\nkey=value:\nkey=value:Never
key=value:noschedule\nkey=value:NoSchedule:NoExecute\n:NoSchedule
=value:NoSchedule\nke y=value:NoSchedule\na/b=c:NoExecute\n-a=b:NoExecute
a-=b:NoExecute\na=b-:NoExecute\nkey=value:PreferNoSchedule
{"key":"k","value":"v","effect":"NoSchedule"}\n{"key":"k","effect":"Never"}
{"key":"k"}\n{"key":"k","effect":""}\nflannel\nflannel@\nflannel@1.2.3
flannel@v1 {"a":1}\n-flannel\n--flannel\n-\n@1\nflannel {\nflannel {}
flannel []\nflannel 1\nflannel "x"\nflannel {"a":1} x\nflannel {"a":}
flannel {'a':1}\nflannel {"a":{"b":["c",null,true]}}\nflannel {"a":"\\u0000"}
{"name":"flannel"}\n{"name":"flannel","config":"{\\"a\\":1}"}
{"name":"flannel","config":{"a":1}}\n{"name":"flannel","config":1}
{"name":"flannel","config":"{"sls_project_name":"x"}"}
{"name":"flannel","disabled":true}\n{"name":"flannel","disabled":false}
{"name":"flannel","disabled":1}\n{"name":"flannel","version":"v1"}
{"name":"flannel","version":1}\n{"name":""}\n{"name":"a b"}\n{"name":"-a"}
{"config":"{}"}\ncloud_ssd 500\ncloud_ssd\t500\ncloud_ssd  500\ncloud_ssd
500\ncloud_ssd -1\ncloud_ssd 0\ncloud_ssd 39\ncloud_ssd 40\ncloud_ssd 32768
cloud_ssd 32769\ncloud_ssd 1e9\ncloud_ssd 500.5\ncloud_ssd "500"\ncloud_ssd +500
cloud_ssd 0500\ncloud_ssd 500GiB\ncloud_SSD 500\nnonsense 500
{"category":"cloud_ssd","size":500}\n{"category":"cloud_ssd","size":"500"}
{"category":"cloud_ssd","size":500.5}\n{"category":"cloud_ssd","size":-1}
{"category":"cloud_ssd","size":0}\n{"category":"cloud_ssd","size":1000000000}
{"category":"cloud_ssd","size":9007199254740993}\n{"category":"cloud_ssd"}
{"size":500}\n{"category":1,"size":500}\n{"category":"cloud_ssd","size":true}
{"category":"cloud_ssd","size":null}\n{"category":null,"size":500}
cloud_ssd 40,cloud_ssd 40\n{"enable":true}\n{"enabled":true}\n{"enabled":1}
""") + (b"cloud_ssd 40\ncloud_ssd 40", b"k=v\nk=w", b"a=1\nb=2\nc=3",
        b"key=v:NoSchedule\nkey=w:NoSchedule", b"flannel\nterway-eniip",
        b"key=v:NoSchedule\nkey=v:NoExecute", b"flannel\nflannel@2",
        b"\n".join(b"k%d=v" % i for i in range(20)),
        b"\n".join(b"k%d=v" % i for i in range(21)),
        b"k" * 64 + b"=v", b"k" * 65 + b"=v", b"k=" + b"v" * 128,
        b"k=" + b"v" * 129, "集".encode() * 64 + b"=v",
        b"k" * 129 + b"=v", b"k=v\r\nl=w\r\n", b'{"key":"k"}\nl=w\n',
        b"\n".join([b"cloud_ssd 40"] * 16), b"\n".join([b"cloud_ssd 40"] * 17))

TEXTS = {
    "integer": INTEGERS, "boolean": BOOLEANS, "switch": BOOLEANS + OBJECTS,
    "choice": CHOICES, "password": PASSWORDS, "id": IDENTIFIERS,
    "cidr": NETWORKS, "version": VERSIONS, "words": WORDS, "ids": WORDS,
    "hosts": WORDS, "tags": OBJECTS, "taints": OBJECTS, "addons": OBJECTS,
    "disks": OBJECTS, "runtime": OBJECTS, "json": OBJECTS, "pools": OBJECTS,
    "domain": IDENTIFIERS + NETWORKS, "name": IDENTIFIERS,
    "string": PASSWORDS, "base64": PASSWORDS, "pem": PASSWORDS,
}

NAMES = tuple(n for n in lines("""
..a\n...\n.a\n-rf\n-\na-\na b\n a\na \n*\n?\n[a]\n{a,b}\n$(id)\n`id`\n$HOME\n~
!a\n#a\na;b\na|b\na&b\na>b\na<b\n\\\na\\nb\nCON\nnul\n%2e%2e%2f\n%s%n\na%\na@b
a:b\na,b\na=b\na+b\na.b\na_b\na'b\na"b\n(a)\na^b\n\u202ea\na\u202eb\n\u200b
a\u200b\n\ufeffa\ncafé\ncafe\u0301\n👨\u200d👩\u200d👧\nﬁ\nＡ\n１\n٣\n一\n龥\n鿿
㐀\n\U00020000\nー\nあ\nก\nа\nα\ncommit\nstate\nerror\nlive\nclusters\nschema
.fuse_hidden0001\n.nfs01\n.Trash-0\n.git\nHEAD\ndesktop.ini\nThumbs.db\naccount
README\nnone\n1\n0\ntrue\n集群\n集群-1\n-集群\na集\n4913\nx~\n#x#\nsedAbC123
""")) + tuple(b"a%cb" % c for c in (*range(1, 32), 127)) + tuple(
    b"a" * n for n in (1, 62, 63, 64, 65, 128, 254, 255, 256, 1024, 2000)
) + tuple("集".encode() * n for n in (21, 22, 63, 64, 85, 86)) + tuple(
    b"a" + odd.replace(b"\0", b"\x01") for odd in MALFORMED + ODD)

ORDERS = lines("""
0\n2\n01\n+1\n-1\n1.0\n11\n1 1\n1;1\n1,\n"1"\n'1'\n[1]\n{"commit":true}\nten\none
１\n①\n一\nsend\ndelete\nno\noff\nfalse\nn\nt\ntru\ntruee\nyess\nyes no\nok
commit now\ncommit;\n/commit\ncommit\\n\ncоmmit\nсommit\nＣommit\ncommit\u200b
1\u00a0\n\ufeff1\n1#\n$(id)\n%s\nnull\nundefined\n../x\nother\nTest\ntest2\ntes
COMMIT\nYES\nTrue\nON\nY
""") + (b"1\0", b"\0001", b"1\n1\n", b"1\n1", b"\n1", b"\r\n1", b"1\0\n",
        b"1" * (1 << 20), b"0" * 65536, b"1" + b" " * 70000 + b"1",
        b"yes\nyes\n", b"commit\n1\n") + MALFORMED + CONTROLS + ODD
ORDERS_TAKEN = (b"1", b"1\n", b"1\r\n", b" 1 ", b"\t1\t\r\n", b"1\n\n", b"y",
                b"yes\n", b"true", b"on\n", b"commit\n", b"test", b" test \n")
BLANK_ORDERS = tuple(c for c in CONTROLS if c in b"\t\n\r")
