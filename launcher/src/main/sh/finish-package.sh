#!/bin/sh
# The last step of packaging: the settings of the Java machine, an archive of class data for a quick start, the stamp that
# bin/usher looks at. Called in the module's directory with the JDK's directory and the time at which the build began.
set -eu
java=$1/bin/java
version=$(sed -n 's/^JAVA_VERSION="\(.*\)".*/\1/p' "$1/release" 2> /dev/null) || true
began=$2
app=$(pwd -P)/target/usher
archive=$app/usher-$version.jsa
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

# One command, noting which classes it loads. Commands may fail here: the archive then holds less.
note() {
    kind=$1
    shift
    runs=$((${runs:-0} + 1))
    LC_ALL=C.UTF-8 "$java" "@$app/jvm/all" "@$app/jvm/$kind" "-XX:DumpLoadedClassList=$work/classes.$runs" \
        "-Djffi.boot.library.path=$app/native/$(uname -m)" -cp "$app/lib/usher-launcher.jar" usher.launcher.Main \
        --bundles "$work/bundles" --run-dir "$work/run" --log-dir "$work/log" "$@" > "$work/output" 2>&1 || true
}

mkdir -p "$work/bundles/one/service" "$work/bundles/one/sockets" "$work/bundles/two/after" "$work/bundles/two/requires"
printf '#!/bin/sh\nexec sleep 60\n' > "$work/bundles/one/service/run"
chmod +x "$work/bundles/one/service/run"
echo "unix:$work/socket" > "$work/bundles/one/sockets/socket"
ln -s ../../one "$work/bundles/two/after/one"
ln -s ../../one "$work/bundles/two/requires/one"
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

note command --version
note command --help
note command order
note command order one two three
note command order --why --stop one
note command order --format json
note command order --bundles "$work/many" all
note command logs one
note run run &
launcher=$!
runs=100
tries=50
while [ ! -S "$work/run/control" ] && [ "$tries" -gt 0 ] && kill -0 "$launcher" 2> /dev/null; do
    tries=$((tries - 1))
    sleep 0.1
done
note command status
note command sockets --format json
note command start --now one
note command shutdown
# The launcher has 10 seconds to end before it is ended.
tries=100
while kill -0 "$launcher" 2> /dev/null && [ "$tries" -gt 0 ]; do
    tries=$((tries - 1))
    sleep 0.1
done
kill -KILL "$launcher" 2> /dev/null || true
wait "$launcher" 2> /dev/null || true

# A class loaded by the built-in loaders needs no id; without ids the lists can be joined.
sed '/source:/d; s/ id: [0-9]*$//' "$work"/classes.* | awk '!seen[$0]++' > "$work/classes"
if "$java" "@$app/jvm/all" "@$app/jvm/command" -Xshare:dump "-XX:SharedClassListFile=$work/classes" "-XX:SharedArchiveFile=$archive" \
    -cp "$app/lib/usher-launcher.jar" > "$work/output" 2>&1; then
    chmod a+r "$archive"
else
    echo 'usher: no class-data archive could be made; usher starts without one, a little slower:' >&2
    cat "$work/output" >&2
    rm -f "$archive"
fi
rm -rf "$app/man"
"$java" -XX:TieredStopAtLevel=1 -cp "$app/lib/usher-launcher.jar" usher.launcher.Manual ../docs "$app/man"
chmod -R a+rX "$app"
touch -d "$began" "$app/stamp"
