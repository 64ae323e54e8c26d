/*
 * Runs inside the real Espruino interpreter, after stage.js and the bundle: goes through a plan (plan.ts) and marks
 * the beginning and the end of every stretch whose instructions count.
 *
 * A mark removes the next of the empty files in `marks/`: callgrind hands out its counts at each call of `unlink`.
 * Every measured loop has a twin that does all the same except the one call in question. The frames lie in
 * `frames.bin` in the order in which the plan wants them, as 68 bytes each: what the bus gives for a frame of 60
 * bytes, with the side it arrives on (0 WAN, 1 LAN) in the first dummy.
 *
 * In a rehearsal nothing is marked: each measured loop runs once, and what is printed is the stubs' calls and the
 * counters that moved.
 */
(function (stage, plan, rehearsal) {
  /* Only now is `require` the interpreter's own again. */
  stage.bringUp();
  var fs = require('fs');
  var file = E.openFile('frames.bin', 'r');
  var frameBytes = 62;
  var slots = [];
  for (var i = 0; i < 8; i++) slots.push(new Uint8Array(68));
  var copy = E.mapInPlace;
  var push = stage.pool.push.bind(stage.pool);
  var results = [];
  var turns = 0;
  var marks = 0;
  var asked = 0;

  function mark() {
    fs.unlink('marks/' + marks++);
  }

  /* Asks whoever started the run to switch the counting on or off, and waits until that is done. */
  function setCounting(on) {
    var name = 'counting-' + asked++ + (on ? '-on' : '-off');
    fs.writeFile(name, 'please');
    while (fs.readdir('.').indexOf(name) >= 0) {}
  }

  function take(count) {
    var frames = [];
    while (count--) frames.push(E.toUint8Array(file.read(68)));
    return frames;
  }

  function portOf(frame) {
    return frame[0] ? stage.lan : stage.wan;
  }

  function callFor(n, call) {
    for (var i = 0; i < n; i++) {
      call();
    }
  }
  function callTwin(n, call) {
    for (var i = 0; i < n; i++) {}
  }

  /* The unit: as the budgets define it, a function with two locals. */
  function emptyTurns(n) {
    for (var i = 0; i < n; i++) {}
  }
  function noTurns(n) {}

  /* One frame waits at each call. */
  function serveFor(n, serve, set, port) {
    var image = port.socket;
    var line = port.line;
    var at = port.received;
    var slot = slots[0];
    var k = 0;
    for (var i = 0; i < n; i++) {
      copy(set[k], slot);
      push(slot);
      k = k + 1 < set.length ? k + 1 : 0;
      at = (at + frameBytes) & 65535;
      image[45] = at >> 8;
      image[46] = at;
      line[0] = 0;
      serve();
    }
    port.received = at;
  }
  function serveTwin(n, serve, set, port) {
    var image = port.socket;
    var line = port.line;
    var at = port.received;
    var slot = slots[0];
    var k = 0;
    for (var i = 0; i < n; i++) {
      copy(set[k], slot);
      push(slot);
      k = k + 1 < set.length ? k + 1 : 0;
      at = (at + frameBytes) & 65535;
      image[45] = at >> 8;
      image[46] = at;
      line[0] = 0;
    }
  }

  /* Eight frames wait at each call. */
  function batchFor(n, serve, set, port) {
    var image = port.socket;
    var line = port.line;
    var at = port.received;
    for (var i = 0; i < n; i++) {
      for (var k = 0; k < 8; k++) {
        copy(set[0], slots[k]);
        push(slots[k]);
      }
      at = (at + 8 * frameBytes) & 65535;
      image[45] = at >> 8;
      image[46] = at;
      line[0] = 0;
      serve();
    }
    port.received = at;
  }
  function batchTwin(n, serve, set, port) {
    var image = port.socket;
    var line = port.line;
    var at = port.received;
    for (var i = 0; i < n; i++) {
      for (var k = 0; k < 8; k++) {
        copy(set[0], slots[k]);
        push(slots[k]);
      }
      at = (at + 8 * frameBytes) & 65535;
      image[45] = at >> 8;
      image[46] = at;
      line[0] = 0;
    }
  }

  /* The datapath alone, on words that are readable already. */
  function translateFor(n, translate, set, nothing) {
    var slot = slots[0];
    var words = new Uint32Array(slot.buffer);
    for (var i = 0; i < n; i++) {
      copy(set[0], slot);
      translate(words);
    }
  }
  function translateTwin(n, translate, set, nothing) {
    var slot = slots[0];
    var words = new Uint32Array(slot.buffer);
    for (var i = 0; i < n; i++) {
      copy(set[0], slot);
      nothing(words);
    }
  }

  /* The stubs' own calls, with as many arguments as the firmware passes. */
  function stubStatus(n, stub) {
    for (var i = 0; i < n; i++) {
      stub();
    }
  }
  function stubTwo(n, stub, a, b) {
    for (var i = 0; i < n; i++) {
      stub(a, b);
    }
  }
  function stubExchange(n, stub, a, b) {
    for (var i = 0; i < n; i++) {
      push(a);
      stub(a, b);
    }
  }
  function stubExchangeTwin(n, stub, a, b) {
    for (var i = 0; i < n; i++) {
      push(a);
    }
  }

  function turn() {
    turns++;
    stage.turn();
  }

  /* What a step measures: the loop, its twin, and what both are given. */
  function loopsOf(step) {
    var set = take(step.frames || 0);
    var nothing = {};
    var slot = slots[0];
    var one = new Uint8Array(1);
    switch (step.what) {
      case 'turn':
        return [emptyTurns, noTurns];
      case 'serve':
        return [serveFor, serveTwin, portOf(set[0]).serve, set, portOf(set[0])];
      case 'batch':
        return [batchFor, batchTwin, portOf(set[0]).serve, set, portOf(set[0])];
      case 'translate':
        return [
          translateFor,
          translateTwin,
          hairpin(set[0][0] ? 'translate lan' : 'translate wan'),
          set,
          hairpin('translate nothing'),
        ];
      case 'idle-serve':
        return [callFor, callTwin, stage.lan.serve];
      case 'timer':
        return [callFor, callTwin, stage.turn];
      case 'stub-status':
        return [stubStatus, callTwin, slot.valueOf.bind(slot)];
      case 'stub-command':
        return [stubStatus, callTwin, nothing.valueOf.bind(nothing)];
      case 'stub-clear':
        return [stubStatus, callTwin, one.fill.bind(one, 1)];
      case 'stub-write':
        return [stubTwo, callTwin, nothing.valueOf.bind(nothing), slot, slot];
      case 'stub-exchange':
        return [stubExchange, stubExchangeTwin, stage.pool.pop.bind(stage.pool), slot, slot];
    }
  }

  /* Takes back what a twin pretended: its frames, the pointer, the line. */
  function takeBack() {
    while (stage.pool.length) stage.pool.pop();
    [stage.wan, stage.lan].forEach(function (port) {
      port.socket[45] = port.received >> 8;
      port.socket[46] = port.received;
      port.line[0] = 1;
    });
  }

  /* With as many arguments as the loop takes: one too many lengthens the search for each of its locals. */
  function call(loop, n, given) {
    if (given.length < 3) loop(n);
    else if (given.length < 4) loop(n, given[2]);
    else loop(n, given[2], given[3], given[4]);
  }

  /* One stretch between two marks. */
  function stretch(loop, n, given) {
    mark();
    call(loop, n, given);
    mark();
  }

  function measure(step, given) {
    if (step.port) stage.expectHealthCheck(stage[step.port]);
    if (step.second) stage.clock.setFloat64(0, step.second, true);
    stretch(given[0], step.lengths[0], given);
    stretch(given[0], step.lengths[1], given);
    stretch(given[1], step.lengths[0], given);
    stretch(given[1], step.lengths[1], given);
    takeBack();
  }

  function counters() {
    return JSON.parse(hairpin('counters')).counters;
  }

  function rehearse(step, given) {
    var kind;
    var calls = {};
    var moved = {};
    var before = counters();
    for (kind in stage.calls) stage.calls[kind] = 0;
    if (step.port) stage.expectHealthCheck(stage[step.port]);
    if (step.second) stage.clock.setFloat64(0, step.second, true);
    call(given[0], step.lengths[0] + step.lengths[1], given);
    for (kind in stage.calls) if (stage.calls[kind]) calls[kind] = stage.calls[kind];
    var after = counters();
    for (kind in after) if (after[kind] !== before[kind]) moved[kind] = after[kind] - before[kind];
    takeBack();
    results.push({ name: step.name, calls: calls, moved: moved });
  }

  /* Steps by kind: `counting` switches it on or off; `feed` lets frames arrive one by one; `align` lets the timer run; else something is measured. */
  function go(step) {
    var given;
    if (step.what === 'counting') {
      if (!rehearsal) setCounting(step.on);
    } else if (step.what === 'feed') {
      given = take(step.frames);
      for (var i = 0; i < given.length; i++) {
        serveFor(1, portOf(given[i]).serve, [given[i]], portOf(given[i]));
      }
    } else if (step.what === 'align') {
      while (turns % step.cycle !== step.to) turn();
    } else {
      given = loopsOf(step);
      if (rehearsal) rehearse(step, given);
      else measure(step, given);
      if (step.what === 'timer') turns += step.lengths[0] + step.lengths[1];
    }
  }

  plan.forEach(go);
  print('\nHAIRPIN-COST ' + JSON.stringify({ done: plan.length, results: results }));
})(stage, plan, rehearsal);
