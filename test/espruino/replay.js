/*
 * Runs inside the real Espruino interpreter, never under Node: replays a recording of the emulated board against the
 * unchanged bundle. The working directory holds `firmware.js` and `recording.bin` (format: recording-file.ts).
 *
 * Every platform object that the firmware can reach is replaced by a stub before the bundle is evaluated. A stub says
 * in one line what the firmware did; the line must equal the recording's next one, and the recorded result is given
 * back. Callbacks are kept and run when the recording says so; a recording of several boots evaluates the bundle anew
 * at each. The result is one line that starts with
 * HAIRPIN-REPLAY; after the first difference the stubs only throw.
 *
 * ES5 without anything Espruino lacks; functions before their use. Uses one global besides the stubs: `replay`.
 */
var replay = {
  file: E.openFile('recording.bin', 'r'),
  collectGarbage: process.memory,
  bundle: require('fs').readFile('firmware.js'),
  count: 0,
  answers: 0,
  calls: {},
  over: false,
  next: undefined,
};

(function (replay, say, natives) {
  function readText(length) {
    var text = length ? replay.file.read(length) : '';
    return text === undefined ? '' : text;
  }

  /* Header of 7 bytes: kind, then the lengths of two texts in 3 bytes each, low byte first. */
  replay.advance = function () {
    var head = replay.file.read(7);
    if (head === undefined || head.length < 7) {
      replay.next = { kind: 'E', text: '', back: '' };
      return;
    }
    var size = function (at) {
      return head.charCodeAt(at) | (head.charCodeAt(at + 1) << 8) | (head.charCodeAt(at + 2) << 16);
    };
    replay.count++;
    replay.next = { kind: head[0], text: readText(size(1)), back: readText(size(4)) };
  };

  replay.report = function (result) {
    if (replay.over) return;
    replay.over = true;
    result.events = replay.count;
    result.answers = replay.answers;
    say('\nHAIRPIN-REPLAY ' + JSON.stringify(result));
  };

  function asHex(text) {
    var digits = '';
    for (var i = 0; i < text.length; i++) digits += ('0' + text.charCodeAt(i).toString(16)).substr(-2);
    return digits;
  }

  /* Binary texts travel as hex: the result line has to stay one line of ASCII. */
  replay.differ = function (kind, text) {
    replay.report({ ok: false, gotKind: kind, got: asHex(text) });
    throw new Error('replay over');
  };

  /* The firmware does what `text` says: compares, gives back what the recording has. */
  function step(kind, text) {
    if (replay.over) throw new Error('replay over');
    if (replay.next.kind !== kind || replay.next.text !== text) replay.differ(kind, text);
    var back = replay.next.back;
    replay.advance();
    return back;
  }
  replay.step = step;

  /* Not `global[name] = value`: for the names of built-in objects (SPI2) that is silently without effect. */
  function install(name, value) {
    Object.defineProperty(global, name, { value: value });
    if (global[name] !== value) replay.differ('I', 'the stub for ' + name + ' could not be installed');
  }

  function isPin(value) {
    return value instanceof natives.StubPin;
  }

  function bytesOf(value) {
    return typeof value === 'number' ? String.fromCharCode(value & 255) : natives.toString(value);
  }

  function textOf(value) {
    if (value === undefined) return 'undefined';
    if (value === null) return 'null';
    if (isPin(value)) return value.name;
    if (typeof value !== 'object') return '' + value;
    if (value.buffer !== undefined) return '[' + asHex(bytesOf(value)) + ']';
    if (Array.isArray(value)) return JSON.stringify(value);
    return Object.keys(value)
      .map(function (key) {
        return key + '=' + textOf(value[key]);
      })
      .join(' ');
  }

  function argumentText(args) {
    var texts = [];
    for (var i = 0; i < args.length; i++) texts.push(textOf(args[i]));
    return texts.join(' ');
  }

  /* What the recorded call gave back: JSON, or behind an exclamation mark what it threw. */
  function fromBack(back) {
    if (back[0] === '!') throw new Error(back.substr(1));
    return back === '' ? undefined : JSON.parse(back);
  }

  /* Some builds lack a radio, and asking for it throws, which is not recorded: it is there if it is used next. */
  function demand(name) {
    if (replay.next.text.indexOf(name) !== 0) throw new Error(name + ' is not there');
  }

  function plain(name) {
    return function () {
      return fromBack(step('c', name + ' ' + argumentText(arguments)));
    };
  }

  function stubSpi(name) {
    return {
      setup: plain(name + '.setup'),
      send: function (data, select) {
        var back = step('s', name + '.send ' + argumentText([select]) + ' ' + bytesOf(data));
        return typeof data === 'number' ? back.charCodeAt(0) : natives.toUint8Array(back);
      },
      write: function () {
        var select = '';
        var bytes = '';
        for (var i = 0; i < arguments.length; i++) {
          if (isPin(arguments[i])) select = arguments[i].name;
          else bytes += bytesOf(arguments[i]);
        }
        step('s', name + '.write ' + select + ' ' + bytes);
      },
    };
  }

  natives.StubPin = function (name) {
    this.name = name;
  };

  function stubPin(name) {
    var pin = new natives.StubPin(name);
    ['read', 'write', 'set', 'reset', 'mode', 'getMode', 'toggle'].forEach(function (method) {
      pin[method] = plain(name + '.' + method);
    });
    return pin;
  }

  function stubTimer(name) {
    return function (callback, milliseconds) {
      var id = fromBack(step('c', name + ' ' + textOf(milliseconds)));
      replay.calls['t' + id] = callback;
      return id;
    };
  }

  function installPins() {
    var pins = {};
    for (var i = 0; i < 40; i++) pins['D' + i] = stubPin('D' + i);
    Object.keys(pins).forEach(function (name) {
      install(name, pins[name]);
    });
    install('Pin', function (name) {
      return pins[name];
    });
  }

  function installTimers() {
    install('setTimeout', stubTimer('setTimeout'));
    install('setInterval', stubTimer('setInterval'));
    install('setWatch', function (callback, pin, options) {
      var id = fromBack(step('c', 'setWatch ' + argumentText([pin, options])));
      replay.calls['w' + id] = callback;
      return id;
    });
    var names = [
      'clearTimeout',
      'clearInterval',
      'clearWatch',
      'print',
      'reset',
      'load',
      'echo',
      'peek32',
      'poke32',
      'digitalPulse',
    ];
    names.forEach(function (name) {
      install(name, plain(name));
    });
    install('console', { log: plain('print') });
    /* A double's 8 bytes: the interpreter prints and parses numbers with 12 digits only. */
    install('getTime', function () {
      return new DataView(natives.toArrayBuffer(step('c', 'getTime '))).getFloat64(0, true);
    });
  }

  function installSerial(name) {
    install(name, {
      on: function (event, listener) {
        step('c', name + '.on ' + event);
        replay.calls['d' + name] = listener;
      },
      write: plain(name + '.write'),
      setConsole: plain(name + '.setConsole'),
    });
  }

  function installSystem() {
    var modules = { Storage: {}, Wifi: {}, TelnetServer: {} };
    ['read', 'readJSON', 'write', 'erase', 'list', 'getFree'].forEach(function (name) {
      modules.Storage[name] = plain('Storage.' + name);
    });
    modules.Wifi.stopAP = plain('Wifi.stopAP');
    modules.TelnetServer.setOptions = plain('TelnetServer.setOptions');
    install('require', function (name) {
      if (!modules[name]) replay.differ('c', 'require ' + name);
      if (name !== 'Storage') demand(name + '.');
      return modules[name];
    });
    install('NRF', {
      sleep: function () {
        demand('NRF.');
        return plain('NRF.sleep')();
      },
    });
    ['hwRand', 'enableWatchdog', 'kickWatchdog', 'getErrorFlags', 'reboot'].forEach(function (name) {
      E[name] = plain('E.' + name);
    });
    /* The recorded address is given back, but whether the data is in one piece here counts too. */
    E.getAddressOf = function (data, flat) {
      var address = fromBack(step('c', 'E.getAddressOf ' + argumentText([data.byteLength, flat])));
      if (address && !natives.getAddressOf(data, flat))
        replay.differ('c', 'data of ' + data.byteLength + ' bytes is not flat');
      return address;
    };
    process.memory = plain('process.memory');
  }

  install('SPI1', stubSpi('SPI1'));
  install('SPI2', stubSpi('SPI2'));
  installPins();
  installTimers();
  installSystem();
  ['Serial1', 'LoopbackA', 'LoopbackB'].forEach(installSerial);
})(replay, print, {
  toString: E.toString,
  toUint8Array: E.toUint8Array,
  toArrayBuffer: E.toArrayBuffer,
  getAddressOf: E.getAddressOf,
});

