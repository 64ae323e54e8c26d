/*
 * Runs inside the real Espruino interpreter, before the bundle: stands in for the board while costs are counted.
 *
 * Each SPI call and pin read that the firmware binds at boot becomes a bound native that returns a prepared array, so
 * that a stub costs next to nothing and always the same. In a rehearsal (`rehearsal` is true) the stubs count their
 * calls instead. `files` holds the board's Storage. Both globals come before this text, see script.ts.
 *
 * A register read returns a view of a register image in which register r lies at 3 + r: whatever the firmware reads
 * from there, its answer begins with three dummies, as on the bus. Frames come from `stage.pool`, last in, first out.
 *
 * ES5 without anything Espruino lacks; functions before their use. The root scope stays nearly empty, because the
 * interpreter searches it at every `.buffer`.
 */
var stage = {
  /* Calls by kind in a rehearsal. `loose`: with nothing bound, as the health check does. */
  calls: { status: 0, command: 0, clear: 0, exchange: 0, write: 0, loose: 0 },
  pool: [],
  loosePool: [],
  time: new Float64Array(1),
};

(function (stage, files, rehearsal) {
  var board = JSON.parse(files['board.json']);
  /* Nobody looks at a light here. */
  delete board.led;
  files['board.json'] = JSON.stringify(board);
  var lines = {};
  var timers = [];
  var nothing = {};

  function install(name, value) {
    Object.defineProperty(global, name, { value: value });
  }

  /* Lines are high; a frame's arrival pulls one down, the firmware's clear raises it. */
  function line(pin) {
    if (!lines[pin]) lines[pin] = new Uint8Array([1]);
    return lines[pin];
  }

  function makePort(pins) {
    return {
      common: new Uint8Array(80),
      socket: new Uint8Array(80),
      line: line(pins.interrupt),
      /* What the firmware wants to be called when the line falls. */
      serve: undefined,
      /* How far the chip has received, and the message that says how far the firmware has sent. */
      received: 0,
      commit: undefined,
    };
  }
  var ports = {};
  ports[board.wan.select] = makePort(board.wan);
  ports[board.lan.select] = makePort(board.lan);
  stage.wan = ports[board.wan.select];
  stage.lan = ports[board.lan.select];

  function counted(kind, native) {
    if (!rehearsal) return native;
    return function () {
      stage.calls[kind]++;
      return native();
    };
  }

  function addressOf(message) {
    return (message[0] << 8) | message[1];
  }

  function imageOf(port, message) {
    return message[2] < 8 ? port.common : message[2] < 16 ? port.socket : undefined;
  }

  function answerTo(message, select) {
    var image = imageOf(ports[select.name], message);
    return new Uint8Array(image.buffer, addressOf(message), message.length);
  }

  function bindable(plain, bind) {
    plain.bind = bind;
    return plain;
  }

  var send = bindable(answerTo, function (spi, message, select) {
    if (!message) return counted('exchange', stage.pool.pop.bind(stage.pool));
    var answer = answerTo(message, select);
    return counted('status', answer.valueOf.bind(answer));
  });

  function register(message, select) {
    var image = imageOf(ports[select.name], message);
    if (!image) return;
    var at = addressOf(message);
    for (var i = 3; i < message.length; i++) image[at + i] = message[i];
    if (at !== 1 || message[2] < 8) return;
    /* A command: taken at once; OPEN shows in the status register. */
    if (message[3] === 1) image[6] = 0x42;
    image[4] = 0;
  }

  var write = bindable(register, function (spi, message, select) {
    if (!message) return counted('write', nothing.valueOf.bind(nothing));
    var port = ports[select.name];
    if (message[2] === 12 && addressOf(message) === 2)
      return counted('clear', port.line.fill.bind(port.line, 1));
    if (addressOf(message) === 0x24) port.commit = message;
    return counted('command', nothing.valueOf.bind(nothing));
  });

  function StubPin(name) {
    this.name = name;
  }
  StubPin.prototype.write = function () {};
  StubPin.prototype.mode = function () {};
  StubPin.prototype.read = function () {
    return true;
  };
  StubPin.prototype.read.bind = function (pin) {
    var view = new DataView(line(pin.name).buffer);
    return view.getUint8.bind(view, 0);
  };

  stage.spi = { setup: function () {}, send: send, write: write };
  stage.clock = new DataView(stage.time.buffer);

  Object.keys(ports).forEach(function (name) {
    var common = ports[name].common;
    common[3 + 0x39] = 4;
    /* Link up at 100 Mbit/s full duplex; the transmitter idle. */
    common[3 + 0x2e] = 0xbf;
    ports[name].socket[3 + 0x20] = 0x40;
  });

  install(board.spi.bus, stage.spi);
  install('Pin', StubPin);
  install('getTime', stage.clock.getFloat64.bind(stage.clock, 0, true));
  install('require', function () {
    return {
      read: function (name) {
        return files[name];
      },
    };
  });
  /* A serial line that nobody is at, and the word that earlier starts left. */
  function ignore() {}
  ['Serial1', 'LoopbackA', 'LoopbackB'].forEach(function (name) {
    install(name, { on: ignore, write: ignore, setConsole: ignore });
  });
  ['echo', 'peek32', 'poke32'].forEach(function (name) {
    install(name, ignore);
  });
  install('setInterval', function (callback) {
    stage.turn = callback;
  });
  install('setTimeout', function (callback) {
    timers.push(callback);
  });
  install('setWatch', function (callback, pin) {
    (pin.name === board.wan.interrupt ? stage.wan : stage.lan).serve = callback;
  });

  /* Runs what bring-up has put off, until nothing is left. Then the stubs' names leave the root scope. */
  stage.bringUp = function () {
    while (timers.length) timers.shift()();
    var names = ['Pin', 'require', 'setInterval', 'setTimeout', 'setWatch', board.spi.bus];
    names.push('Serial1', 'LoopbackA', 'LoopbackB', 'echo', 'peek32', 'poke32');
    names.forEach(function (name) {
      delete global[name];
    });
  };

  /* Makes the next register reads with nothing bound as cheap as the others: a health check of one port. */
  stage.expectHealthCheck = function (port) {
    port.socket[3 + 0x22] = port.commit[3];
    port.socket[4 + 0x22] = port.commit[4];
    stage.loosePool.push(port.socket, port.common);
    stage.spi.send = counted('loose', stage.loosePool.pop.bind(stage.loosePool));
  };
})(stage, files, rehearsal);

/*
 * The arena needs 36 kB in one piece, and code that is not in one piece runs a hundred times slower: let the
 * interpreter add blocks to its memory, empty them, and have its list of free variables put in order.
 */
(function () {
  var filler = [];
  /* Bound, because a name is looked for among an array's elements first. */
  var push = filler.push.bind(filler);
  for (var i = 0; i < 9000; i++) push(i);
})();
process.memory();
