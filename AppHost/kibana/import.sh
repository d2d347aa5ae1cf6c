#!/bin/sh
# Prepares Elasticsearch for the services' logs and puts the dashboard into Kibana. README.md beside this file.
set -eu

usage() {
    cat <<'END'
Usage: import.sh [--help]

Waits for Elasticsearch and Kibana, and puts into them what lies beside this script:
  logs-lifecycle.json, logs-template.json   how logs are kept and indexed (into Elasticsearch)
  dashboards.ndjson                         data views and the dashboard (into Kibana)
Running it again puts the same objects in the place of the same objects.

Environment:
  KIBANA_URL               where Kibana is (default http://localhost:5601)
  ELASTICSEARCH_HOSTS      where Elasticsearch is; without it the lifecycle and the template are left out
  ELASTICSEARCH_USERNAME   who to sign in as, at both; without it nobody
  ELASTICSEARCH_PASSWORD
  ELASTICSEARCH_CA         a file with the certificates of the authorities to trust (PEM), where addresses are https
  KIBANA_SYSTEM_PASSWORD   if set, becomes the password of Elasticsearch's user kibana_system, which Kibana signs in as
  IMPORT_ATTEMPTS          how often to ask whether each of the two is there (default 60)
  IMPORT_DELAY             seconds between two attempts (default 5)

Exit codes: 0 done, 1 failed, with a line that says why, 2 wrong usage.
END
}

case "${1-}" in
    '') ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
esac

kibana=${KIBANA_URL:-http://localhost:5601}
kibana=${kibana%/}
elasticsearch=${ELASTICSEARCH_HOSTS-}
elasticsearch=${elasticsearch%%,*}
elasticsearch=${elasticsearch%/}
attempts=${IMPORT_ATTEMPTS:-60}
delay=${IMPORT_DELAY:-5}
here=$(cd "$(dirname "$0")" && pwd)

say() { printf '%s\n' "$*"; }

fail() {
    printf 'import.sh: %s\n' "$*" >&2
    exit 1
}

# Within quotes, for JSON as for curl's configuration.
escaped() { printf '%s' "$1" | sed 's/["\\]/\\&/g'; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
answer=$scratch/answer

# In a file that only this user can read, and not on a command line that everybody can.
(
    umask 077
    {
        printf 'silent\nmax-time = 60\nconnect-timeout = 10\n'
        if [ -n "${ELASTICSEARCH_USERNAME-}" ]; then
            printf 'user = "%s:%s"\n' "$(escaped "$ELASTICSEARCH_USERNAME")" "$(escaped "${ELASTICSEARCH_PASSWORD-}")"
        fi
        if [ -n "${ELASTICSEARCH_CA-}" ]; then
            printf 'cacert = "%s"\n' "$(escaped "$ELASTICSEARCH_CA")"
        fi
    } >"$scratch/curl"
    printf '{"password":"%s"}' "$(escaped "${KIBANA_SYSTEM_PASSWORD-}")" >"$scratch/kibana_system.json"
)

# Sends a request, with curl's options; status is that of the answer, 000 where there was none.
ask() {
    : >"$answer"
    status=$(curl --config "$scratch/curl" --output "$answer" --write-out '%{http_code}' "$@") || status=000
}

# What was answered, shortened to a line.
answered() { tr '\n' ' ' <"$answer" | cut -c 1-2000; }

refused() { fail "$1 refuses the user name or the password (status $status). Look at ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD."; }

# wait_for NAME URL: until it answers 200.
wait_for() {
    tried=0
    while :; do
        ask "$2"
        case $status in
            200) return ;;
            401 | 403) refused "$1" ;;
        esac
        tried=$((tried + 1))
        if [ "$tried" -ge "$attempts" ]; then
            break
        fi
        if [ "$tried" -eq 1 ]; then
            say "Waiting for $1 ..."
        fi
        sleep "$delay"
    done
    if [ "$status" = 000 ]; then
        fail "$1 cannot be reached: $attempts attempts. Look at its address, and with https at ELASTICSEARCH_CA."
    fi
    fail "$1 is not ready: $attempts attempts, the last answer had status $status."
}

# put METHOD WHAT PATH FILE: into Elasticsearch.
put() {
    ask --request "$1" --header 'Content-Type: application/json' --data-binary "@$4" "$elasticsearch/$3"
    case $status in
        200) say "$2: done." ;;
        401 | 403) refused Elasticsearch ;;
        *) fail "$2: Elasticsearch answered with status $status: $(answered)" ;;
    esac
}

if [ -n "$elasticsearch" ]; then
    wait_for Elasticsearch "$elasticsearch/"
    if [ -n "${KIBANA_SYSTEM_PASSWORD-}" ]; then
        put POST "Password of kibana_system" _security/user/kibana_system/_password "$scratch/kibana_system.json"
    fi
    put PUT "Lifecycle of the logs" _ilm/policy/logs-ticketaspire "$here/logs-lifecycle.json"
    put PUT "Index template of the logs" _index_template/logs-ticketaspire "$here/logs-template.json"
else
    say "ELASTICSEARCH_HOSTS is not set: lifecycle and index template of the logs are left as they are."
fi

wait_for Kibana "$kibana/api/status"
ask --header 'kbn-xsrf: true' --form "file=@$here/dashboards.ndjson" "$kibana/api/saved_objects/_import?overwrite=true"
case $status in
    200) ;;
    401 | 403) refused Kibana ;;
    000) fail "The connection to Kibana broke during the import." ;;
    *) fail "Kibana answered the import with status $status: $(answered)" ;;
esac

# Kibana says how many it took also where it did not take all.
if ! grep -q '"success" *: *true' "$answer"; then
    fail "Kibana has not taken all objects: $(answered)"
fi
say "Data views and dashboard: done. $kibana/app/dashboards#/view/ticketaspire"
