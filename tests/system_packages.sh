#!/usr/bin/env bash
# Programs that some tests use and pip cannot bring: chromium (pages as a browser shows them),
# LibreOffice Writer and Calc and pdftoppm (documents as an office program shows them), and a font for
# what they show. Installed where this machine allows it; where not, their tests do not run — with
# CI=true that is a failure.
set -u
missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v soffice >/dev/null || missing+=(libreoffice-writer-nogui)
command -v scalc >/dev/null || command -v localc >/dev/null || [ -e /usr/lib/libreoffice/program/libsclo.so ] || missing+=(libreoffice-calc-nogui)
command -v pdftoppm >/dev/null || missing+=(poppler-utils)
[ -n "$(fc-list :lang=zh 2>/dev/null)" ] || missing+=(fontconfig fonts-noto-cjk)
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null && exit 0
fi
echo "not on this machine, tests that need them do not run: ${missing[*]}"
[ "${CI:-}" != true ]