/* Runs firmware code; that it throws must be in the recording too. */
replay.run = function (code) {
  var threw = false;
  try {
    code();
  } catch (error) {
    if (replay.over) return;
    threw = true;
  }
  if (threw) replay.step('x', '');
};

/* What the recording does to the firmware next. Anything else there is a call that the firmware did not make. */
replay.turn = function (event) {
  if ('twdr'.indexOf(event.kind) < 0) {
    replay.report({ ok: false, gotKind: 'I', got: '' });
    return;
  }
  replay.advance();
  replay.run(function () {
    if (event.kind === 't') {
      replay.calls['t' + event.text]();
    } else if (event.kind === 'w') {
      replay.calls['w' + event.text](JSON.parse(event.back));
    } else if (event.kind === 'd') {
      replay.calls['d' + event.text](event.back);
    } else {
      var answer = '' + global.hairpin(event.text);
      replay.answers++;
      replay.step('a', answer);
    }
  });
};

/*
 * On a PC the interpreter's memory grows by blocks, and never for the sake of one large array. So it is made to grow
 * beforehand: the arena must find a piece of its size at every boot.
 */
(function () {
  var room = [];
  for (var i = 0; i < 30000; i++) room.push(i);
})();

replay.advance();
while (!replay.over && replay.next.kind !== 'E') {
  if (replay.next.kind !== 'B') replay.turn(replay.next);
  else {
    replay.advance();
    /* The room that the boot before took is needed again, in one piece. */
    replay.calls = {};
    global.hairpin = undefined;
    replay.collectGarbage();
    /* Here and not in a function: the bundle's variable has to be a global. */
    try {
      eval(replay.bundle);
    } catch (error) {
      if (!replay.over) replay.step('x', '');
    }
  }
}
replay.report({ ok: true });
