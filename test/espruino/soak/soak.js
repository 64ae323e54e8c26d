/*
 * Runs inside the real Espruino interpreter, after stage.js: evaluates the bundle, opens the flows, then lets frames
 * arrive for as long as asked, and says after every lap how many variables are in use. The working directory holds
 * `firmware.js`, and `soak.json` with what traffic.ts makes.
 */
var soak = JSON.parse(stage.readFile('soak.json'));
var bundle = stage.readFile('firmware.js');

stage.files = soak.files;
stage.wire(soak.wan, soak.lan);

soak.bytes = function (hex) {
  var bytes = new Uint8Array(hex.length / 2);
  for (var i = 0; i < bytes.length; i++) bytes[i] = parseInt(hex.substr(2 * i, 2), 16);
  return bytes;
};

soak.unpack = function (list) {
  list.forEach(function (arrival) {
    arrival.length = arrival.hex.length / 2;
    arrival.bytes = soak.bytes(arrival.hex);
    arrival.hex = undefined;
  });
};
soak.unpack(soak.opening);
soak.unpack(soak.settled);
soak.unpack(soak.unsettled);

/* Xorshift of 32 bits. */
soak.state = soak.seed;
soak.random = function () {
  soak.state ^= soak.state << 13;
  soak.state ^= soak.state >>> 17;
  soak.state ^= soak.state << 5;
  return soak.state >>> 1;
};

soak.arrive = function (arrival) {
  stage.deliver(arrival.port, arrival.bytes, arrival.length);
};

/* One frame in four is control's: a new flow with a port of its own, or something from the list. */
soak.next = function () {
  var random = soak.random();
  var choice = random >>> 8;
  if (random & 3) {
    soak.arrive(soak.settled[choice % soak.settled.length]);
    return;
  }
  var arrival = soak.unsettled[choice % soak.unsettled.length];
  if (arrival.vary) {
    arrival.bytes[arrival.vary] = random >>> 16;
    arrival.bytes[arrival.vary + 1] = random >>> 24;
  }
  soak.arrive(arrival);
};

/* Until nothing waits for a neighbour any more; then garbage is collected and the rest counted. */
soak.usage = function () {
  for (var i = 0; i < 8; i++) stage.turn(1);
  return process.memory().usage;
};

soak.lap = function (frames) {
  for (var i = 0; i < frames; i++) {
    soak.next();
    if (!(i & 3)) stage.turn(0.005);
  }
};

/* A build without a fixed number of variables only gets more of them for small things: room for the arena, in one piece. */
soak.room = [];
soak.i = 0;
while (soak.i++ < 20000) soak.room.push(0);
soak.room = undefined;
process.memory();

/* Here and not in a function: the bundle's variable has to be a global. */
eval(bundle);
bundle = undefined;
if (!stage.interval) throw new Error('The router does not run: ' + stage.said.join(' '));
soak.i = 0;
while (soak.i++ < 10) stage.turn(0.02);
soak.opening.forEach(soak.arrive);
stage.print('\nHAIRPIN-SOAK ' + JSON.stringify({ lap: 0, usage: soak.usage() }));
soak.i = 0;
while (soak.i++ < soak.laps) {
  soak.lap(soak.lapFrames);
  stage.print('\nHAIRPIN-SOAK ' + JSON.stringify({ lap: soak.i, usage: soak.usage() }));
}
stage.print(
  '\nHAIRPIN-SOAK ' +
    JSON.stringify({
      counters: JSON.parse(hairpin('counters')).counters,
      flows: JSON.parse(hairpin('status')).flows,
      sent: [stage.chips[0].sent, stage.chips[1].sent],
      said: stage.said,
      kicks: stage.kicks,
    }),
);
quit();
