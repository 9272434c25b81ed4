# Sourced by mvnw and by the scripts in bench/: sets JAVA_HOME to a JDK 25, wherever it is installed.
wanted=25

is_wanted() {
    [ -x "$1/bin/javac" ] && "$1/bin/javac" -version 2>&1 | grep -Eq "^javac $wanted([.-]|\$)"
}

find_jdk() {
    if [ -n "${JAVA_HOME:-}" ] && is_wanted "$JAVA_HOME"; then
        printf '%s\n' "$JAVA_HOME"
        return
    fi
    if javac=$(command -v javac) && javac=$(readlink -f "$javac") && is_wanted "${javac%/bin/javac}"; then
        printf '%s\n' "${javac%/bin/javac}"
        return
    fi
    for home in /usr/lib/jvm/* /opt/*jdk* /opt/java/* "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if is_wanted "$home"; then
            printf '%s\n' "$home"
            return
        fi
    done
    return 1
}

if ! JAVA_HOME=$(find_jdk); then
    echo "no JDK $wanted found: install one (for example Temurin $wanted) or set JAVA_HOME to it" >&2
    exit 1
fi
export JAVA_HOME
