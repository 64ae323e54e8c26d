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
  /* Calls by kind in a rehearsal. */
  calls: { status: 0, command: 0, clear: 0, exchange: 0, write: 0 },
  pool: [],
  time: new Float64Array(1),
};

(function (stage, files, rehearsal) {
  var board = JSON.parse(files['board.json']);
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

  var write = bindable(nothing.valueOf, function (spi, message, select) {
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

  /* The registers as bring-up leaves them, by address, see firmware/w5500/registers.ts. */
  function settle(port, mac) {
    function put(image, at, values) {
      for (var i = 0; i < values.length; i++) image[3 + at + i] = values[i];
    }
    put(port.common, 0x00, [0x10]);
    put(
      port.common,
      0x09,
      mac.split(':').map(function (byte) {
        return parseInt(byte, 16);
      }),
    );
    put(port.common, 0x18, [1]);
    put(port.common, 0x1d, [0x5a]);
    put(port.socket, 0x00, [0xb4, 0, 0, 0x42]);
    put(port.socket, 0x1e, [16, 16]);
    put(port.socket, 0x2c, [4]);
  }

  /*
   * A native with nothing but the bus bound cannot look at what it is asked. So what bring-up reads is put into the pool
   * in the order in which it asks (firmware/w5500/bring-up.ts), the last first, and what it writes is there already.
   */
  function prepareBringUp(port) {
    function read(image, at) {
      stage.pool.push(new Uint8Array(image.buffer, at));
    }
    read(port.common, 0x2e);
    read(port.socket, 0x00);
    read(port.socket, 0x01);
    read(port.socket, 0x01);
    read(port.common, 0x2e);
    stage.pool.push(new Uint8Array([0, 0, 0, 0x5a, 0xa5, 0x00, 0xff, 0x33, 0xcc]));
    read(port.common, 0x39);
  }

  /* Runs what bring-up has put off, until nothing is left. Then the stubs' names leave the root scope. */
  stage.bringUp = function () {
    var config = JSON.parse(files['config.json']);
    settle(stage.wan, config.wan.mac);
    settle(stage.lan, config.lan.mac);
    prepareBringUp(stage.lan);
    prepareBringUp(stage.wan);
    while (timers.length) timers.shift()();
    var names = ['Pin', 'require', 'setInterval', 'setTimeout', 'setWatch', board.spi.bus];
    names.push('Serial1', 'LoopbackA', 'LoopbackB', 'echo', 'peek32', 'poke32');
    names.forEach(function (name) {
      delete global[name];
    });
  };

  /* Prepares the next register reads with nothing bound: a health check of one port. */
  stage.expectHealthCheck = function (port) {
    port.socket[3 + 0x22] = port.commit[3];
    port.socket[4 + 0x22] = port.commit[4];
    stage.pool.push(port.socket, port.common);
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
