# shellcheck shell=bash
# What the scripts beside this one share; they read it with `source`.

as_root=() # goes before a command that must run as root

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

# Ends process $1 and all that it started with signal $2; what is left after 10 seconds is killed. The process is named
# beside its group for the moment before it has one.
end() {
  local _
  kill -s "$2" -- "-$1" "$1" 2>/dev/null || return 0
  for _ in {1..100}; do
    kill -0 -- "-$1" "$1" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL -- "-$1" "$1" 2>/dev/null || true
}

# Whether packages can be installed without asking anybody.
can_install() {
  command -v apt-get >/dev/null || return 1
  ((EUID != 0)) || return 0
  sudo -n true 2>/dev/null || return 1
  as_root=(sudo -n)
}

# Installs Debian's packages of these names, if that can be done without asking anybody.
install() {
  can_install || return 1
  echo "Installing Debian's packages $*" >&2
  local apt_get=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=120)
  # If the package lists cannot be renewed, the old ones may still do.
  "${apt_get[@]}" update &>/dev/null || true
  "${apt_get[@]}" install --no-install-recommends "$@" >/dev/null
}

# Whether npm is there, and Node.js of at least version $1.$2.
has_node() {
  command -v npm >/dev/null && node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    const [least, lesser] = process.argv.slice(1).map(Number);
    process.exit(major > least || (major === least && minor >= lesser) ? 0 : 1)' "$1" "$2" 2>/dev/null
}
