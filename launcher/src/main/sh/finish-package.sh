#!/bin/sh
# The last step of packaging: the settings of the Java machine, archives of class data for a quick start (one for commands,
# and one for the launcher, which is to hold no more than it needs), the stamp that bin/usher looks at. Called in the module's
# directory with the JDK's directory and the time at which the build began.
set -eu
java=$1/bin/java
version=$(sed -n 's/^JAVA_VERSION="\(.*\)".*/\1/p' "$1/release" 2> /dev/null) || true
began=$2
app=$(pwd -P)/target/usher
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

rm -rf "$app/jvm" "$app"/*.jsa "$app/native"
cp -R src/main/jvm "$app/jvm"
cp src/main/sh/guard "$app/guard"
for library in target/native/jni/*-Linux; do
    machine=${library##*/}
    mkdir -p "$app/native/${machine%-Linux}"
    cp "$library"/*.so "$app/native/${machine%-Linux}"
done

# Java with the settings of a kind of command, noting which classes it loads in a file; then what is to be run.
cat > "$work/java" << 'END'
#!/bin/sh
kind=$1 list=$2
shift 2
LC_ALL=C.UTF-8 exec "$java" "@$app/jvm/all" "@$app/jvm/$kind" "-XX:DumpLoadedClassList=$work/$list" \
    "-Djffi.boot.library.path=$app/native/$(uname -m)" -cp "$app/lib/usher-launcher.jar" "$@"
END
# What a guard starts: the first launcher is to be killed, the second takes over.
cat > "$work/guarded" << 'END'
#!/bin/sh
[ -e "$work/killed" ] && list=run.second || list=run.killed
exec "$work/java" run "$list" -Dusher.guarded=true usher.launcher.Main "$@"
END
chmod +x "$work/java" "$work/guarded"
export java app work

# One command, noted. Commands may fail here: the archive then holds less.
note() {
    runs=$((${runs:-0} + 1))
    "$work/java" command "command.$runs" usher.launcher.Main --bundles "$work/bundles" --run-dir "$work/run" \
        --log-dir "$work/log" "$@" > "$work/output" 2>&1 || true
}

# Waits until it succeeds, ten seconds at most.
await() {
    tries=100
    until "$@" 2> /dev/null || [ "$tries" -eq 0 ]; do
        tries=$((tries - 1))
        sleep 0.1
    done
}
answers() { [ -S "$work/run/control" ]; }
is_another() { read -r now < "$work/run/launcher.pid" && [ "$now" != "$killed" ]; }
has_ended() { ! kill -0 "$1"; }
end() {
    await has_ended "$1"
    kill -KILL "$1" 2> /dev/null || true
    wait "$1" 2> /dev/null || true
}

mkdir -p "$work/bundles/one/service" "$work/bundles/one/sockets" "$work/bundles/two/after" "$work/bundles/two/requires"
printf '#!/bin/sh\nexec sleep 60\n' > "$work/bundles/one/service/run"
chmod +x "$work/bundles/one/service/run"
echo "unix:$work/socket" > "$work/bundles/one/sockets/socket"
echo "fifo:$work/fifo" > "$work/bundles/one/sockets/fifo"
ln -s ../../one "$work/bundles/two/after/one"
ln -s ../../one "$work/bundles/two/requires/one"
# Who asks for the status of this one's "launcher" is a client that it serves.
mkdir -p "$work/bundles/four/service" "$work/bundles/four/sockets/s" "$work/knocked"
printf '#!/bin/sh\nread -r line\n' > "$work/bundles/four/service/run"
chmod +x "$work/bundles/four/service/run"
echo "unix:$work/knocked/control" > "$work/bundles/four/sockets/s/listen"
: > "$work/bundles/four/sockets/s/accept"
# Only looked at, never started.
mkdir -p "$work/bundles/three/service/env" "$work/bundles/three/sockets/http" "$work/bundles/three/wants"
echo 127.0.0.1:8080 > "$work/bundles/three/sockets/http/listen"
: > "$work/bundles/three/sockets/http/accept"
: > "$work/bundles/three/service/down"
: > "$work/bundles/three/service/dwon"
echo value > "$work/bundles/three/service/env/VARIABLE"
cp "$work/bundles/one/service/run" "$work/bundles/three/service/run"
ln -s ../../nosuch "$work/bundles/three/wants/nosuch"

# Of a large tree more classes are needed.
mkdir -p $(seq -f "$work/many/b%g" 1000) "$work/many/all/wants"
for name in one two three; do
    cp -a "$work/bundles/$name" "$work/many/$name"
    ln -s "../../$name" "$work/many/all/wants/$name"
done

note --version
note --help
note order
note order one two three
note order --why --stop one
note order --format json
note order --bundles "$work/many" all
note logs one
# A launcher with a guard, which is killed, and the one that takes over and ends in order: what both need.
"$work/java" run rest "-Dusher.guard=$app/guard" "-Dusher.self=$work/guarded" usher.launcher.Boot --bundles "$work/bundles" \
    --run-dir "$work/run" --log-dir "$work/log" run > "$work/output" 2>&1 &
launcher=$!
await answers
note status
note sockets --format json
note start --now one
note --run-dir "$work/knocked" status
read -r killed < "$work/run/launcher.pid" || killed=
: > "$work/killed"
kill -KILL "$killed" 2> /dev/null || true
await is_another
note --run-dir "$work/knocked" status
note stop one
note start one
echo knock > "$work/fifo" &
note status
note shutdown
end "$launcher"
[ ! -e "$work/run.killed" ] || sed -i '$d' "$work/run.killed" # a line that the kill may have torn

# All classes of ours, and whatever else was needed.
for jar in "$app"/lib/usher-*.jar; do
    "$1/bin/jar" --list --file="$jar" | sed -n '/-info\.class$/d; s/\.class$//p'
done > "$work/classes.own"
for kind in command run; do
    archive=$app/$kind-$version.jsa
    # A class loaded by the built-in loaders needs no id; without ids the lists can be joined.
    sed '/source:/d; s/ id: [0-9]*$//' "$work/$kind".* "$work/classes.own" | awk '!seen[$0]++' > "$work/classes"
    if "$java" "@$app/jvm/all" "@$app/jvm/$kind" -Xshare:dump "-XX:SharedClassListFile=$work/classes" \
        "-XX:SharedArchiveFile=$archive" -cp "$app/lib/usher-launcher.jar" > "$work/output" 2>&1; then
        chmod a+r "$archive"
    else
        echo 'usher: no class-data archive could be made; usher starts without one, a little slower:' >&2
        cat "$work/output" >&2
        rm -f "$archive"
    fi
done
rm -rf "$app/man"
"$java" -XX:TieredStopAtLevel=1 -cp "$app/lib/usher-launcher.jar" usher.launcher.Manual ../docs "$app/man"
chmod -R a+rX "$app"
touch -d "$began" "$app/stamp"
