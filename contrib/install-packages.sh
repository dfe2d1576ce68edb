# Sourced by ./demo and ./check from the root of the source tree:
#   install_packages build check
# installs the packages of these groups in contrib/packages.txt that are
# missing, and says which. Without root or a sudo that asks for nothing it
# prints the one line to type and ends with status 69 (EX_UNAVAILABLE).

packages_missing() {
    for group in "$@"; do
        sed -n "s/^$group  *//p" contrib/packages.txt
    done | while read -r package; do
        case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>&1) in
        installed*) ;;
        *) printf '%s ' "$package" ;;
        esac
    done
}

# apt-get as root, without a question.
packages_apt() {
    as_root=
    [ "$(id -u)" -eq 0 ] || as_root='sudo -n'
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" </dev/null
}

# Postfix asks what kind of mail server this is to be; ours are private
# instances, so the machine's own is left without a configuration.
packages_preseed() {
    case " $1 " in
    *' postfix '*) ;;
    *) return 0 ;;
    esac
    as_root=
    [ "$(id -u)" -eq 0 ] || as_root='sudo -n'
    echo 'postfix postfix/main_mailer_type select No configuration' |
        $as_root debconf-set-selections
}

install_packages() {
    missing=$(packages_missing "$@")
    missing=${missing% }
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null; then
        echo "This needs Debian 12 or these packages of it: $missing" >&2
        exit 69
    fi
    if [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
        echo "Some packages are missing. As root:" >&2
        echo "  apt-get install --no-install-recommends $missing" >&2
        exit 69
    fi
    echo "Installing: $missing"
    log=$(mktemp)
    # shellcheck disable=SC2086 # a list of words
    if packages_apt update >"$log" 2>&1 && packages_preseed "$missing" &&
        packages_apt install --no-install-recommends -y $missing \
            >"$log" 2>&1; then
        rm -f "$log"
        return 0
    fi
    cat "$log" >&2
    rm -f "$log"
    echo "apt-get could not install: $missing" >&2
    exit 69
}
