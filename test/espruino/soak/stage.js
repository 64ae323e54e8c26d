/*
 * Runs inside the real Espruino interpreter, never under Node: a stand-in for board and chips, so that the unchanged
 * bundle can be run for as long as one likes. Two chips that are register files with a ring, pins, timers and time.
 * Nothing is recorded and nothing is compared; what ran is seen in counters and frames sent.
 *
 * To be evaluated before the bundle; makes one global, `stage`. It keeps no state that grows.
 */
var stage = {
  /* Seconds. */
  now: 1,
  /* By port, WAN first. */
  chips: [],
  interval: undefined,
  timeouts: [],
  /* What Storage holds, by name; tests may change it before the bundle is evaluated. */
  files: {},
  said: [],
  kicks: 0,
  watchdog: 0,
  /* What is stubbed below, for scripts around the bundle. */
  readFile: require('fs').readFile,
  setInterval: setInterval,
  setTimeout: setTimeout,
};

(function (stage, print) {
  /* Not `global[name] = value`: for the names of built-in objects that is silently without effect. */
  function install(name, value) {
    Object.defineProperty(global, name, { value: value });
  }

  /*
   * Registers as they are after bring-up wrote them; `burst` holds what waits in the receive ring, its first byte is
   * the one at ring address `from`.
   */
  function makeChip() {
    var chip = {
      common: new Uint8Array(64),
      socket: new Uint8Array(64),
      burst: new Uint8Array(4096),
      from: 65535,
      end: 0,
      sent: 0,
      watch: undefined,
      low: false,
    };
    chip.common[0x39] = 4;
    chip.common[0x2e] = 0xbf;
    chip.socket[0x20] = 0x40;
    return chip;
  }
  stage.chips = [makeChip(), makeChip()];

  function setReceived(chip) {
    var waiting = (chip.end - ((chip.socket[0x28] << 8) | chip.socket[0x29])) & 65535;
    chip.socket[0x26] = waiting >>> 8;
    chip.socket[0x27] = waiting;
    chip.socket[0x2a] = chip.end >>> 8;
    chip.socket[0x2b] = chip.end;
  }

  function command(chip, code) {
    if (code == 0x01) chip.socket[3] = 0x42;
    else if (code == 0x10) chip.socket[3] = 0;
    else if (code == 0x40) setReceived(chip);
    else if (code == 0x20) {
      chip.socket[0x22] = chip.socket[0x24];
      chip.socket[0x23] = chip.socket[0x25];
      chip.sent++;
    }
    chip.socket[1] = 0;
  }

  function send(data, select) {
    var chip = select.chip;
    var control = data[2];
    var at = (data[0] << 8) | data[1];
    var count = data.length;
    var answer = new Uint8Array(count);
    if (!chip) return answer;
    if (control == 0x18) {
      at = (at - chip.from) & 65535;
      answer.set(chip.burst.subarray(at, at + count - 3), 3);
    } else if (control == 8) answer.set(chip.socket.subarray(at, at + count - 3), 3);
    else if (control == 0) answer.set(chip.common.subarray(at, at + count - 3), 3);
    return answer;
  }

  function write(data, select) {
    var chip = select.chip;
    var control = data[2];
    if (!chip || control == 0x14) return;
    var at = (data[0] << 8) | data[1];
    if (control == 0x0c) {
      if (at == 2) chip.low = false;
      else chip.socket.set(data.subarray(3, data.length), at);
      if (at == 1) command(chip, data[3]);
    } else if (control == 4) chip.common.set(data.subarray(3, data.length), at);
  }

  function setup() {}

  /* Pins are made once, by name. */
  var pins = {};
  function nothing() {}
  function makePin(name) {
    if (pins[name]) return pins[name];
    var pin = { name: name, chip: undefined, write: nothing, mode: nothing };
    pin.read = function () {
      return !pin.watched || !pin.watched.low;
    };
    pins[name] = pin;
    return pin;
  }

  /* Says which pins lead to which chip. */
  stage.wire = function (wan, lan) {
    makePin(wan.select).chip = stage.chips[0];
    makePin(lan.select).chip = stage.chips[1];
    makePin(wan.interrupt).watched = stage.chips[0];
    makePin(lan.interrupt).watched = stage.chips[1];
  };

  install('SPI1', { setup: setup, send: send, write: write });
  install('SPI2', { setup: setup, send: send, write: write });
  install('Pin', makePin);
  install('setWatch', function (call, pin) {
    pin.watched.watch = call;
  });
  install('setInterval', function (call) {
    stage.interval = call;
  });
  install('setTimeout', function (call, milliseconds) {
    stage.timeouts.push({ call: call, due: stage.now + milliseconds / 1000 });
  });
  install('getTime', function () {
    return stage.now;
  });
  install('print', function (line) {
    if (stage.said.length < 8) stage.said.push(line);
  });
  /* A serial line that nobody is at, until a script sets `onSent` and calls `heard`. */
  install('Serial1', {
    on: function (event, listener) {
      stage.heard = listener;
    },
    write: function (text) {
      if (stage.onSent) stage.onSent(text);
    },
    setConsole: nothing,
  });
  install('LoopbackA', { setConsole: nothing });
  install('LoopbackB', { on: nothing });
  install('echo', nothing);
  install('digitalPulse', nothing);
  install('peek32', nothing);
  install('poke32', nothing);
  /* A stock build's modules and Bluetooth library, which is off. */
  var storage = require('Storage');
  var modules = {
    /* Files that the stage was given are texts; anything else lies in the interpreter's own Storage. */
    Storage: {
      read: function (file, offset, length) {
        return stage.files[file] || storage.read(file, offset, length);
      },
      write: storage.write,
      erase: storage.erase,
      getFree: storage.getFree,
    },
    Wifi: { stopAP: nothing },
    TelnetServer: { setOptions: nothing },
  };
  install('require', function (name) {
    return modules[name];
  });
  install('NRF', { sleep: nothing });
  E.enableWatchdog = function (seconds) {
    stage.watchdog = seconds;
  };
  E.kickWatchdog = function () {
    stage.kicks++;
  };
  stage.print = print;

  /* Lets time pass and the timers run that are due then, the router's interval last. */
  stage.turn = function (seconds) {
    stage.now += seconds;
    var due = stage.timeouts;
    stage.timeouts = [];
    due.forEach(function (timeout) {
      if (timeout.due <= stage.now) timeout.call();
      else stage.timeouts.push(timeout);
    });
    if (stage.interval) stage.interval();
  };

  /* A frame arrives: it goes into the ring, and its line falls. What waited there has to be served already. */
  stage.deliver = function (port, frame, length) {
    var chip = stage.chips[port];
    chip.from = (chip.end - 1) & 65535;
    chip.burst[1] = (length + 2) >>> 8;
    chip.burst[2] = length + 2;
    chip.burst.set(frame, 3);
    chip.end = (chip.end + length + 2) & 65535;
    setReceived(chip);
    chip.low = true;
    chip.watch();
  };
})(stage, print);
