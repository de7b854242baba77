# SPDX-License-Identifier: MIT
"""A chain of certificates as a service has, and its root beside Debian's.

In this mount namespace /etc/ssl/certs holds that root, too, in the bundle and
by its hash: every program trusts it as it trusts the others.
"""
import os
import shutil
import subprocess

SYSTEM = "/etc/ssl/certs"
BUNDLE = "ca-certificates.crt"
CA = "basicConstraints=critical,CA:TRUE"


def openssl(*words):
    done = subprocess.run(["openssl", *words], capture_output=True, text=True)
    if done.returncode:
        raise OSError(f"openssl {words[0]}: {done.stderr}")
    return done.stdout.strip()


def certificate(path, name, issuer, extension):
    """PATH/NAME.pem and NAME.key, of RSA with 2048 bits."""
    key, out = f"{path}/{name}.key", f"{path}/{name}.pem"
    issued = ("-CA", f"{path}/{issuer}.pem", "-CAkey",
              f"{path}/{issuer}.key") if issuer else ()
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-config", f"{path}/openssl.cnf", "-subj", f"/O=bench/CN={name}", "-addext", extension,
            "-keyout", key, "-out", out, *issued)


def text(*paths):
    parts = []
    for path in paths:
        with open(path, encoding="utf-8") as f:
            parts.append(f.read())
    return "".join(parts)


def establish(path):
    """Makes it all in PATH; the root, and what the service begins with."""
    with open(f"{path}/openssl.cnf", "w", encoding="utf-8") as f:
        f.write("[req]\ndistinguished_name=name\n[name]\n")
    certificate(path, "root", None, CA)
    certificate(path, "middle", "root", CA)
    certificate(path, "leaf", "middle", "subjectAltName=IP:127.0.0.1")
    trusted = f"{path}/trusted"
    shutil.copytree(SYSTEM, trusted, symlinks=True)
    root = f"{path}/root.pem"
    with open(f"{trusted}/{BUNDLE}", "a", encoding="utf-8") as f:
        f.write(text(root))
    os.symlink(root, f"{trusted}/" + openssl(
        "x509", "-noout", "-hash", "-in", root) + ".0")
    subprocess.run(["mount", "--bind", trusted, SYSTEM], check=True)
    chain = f"{path}/service.pem"
    with open(chain, "w", encoding="utf-8") as f:
        f.write(text(*(f"{path}/{name}" for name in (
            "leaf.pem", "middle.pem", "leaf.key"))))
    return root, chain
