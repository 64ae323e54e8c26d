/*
 * Runs inside the real Espruino interpreter, between stage.js and the bundle: gives the bundle the interpreter's own
 * serial line, at the pseudo-terminal `live.path`, its own console, loopbacks and timers. Only chips, pins and Storage
 * stay stubs. `live` is made by a line in front of stage.js, before that replaces anything.
 */
(function (live, stage) {
  function install(name, value) {
    Object.defineProperty(global, name, { value: value });
  }
  ['Serial1', 'LoopbackA', 'LoopbackB', 'echo', 'print', 'getTime', 'setTimeout', 'setInterval'].forEach(
    function (name) {
      install(name, live[name]);
    },
  );
  /* Now that the name is its own again: the interpreter looks for the path there. */
  Serial1.setup(115200, { path: live.path });
  stage.files = live.files;
  stage.wire(live.wan, live.lan);
})(live, stage);
